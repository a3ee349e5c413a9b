export type Command =
  | { readonly kind: 'command'; readonly sha: string | null }
  | { readonly kind: 'other'; readonly why: string };

const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * Reads a comment that is the command and nothing else: `/auto-merge`, or `/auto-merge <full SHA>`. Spaces and line ends
 * around it do not count; a command that is quoted, in a code block or followed by other words is no command.
 */
export function readCommand(body: string, command: string): Command {
  const text = body.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (text === command) return { kind: 'command', sha: null };
  if (!text.startsWith(`${command} `)) return { kind: 'other', why: 'it is another text' };
  const rest = text.slice(command.length).replace(/^ +/, '');
  if (SHA.test(rest)) return { kind: 'command', sha: rest };
  return { kind: 'other', why: 'what follows the command is not a full commit SHA in small letters' };
}
