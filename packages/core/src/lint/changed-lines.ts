import type { ChangedLines, LineRange } from './changed.ts';

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * Reads the changed lines of each file from a unified diff, as `git diff --unified=0 --no-color` writes it.
 * Where lines were only deleted, the lines before and after them count as changed. Deleted files are left out;
 * renamed ones stand under their new name.
 */
export function parseChangedLines(diff: string): ChangedLines {
  const changed = new Map<string, LineRange[]>();
  const lines = diff.split('\n');
  let ranges: LineRange[] | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith('diff ')) ranges = undefined;
    else if (line.startsWith('+++ ')) {
      const path = pathOf(line.slice('+++ '.length));
      ranges = path === undefined ? undefined : [];
      if (path !== undefined && ranges !== undefined) changed.set(path, ranges);
    }
    const hunk = HUNK.exec(line);
    if (hunk === null) continue;
    const [removed, first, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    ranges?.push(added === 0 ? { first, last: first + 1 } : { first, last: first + added - 1 });
    at = endOfHunk(lines, at, removed, added);
  }
  return changed;
}

/** The last line of a hunk, by its counts: a changed line may itself begin with `+++` or `@@`. */
function endOfHunk(lines: readonly string[], start: number, removed: number, added: number): number {
  let at = start;
  for (let [minus, plus] = [removed, added]; minus > 0 || plus > 0;) {
    const mark = lines[at + 1]?.charAt(0);
    if (mark === undefined) break;
    if (mark === '-' || mark === ' ') minus--;
    if (mark === '+' || mark === ' ') plus--;
    at++;
  }
  return at;
}

/** The path of a `+++` line: without `b/`, and without the quotes and escapes of unusual names. */
function pathOf(written: string): string | undefined {
  const text = written.replace(/\t$/, '');
  const name = text.startsWith('"') ? unquoted(text.slice(1, -1)) : text;
  return name === '/dev/null' ? undefined : name.replace(/^b\//, '');
}

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Git's C-style quoting: octal escapes are bytes of UTF-8. https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath */
function unquoted(text: string): string {
  const bytes: number[] = [];
  for (const [part, escaped] of text.matchAll(/\\([0-7]{3}|.)|[^\\]+/gs)) {
    if (escaped === undefined) bytes.push(...new TextEncoder().encode(part));
    else if (/^[0-7]{3}$/.test(escaped)) bytes.push(Number.parseInt(escaped, 8));
    else bytes.push(SIMPLE[escaped] ?? escaped.charCodeAt(0));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
