import type { Command } from 'commander';

const EXIT_CODES = `Exit codes:
  0   pass
  1   fail
  2   wrong usage or configuration
  3   undecided: a tool, a server or a datum is missing
  70  a defect of Obsgate`;

/** Ends a command's help with examples, and with what its exit code means where it judges. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, does: string])[],
  judges = true,
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  return command.addHelpText('after', `\n${['Examples:', ...lines, ...(judges ? ['', EXIT_CODES] : [])].join('\n')}`);
}
