import { extraVariation, firstBreach, RULE, type CountSlice } from '@obsgate/core/slo';
import type { Scenario } from './slo-scenarios.ts';

/** When a rule would have acted: the index of the slice after which it decided, or undefined. */
export type RuleUnderTest = (scenario: Scenario) => number | undefined;

type Known = { readonly requests: number; readonly bad: number };

const known = ({ counts }: CountSlice): Known => (counts.kind === 'value' ? counts : { requests: 0, bad: 0 });

/** Rules that other tools use, each looking once a minute. */
export const INCUMBENTS: Readonly<Record<string, RuleUnderTest>> = {
  // One sample over the threshold.
  'max over the limit': ({ watch, limit }) => firstIndex(watch, (index) => over(watch, index, 1, limit)),
  // Argo Rollouts: failureLimit 3, that is the fourth failed measurement, in a row or not.
  'failure limit 3': ({ watch, limit }) => {
    let failures = 0;
    return firstIndex(watch, (index) => (failures += over(watch, index, 1, limit) ? 1 : 0) > 3);
  },
  // Google SRE workbook: a short and a long window, both over; the long one reaches into the time before the merge.
  '5m and 1h windows': ({ baseline, watch, limit }) => {
    const all = [...baseline, ...watch];
    return firstIndex(watch, (index) => {
      const at = baseline.length + index;
      return over(all, at, 5, limit) && over(all, at, 60, limit);
    });
  },
};

function firstIndex(watch: readonly CountSlice[], broken: (index: number) => boolean): number | undefined {
  for (const index of watch.keys()) if (broken(index)) return index;
  return undefined;
}

function over(slices: readonly CountSlice[], last: number, length: number, limit: number): boolean {
  let [requests, bad] = [0, 0];
  for (const slice of slices.slice(Math.max(0, last - length + 1), last + 1)) {
    requests += known(slice).requests;
    bad += known(slice).bad;
  }
  return bad > requests * limit;
}

/** The first look of our rule that proves a breach, as a watch that looks every minute would see it. */
export const firstLook: RuleUnderTest = ({ baseline, watch, limit }) =>
  firstBreach(watch, { limit, leastSeconds: RULE.leastSeconds, variation: extraVariation(baseline) })?.index;
