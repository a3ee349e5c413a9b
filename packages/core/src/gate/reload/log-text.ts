import type { Range } from '../../kernel/index.ts';
import type { SandboxCopy } from './sandbox-files.ts';
import type { LogLine } from './sandbox-port.ts';

/** A log line in the words of the repository: paths of the sandbox are those of the repository again. */
export type LoggedError = {
  readonly text: string;
  readonly file: string | undefined;
  readonly range: Range | undefined;
};

/** What a log says at level ERROR (and, of a server that refuses to start, outside its log), with the place it names. */
export function loggedErrors(
  log: readonly LogLine[],
  copy: SandboxCopy,
  directory: string,
  configPath: string,
): readonly LoggedError[] {
  const seen = new Map<string, LoggedError>();
  for (const line of log) {
    if (line.level !== 'error' && line.level !== 'unknown') continue;
    const raw = line.error === '' ? line.message : line.error;
    const error = loggedError(raw, copy, directory, configPath);
    // The cause is often repeated by a line that only says what could not be done with it.
    seen.set(error.text, error);
  }
  return [...seen.values()];
}

/** Where a server's message begins with what every message says: that this is about its configuration. */
const HEADINGS = [/^couldn't load configuration \(--config\.file=[^)]*\): /, /^parsing YAML file \S+: /];

/** Text of a server with the repository's paths, and the file of the repository that it names first. */
export function inRepository(
  raw: string,
  copy: SandboxCopy,
  directory: string,
  configPath: string,
): Pick<LoggedError, 'text' | 'file'> {
  let file: string | undefined;
  const text = raw
    .replace(/(?:\/[^\s":,)]+)+/g, (path) => {
      if (!path.startsWith(`${directory}/`)) return path;
      const own = copy.repositoryPath(path, directory);
      file ??= own;
      return own ?? (path.endsWith('/prometheus.yml') ? configPath : path.slice(directory.length + 1));
    })
    .replace(/\s+/g, ' ')
    .trim();
  return { text, file };
}

function loggedError(raw: string, copy: SandboxCopy, directory: string, configPath: string): LoggedError {
  const { text, file } = inRepository(raw, copy, directory, configPath);
  if (file !== undefined) return { text, file, range: rangeIn(text, file) };
  // The sandbox's configuration is laid out anew: its lines are not those of the repository's.
  const about = HEADINGS.reduce((rest, heading) => rest.replace(heading, ''), text);
  return { text: about === text ? text : about.replace(/\bline \d+: /, ''), file, range: undefined };
}

// `rules.yml: 7:14: group "g", ...` (a position) or `rules.yml: yaml: line 3: ...`.
function rangeIn(text: string, file: string): Range | undefined {
  const at = text.lastIndexOf(`${file}: `);
  const rest = at === -1 ? text : text.slice(at + file.length + 2);
  const [, line, column] = /^(\d+):(\d+):/.exec(rest) ?? /yaml: (?:unmarshal errors: )?line (\d+)()/.exec(rest) ?? [];
  // promtool's 0:0 is no place.
  if (line === undefined || Number(line) === 0) return undefined;
  const start = { line: Number(line), column: Math.max(1, Number(column ?? 1)) };
  return { ...start, endLine: start.line, endColumn: start.column };
}
