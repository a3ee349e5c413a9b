import type { Reason } from '../../kernel/index.ts';
import { Z99, effectiveN, hodgesLehmann, lag1Autocorrelation, median } from '../stats/index.ts';
import { clock, significant } from './words.ts';

export type Timed = { readonly end: number; readonly value: number };

/** Onsets are tried on this grid; fewer points than this say nothing. */
const GRID_SECONDS = 300;
const LEAST_POINTS = 10;
/** A shift counts beyond this part of the baseline's median, or of the limit where the baseline is near zero. */
const RELATIVE_FLOOR = 0.1;
const ABSOLUTE_FLOOR = 0.05;
const LEAST_SHARE = 0.8;

/**
 * The relative rule: since some moment on a grid of five minutes, the metric is worse than before the merge, by the
 * Hodges–Lehmann shift with a one-sided 99 % bound, and in most slices. Only ever a remark: on real noise no such
 * comparison is right often enough to act on. `worse` is +1 where more is worse, -1 where less is.
 */
export function shiftRemark(
  name: string,
  baseline: readonly Timed[],
  watch: readonly Timed[],
  limit: number,
  worse: 1 | -1,
): Reason | undefined {
  const before = baseline.map(({ value }) => worse * value);
  const middle = median(before);
  const start = watch[0]?.end;
  if (middle === undefined || start === undefined || before.length < LEAST_POINTS) return undefined;
  const floor = Math.max(RELATIVE_FLOOR * Math.abs(middle), ABSOLUTE_FLOOR * Math.abs(limit));
  const inflation = before.length / effectiveN(before.length, lag1Autocorrelation(before));
  for (let onset = start; ; onset += GRID_SECONDS) {
    const after = watch.filter(({ end }) => end >= onset).map(({ value }) => worse * value);
    if (after.length < LEAST_POINTS) return undefined;
    // The cheap condition first: the differences of all pairs are thousands.
    if (after.filter((value) => value > middle + floor).length < LEAST_SHARE * after.length) continue;
    const shift = hodgesLehmann(after, before, Z99, inflation);
    if (shift !== undefined && shift.lower > floor) {
      const message = `worse than before the merge by ${significant(shift.estimate)} (at least ${significant(shift.lower)}) since ${clock(onset)}, from a median of ${significant(worse * middle)}: a remark, not a breach`;
      return { code: 'relative_shift', message, subject: name };
    }
  }
}
