import { parseDuration } from '../kernel/index.ts';

/**
 * The value of a number literal: decimal, hexadecimal, `Inf`, `NaN`, or a duration, which is a number of seconds
 * from Prometheus 3.0 on. Underscores may stand between digits. NaN for what cannot be read.
 */
export function parseNumber(literal: string): number {
  const sign = literal.startsWith('-') ? -1 : 1;
  const text = literal
    .replace(/^[+-]\s*/, '')
    .replaceAll('_', '')
    .toLowerCase();
  if (text === 'inf' || text === 'infinity') return sign * Infinity;
  if (text === 'nan') return NaN;
  if (/^0[0-7]+$/.test(text)) return sign * Number.parseInt(text, 8);
  const duration = /[a-z]$/.test(text) && !text.startsWith('0x') ? parseDuration(text) : undefined;
  return sign * (duration === undefined ? Number(text) : duration.ms / 1000);
}

/** Milliseconds of a duration literal in a range, step or offset; a bare number counts seconds. */
export function parseRangeMs(literal: string): number | undefined {
  const seconds = parseNumber(literal);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined;
}
