import { lineText, type Range, type SourceText } from '../kernel/index.ts';
import { displayText, type DisplayText } from './display-text.ts';
import type { Paint, Tone } from './paint.ts';

/** A range over more lines shows its first lines and its last. */
const MAX_MARKED = 4;

/** Characters to each side of the focus that a frame may show. */
const NEARBY = 500;

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
  const room = Math.max(20, options.width - gutter - 5);
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
  const full = lineText(source, line) ?? '';
  const part = nearbyPart(full, line === range.line ? range.column - 1 : 0);
  const shown = displayText(part.text);
  const span = coveredSpan(full, part, shown, line, range);
  const window = cropWindow(shown, span, room);
  const cutBefore = part.start > 0 || window.start > 0;
  const cutAfter = part.start + part.text.length < full.length || window.end < shown.width;
  const code = `${cutBefore ? '…' : ''}${cut(part.text, shown, window)}${cutAfter ? '…' : ''}`;
  const lines = [`${paint(`${String(line).padStart(gutter)} │`, 'dim')} ${code}`.trimEnd()];
  if (span === undefined) return lines;
  const blanks = ' '.repeat(Math.max(0, span.start - window.start) + (cutBefore ? 1 : 0));
  const carets = '^'.repeat(Math.max(1, Math.min(span.end, window.end) - Math.max(span.start, window.start)));
  lines.push(`${paint(`${' '.repeat(gutter)} │`, 'dim')} ${blanks}${paint(carets, tone, 'bold')}`);
  return lines;
}

type Part = { readonly text: string; readonly start: number };

/** A line of any length is cut to what can be near the focus, so that measuring it stays cheap. */
function nearbyPart(line: string, focus: number): Part {
  if (line.length <= 2 * NEARBY) return { text: line, start: 0 };
  const start = Math.max(0, Math.min(focus - NEARBY, line.length - 2 * NEARBY));
  return { text: line.slice(start, start + 2 * NEARBY), start };
}

type Span = { readonly start: number; readonly end: number };

/** The columns that the range covers of the shown part of `line`; undefined for a context line. */
function coveredSpan(full: string, part: Part, shown: DisplayText, line: number, range: Range): Span | undefined {
  if (line < range.line || line > range.endLine) return undefined;
  const indent = full.length - full.trimStart().length;
  const from = line === range.line ? range.column - 1 : indent;
  const to = line === range.endLine ? range.endColumn - 1 : full.trimEnd().length;
  const column = (unit: number): number => {
    const inPart = Math.min(Math.max(0, unit - part.start), part.text.length);
    return shown.columns[inPart] ?? shown.width;
  };
  const start = column(from);
  return { start, end: Math.max(start + 1, column(to)) };
}

/** The columns of a long line that are shown: all when they fit, else a window that holds the span's start. */
function cropWindow(shown: DisplayText, span: Span | undefined, room: number): Span {
  if (shown.width <= room) return { start: 0, end: shown.width };
  const focus = span?.start ?? 0;
  const start = Math.max(0, Math.min(focus - Math.floor(room / 3), shown.width - room));
  return { start, end: start + room };
}

/** Columns are found through the units of the original, so that no wide character is cut in half. */
function cut(text: string, shown: DisplayText, window: Span): string {
  if (window.start === 0 && window.end >= shown.width) return shown.text;
  const first = shown.columns.findIndex((column) => column >= window.start);
  const past = shown.columns.findIndex((column) => column >= window.end);
  return displayText(text.slice(Math.max(0, first), past === -1 ? undefined : past)).text;
}
