import type { Position, Range } from './finding.ts';

/**
 * The text of one file with its line table.
 *
 * Offsets count UTF-16 code units from 0, as JavaScript strings do. Lines and columns count from 1;
 * a column counts UTF-16 code units, which is SARIF's default `columnKind`.
 */
export type SourceText = {
  /** Path relative to the repository root, with `/` as separator. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
};

/** Builds the line table of `text`. A line ends at `\n`; a `\r` before it belongs to the line. */
export function sourceText(path: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { path, text, lineStarts };
}

/** Line and column (both from 1) of `offset`; an offset outside the text is clamped to it. */
export function positionAt(source: SourceText, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: clamped - (source.lineStarts[low] ?? 0) + 1 };
}

/** Range from `start` (inclusive) to `end` (exclusive), both offsets. */
export function rangeBetween(source: SourceText, start: number, end: number): Range {
  const from = positionAt(source, start);
  const to = positionAt(source, Math.max(start, end));
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** The text of line `line` (from 1) without its line end; undefined past the last line. */
export function lineText(source: SourceText, line: number): string | undefined {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return undefined;
  const next = source.lineStarts[line];
  return source.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, '');
}

/** Offset of a 1-based line and column, or undefined when the line does not exist. */
export function offsetAt(source: SourceText, position: Position): number | undefined {
  const start = source.lineStarts[position.line - 1];
  return start === undefined ? undefined : Math.min(start + position.column - 1, source.text.length);
}
