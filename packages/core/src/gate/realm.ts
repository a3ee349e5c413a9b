import type { Range } from '../kernel/index.ts';

const PLACEHOLDER = '${REALM}';

/** Whether a rule, test or smoke file stands for several realms: `${REALM}` becomes that of the run. */
export function usesRealm(text: string): boolean {
  return text.includes(PLACEHOLDER);
}

/** The text with every `${REALM}` replaced, as a deployment does before a server reads it. Lines stay where they are. */
export function withRealm(text: string, realm: string): string {
  return text.replaceAll(PLACEHOLDER, () => realm);
}

/** The range in the text as written of a range in the text that {@link withRealm} made of it. */
export function writtenRange(range: Range, written: string, realm: string): Range {
  const lines = written.split('\n');
  const column = (line: number, at: number): number => writtenColumn(lines[line - 1] ?? '', at, realm);
  return { ...range, column: column(range.line, range.column), endColumn: column(range.endLine, range.endColumn) };
}

function writtenColumn(line: string, column: number, realm: string): number {
  let shift = 0;
  for (let at = line.indexOf(PLACEHOLDER); at !== -1; at = line.indexOf(PLACEHOLDER, at + PLACEHOLDER.length)) {
    const start = at + 1 - shift;
    if (column <= start) break;
    // Inside of the realm's name: the placeholder as a whole is meant.
    if (column < start + realm.length) return at + 1;
    shift += PLACEHOLDER.length - realm.length;
  }
  return column + shift;
}
