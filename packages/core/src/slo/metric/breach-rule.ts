import type { CountSlice } from '../slice/index.ts';
import { quantile, wilsonLower } from '../stats/index.ts';
import { binsBackwards, pool, requestsPerMinute, type Bin } from './bins.ts';
import { RULE } from './constants.ts';
import { effectiveRequests } from './dispersion.ts';

export type CountRule = {
  readonly limit: number;
  /** Seconds for which the limit must be passed without a break. */
  readonly leastSeconds: number;
  /** Squared coefficient of variation of the rate between stretches of five minutes. */
  readonly variation: number;
};

/** What one look sees. `proved` and `fast` are breaches; `little_traffic` would be one with more requests. */
export type Look = {
  readonly kind: 'proved' | 'fast' | 'little_traffic' | 'sparse' | 'suspect' | 'clear';
  readonly evidence: Bin | undefined;
  readonly lower: number;
  readonly bins: readonly Bin[];
};

/**
 * The absolute rule, as seen when slice `last` has closed: every bin of the last max(5 minutes, 3 bins) over the limit,
 * and the Wilson lower bound of them over the limit too, with enough coverage and enough traffic. A run of broken bins
 * that is longer is taken whole, so that a small excess is proved by its length.
 */
export function lookAt(slices: readonly CountSlice[], last: number, rule: CountRule): Look {
  const fast = fastLook(slices, last, rule);
  if (fast !== undefined) return fast;
  const run: Bin[] = [];
  let best: Look = { kind: 'clear', evidence: undefined, lower: 0, bins: run };
  for (const bin of binsBackwards(slices, last, RULE.badPerBin / rule.limit)) {
    if (bin.bad <= bin.requests * rule.limit) break;
    run.push(bin);
    const evidence = pool(run);
    const seconds = evidence.to - evidence.from;
    if (seconds > Math.max(RULE.longestSeconds, rule.leastSeconds) && run.length > RULE.leastBins) break;
    const lower = lowerBound(capped(evidence, slices, last), rule);
    const state = { evidence, lower, bins: [...run] };
    best = { kind: 'suspect', ...state };
    if (run.length < RULE.leastBins || seconds < rule.leastSeconds || lower <= rule.limit) continue;
    if (evidence.known < RULE.leastCoverage * evidence.slices) best = { kind: 'sparse', ...state };
    else if (littleTraffic(evidence, rule)) best = { kind: 'little_traffic', ...state };
    else return { kind: 'proved', ...state };
  }
  return best;
}

/**
 * A breach so large that it need not last: every one of the last bins at ten times the limit, their lower bound at
 * three times, and the newest as bad as the one before, which the end of a blip is not.
 */
function fastLook(slices: readonly CountSlice[], last: number, rule: CountRule): Look | undefined {
  const { badPerBin, times, lowerTimes, bins: least, steady } = RULE.fast;
  if (rule.limit * times > 1 || rule.leastSeconds > RULE.leastSeconds) return undefined;
  const bins: Bin[] = [];
  for (const bin of binsBackwards(slices, last, badPerBin / rule.limit)) {
    if (bin.bad < bin.requests * rule.limit * times) return undefined;
    if (bins.push(bin) === least) break;
  }
  const [newest, before] = bins;
  if (bins.length < least || newest === undefined || before === undefined) return undefined;
  const evidence = pool(bins);
  const lower = lowerBound(evidence, rule);
  if (littleTraffic(evidence, rule) || evidence.known < evidence.slices) return undefined;
  if (newest.bad / newest.requests < (steady * before.bad) / before.requests) return undefined;
  return lower > rule.limit * lowerTimes ? { kind: 'fast', evidence, lower, bins } : undefined;
}

/**
 * The evidence with each slice cut to a multiple of the lower quartile. A blip of two minutes may reach into every one
 * of three wide bins; what is left of it here is no more than the ordinary minutes around it show.
 */
function capped(evidence: Bin, slices: readonly CountSlice[], last: number): Bin {
  const known = slices
    .slice(last + 1 - evidence.slices, last + 1)
    .flatMap(({ counts }) => (counts.kind === 'value' ? [counts] : []));
  const quartile =
    quantile(
      known.map(({ bad, requests }) => bad / requests),
      0.25,
    ) ?? 0;
  const bad = known.reduce((sum, item) => sum + Math.min(item.bad, RULE.capOfQuartile * quartile * item.requests), 0);
  return { ...evidence, bad };
}

function lowerBound({ bad, requests, from, to }: Bin, rule: CountRule): number {
  const trials = effectiveRequests(requests, to - from, rule.limit, rule.variation);
  return requests === 0 ? 0 : wilsonLower((bad / requests) * trials, trials, RULE.zBreach);
}

/** How many requests come is known by chance too: the least that they prove must reach the floor. */
function littleTraffic(evidence: Bin, rule: CountRule): boolean {
  const least = evidence.requests - RULE.zBreach * Math.sqrt(evidence.requests);
  return requestsPerMinute({ ...evidence, requests: least }) * rule.limit < RULE.trafficFloor;
}
