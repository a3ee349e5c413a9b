import type { CountSlice, Slices, ValueSlice } from './model.ts';

/** Fewer equal values than this can be chance; a Poisson count repeats itself twenty times about never. */
const LEAST = 20;

/**
 * Whether the counts are a constant under a production name: requests and bad requests the same in every slice before
 * and after the merge, and bad ones at all. Both counts vary by chance where people make the requests.
 * A constant number of requests without errors is not judged here: a prober makes just that.
 */
export function syntheticCounts({ baseline, watch }: Slices<CountSlice>): boolean {
  const known = [...baseline, ...watch].flatMap(({ counts }) => (counts.kind === 'value' ? [counts] : []));
  const [first] = known;
  if (first === undefined || first.bad === 0 || !bothSides(baseline, watch)) return false;
  return known.every(({ requests, bad }) => requests === first.requests && bad === first.bad);
}

/** Whether the number of requests is exactly the same everywhere: worth a remark. */
export function constantTraffic({ baseline, watch }: Slices<CountSlice>): number | undefined {
  const known = [...baseline, ...watch].flatMap(({ counts }) => (counts.kind === 'value' ? [counts.requests] : []));
  const [first] = known;
  return first !== undefined && known.length >= LEAST && known.every((requests) => requests === first)
    ? first
    : undefined;
}

/** A broken fraction that never moves is recorded, not measured. States (whole numbers) may rest for hours. */
export function syntheticValues({ baseline, watch }: Slices<ValueSlice>): boolean {
  const known = [...baseline, ...watch].flatMap(({ value }) => (value.kind === 'value' ? [value.value] : []));
  const [first] = known;
  if (first === undefined || known.length < 2 * LEAST || Number.isInteger(first)) return false;
  return known.every((value) => value === first);
}

function bothSides(baseline: readonly CountSlice[], watch: readonly CountSlice[]): boolean {
  const known = (slices: readonly CountSlice[]): number =>
    slices.filter(({ counts }) => counts.kind === 'value').length;
  return known(baseline) >= LEAST && known(watch) >= 3;
}
