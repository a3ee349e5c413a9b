import { lineText, type Range, type SourceText } from '../kernel/index.ts';
import { displayText, type DisplayText } from './display-text.ts';
import type { Paint, Tone } from './paint.ts';

/** A range over more lines shows its first lines and its last. */
const MAX_MARKED = 4;

export type FrameOptions = { readonly paint: Paint; readonly tone: Tone; readonly width: number };

/**
 * The lines of `range` with carets under what it covers, one line before for context, and line numbers.
 * Returns no lines when the range lies outside the source (the file changed since it was read).
 */
export function codeFrame(source: SourceText, range: Range, options: FrameOptions): string[] {
  if (lineText(source, range.line) === undefined) return [];
  const lastLine = Math.max(range.line, lastCovered(range));
  const marked = markedLines(range.line, Math.min(lastLine, source.lineStarts.length));
  const before = contextBefore(source, range.line);
  const shown = [...before, ...marked];
  const gutter = String(lastLine).length;
  const room = Math.max(20, options.width - gutter - 4);
  const out: string[] = [];
  let previous: number | undefined;
  for (const line of shown) {
    if (previous !== undefined && line > previous + 1) out.push(options.paint(`${' '.repeat(gutter)} ·`, 'dim'));
    out.push(...frameLine(source, line, range, { ...options, gutter, room }));
    previous = line;
  }
  return out;
}

function lastCovered(range: Range): number {
  return range.endColumn <= 1 && range.endLine > range.line ? range.endLine - 1 : range.endLine;
}

function markedLines(first: number, last: number): number[] {
  const lines = Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
  return lines.length <= MAX_MARKED ? lines : [...lines.slice(0, MAX_MARKED - 1), last];
}

function contextBefore(source: SourceText, line: number): number[] {
  const text = line > 1 ? lineText(source, line - 1) : undefined;
  return text === undefined || text.trim() === '' ? [] : [line - 1];
}

type LineOptions = FrameOptions & { readonly gutter: number; readonly room: number };

function frameLine(source: SourceText, line: number, range: Range, options: LineOptions): string[] {
  const { paint, tone, gutter, room } = options;
  const raw = lineText(source, line) ?? '';
  const shown = displayText(raw);
  const span = coveredSpan(raw, shown, line, range);
  const window = cropWindow(shown, span, room);
  const number = paint(`${String(line).padStart(gutter)} │`, 'dim');
  const lines = [`${number} ${cut(raw, shown, window)}`.trimEnd()];
  if (span === undefined) return lines;
  const start = Math.max(0, span.start - window.start + (window.start > 0 ? 1 : 0));
  const length = Math.max(1, Math.min(span.end, window.end) - Math.max(span.start, window.start));
  lines.push(
    `${paint(`${' '.repeat(gutter)} │`, 'dim')} ${' '.repeat(start)}${paint('^'.repeat(length), tone, 'bold')}`,
  );
  return lines;
}

type Span = { readonly start: number; readonly end: number };

/** The columns of `line` that the range covers; undefined for a context line. */
function coveredSpan(raw: string, shown: DisplayText, line: number, range: Range): Span | undefined {
  if (line < range.line || line > range.endLine) return undefined;
  const indent = raw.length - raw.trimStart().length;
  const from = line === range.line ? range.column - 1 : indent;
  const to = line === range.endLine ? range.endColumn - 1 : raw.trimEnd().length;
  const column = (unit: number): number => shown.columns[Math.min(Math.max(0, unit), raw.length)] ?? shown.width;
  const start = column(from);
  return { start, end: Math.max(start + 1, column(to)) };
}

/** The part of a long line that is shown: all of it when it fits, else a window that holds the span's start. */
function cropWindow(shown: DisplayText, span: Span | undefined, room: number): Span {
  if (shown.width <= room) return { start: 0, end: shown.width };
  const focus = span?.start ?? 0;
  const start = Math.max(0, Math.min(focus - Math.floor(room / 3), shown.width - room));
  return { start, end: start + room };
}

function cut(raw: string, shown: DisplayText, window: Span): string {
  if (window.start === 0 && window.end >= shown.width) return shown.text;
  // Columns of the shown text are found through the original's units, so that no wide character is cut in half.
  const first = shown.columns.findIndex((column) => column >= window.start);
  const past = shown.columns.findIndex((column) => column >= window.end - 1);
  const piece = displayText(raw.slice(Math.max(0, first), past === -1 ? undefined : past)).text;
  return `${window.start > 0 ? '…' : ''}${piece}${window.end < shown.width ? '…' : ''}`;
}
