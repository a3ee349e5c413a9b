import { positionAt, rangeBetween, type Range, type SourceText } from '../kernel/index.ts';
import type { ScalarText } from './model.ts';
import { scalarOffsets, type ScalarOffsets, type WrittenScalar } from './scalar-offsets.ts';

/**
 * Wraps a decoded scalar with the way back to its source. The alignment is computed when a range is asked for,
 * since most scalars of a file are never spoken of.
 */
export function scalarText(source: SourceText, written: Omit<WrittenScalar, 'text'>): ScalarText {
  const { start, style, value } = written;
  const end = contentEnd(source.text, written);
  const range = rangeBetween(source, start, end);
  if (style === 'plain' && end - start === value.length) {
    return { value, range, rangeOf: (from, to) => rangeBetween(source, start + from, start + to) };
  }
  let offsets: ScalarOffsets | 'none' | undefined;
  return {
    value,
    range,
    rangeOf(from, to) {
      offsets ??= scalarOffsets({ ...written, text: source.text }) ?? 'none';
      return offsets === 'none' || value === '' ? range : rangeWithin(source, written, offsets, from, to);
    },
  };
}

/** A scalar that is not written anywhere in the file (a key without a value), at the place where it would stand. */
export function emptyScalar(source: SourceText, offset: number): ScalarText {
  const range = rangeBetween(source, offset, offset);
  return { value: '', range, rangeOf: () => range };
}

function rangeWithin(
  source: SourceText,
  written: Omit<WrittenScalar, 'text'>,
  offsets: ScalarOffsets,
  from: number,
  to: number,
): Range {
  const last = written.value.length - 1;
  const first = Math.max(0, Math.min(from, to));
  if (first > last) {
    const end = positionAt(source, offsets.to[last] ?? written.end);
    return { line: end.line, column: end.column, endLine: end.line, endColumn: end.column };
  }
  const start = offsets.from[first] ?? written.start;
  if (to <= first) return rangeBetween(source, start, start);
  return rangeBetween(source, start, offsets.to[Math.min(to - 1, last)] ?? written.end);
}

/** The token of a block scalar includes its last line breaks; what people see does not. */
function contentEnd(text: string, { start, end, style }: Omit<WrittenScalar, 'text'>): number {
  if (style !== 'block') return end;
  let at = end;
  while (at > start && /\s/.test(text.charAt(at - 1))) at--;
  return at;
}
