import type { ValueMetric } from '../spec/index.ts';
import { missing, type Measured } from '../../kernel/index.ts';
import { expectedSlices, type GridOptions } from './grid.ts';
import type { Slices, ValueSlice } from './model.ts';
import { toMs } from './read-answer.ts';

type Points = ReadonlyMap<number, Measured>;

/** Scrapes that may be late or lost before a value counts as a repetition of an old one. */
const STALE_SCRAPES = 4;

/** The slices of a metric that is one value. `age` is how old what it reads was, where that was asked. */
export function valueSlices(
  metric: ValueMetric,
  parts: { readonly query: Points; readonly age: Points | undefined },
  options: Omit<GridOptions, 'rangeSeconds' | 'overlap'>,
): Slices<ValueSlice> {
  const { rangeSeconds } = metric;
  const grid = expectedSlices(parts.query.keys(), { ...options, rangeSeconds, overlap: true });
  const stale = Math.max(options.stepSeconds, STALE_SCRAPES * options.scrapeSeconds);
  const valueAt = (end: number): Measured => {
    const value = parts.query.get(toMs(end)) ?? missing('absent');
    const age = parts.age?.get(toMs(end));
    return value.kind === 'value' && age?.kind === 'value' && age.value > stale ? missing('stale') : value;
  };
  const slice = (end: number): ValueSlice => ({ end, seconds: grid.seconds, value: valueAt(end) });
  return { baseline: grid.baseline.map(slice), watch: grid.watch.map(slice) };
}
