import type { CountMetric } from '../spec/index.ts';
import { missing, type Measured } from '../../kernel/index.ts';
import { expectedSlices, type GridOptions } from './grid.ts';
import type { CountSlice, Counts, Slices } from './model.ts';
import { toMs } from './read-answer.ts';

type Points = ReadonlyMap<number, Measured>;

/** `increase()` extrapolates numerator and denominator apart: bad may pass all by that much and no further. */
const EXTRAPOLATION = 1.1;

/** The slices of a metric whose parts are counts. `whole` and `part` are total and bad, or all and fast requests. */
export function countSlices(
  metric: CountMetric,
  parts: { readonly whole: Points; readonly part: Points },
  options: Omit<GridOptions, 'rangeSeconds' | 'overlap'>,
): Slices<CountSlice> {
  const grid = expectedSlices([...parts.whole.keys(), ...parts.part.keys()], {
    ...options,
    rangeSeconds: metric.rangeSeconds,
    overlap: false,
  });
  const slice = (end: number): CountSlice => ({ end, seconds: grid.seconds, counts: countsAt(metric, parts, end) });
  return { baseline: grid.baseline.map(slice), watch: grid.watch.map(slice) };
}

function countsAt(
  metric: CountMetric,
  { whole, part }: { readonly whole: Points; readonly part: Points },
  end: number,
): Counts {
  const all = whole.get(toMs(end)) ?? missing('absent');
  if (all.kind === 'missing') return all;
  const some = part.get(toMs(end)) ?? missing('absent');
  // No request at all says more than that nobody counted the bad ones among them.
  if (all.value === 0) return noCounts('no_traffic');
  if (some.kind === 'missing') return some;
  const requests = all.value * metric.scale.total;
  const counted = some.value * metric.scale.bad;
  const bad = metric.source === 'histogram' ? requests - counted : counted;
  if (requests < 0 || counted < 0 || counted > requests * EXTRAPOLATION + 1) return noCounts('counter_reset');
  return { kind: 'value', requests, bad: Math.min(requests, Math.max(0, bad)) };
}

function noCounts(reason: 'no_traffic' | 'counter_reset'): Counts {
  return { kind: 'missing', reason };
}
