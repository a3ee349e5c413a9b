import { seededRandom } from '../stats/index.ts';
import type { Role } from '../spec/index.ts';
import type { Merge, WatchData } from './model.ts';

/** The merge of every fixture; Unix seconds. */
export const MERGED_AT = 1_700_000_000;

export type Point = readonly [minute: number, value: number | string | undefined];

/** The body of an answer to a range query: one series, a point a minute, gaps where the value is undefined. */
export function body(points: readonly Point[]): string {
  const values = points.flatMap(([minute, value]) =>
    value === undefined ? [] : [[MERGED_AT + minute * 60, String(value)]],
  );
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
}

/** Points from two hours before the merge to `last` minutes after it. */
export function minutes(last: number, value: (minute: number) => number | string | undefined): Point[] {
  return Array.from({ length: 119 + last + 1 }, (_, index) => [index - 119, value(index - 119)] as const);
}

/** Whole numbers that scatter about `mean` as counts do; the same for a seed. */
export function counts(seed: number, mean: (minute: number) => number): (minute: number) => number {
  const random = seededRandom(seed);
  return (minute) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean(minute) + Math.sqrt(mean(minute)) * normal));
  };
}

export function data(
  bodies: Readonly<Record<string, string>>,
  merges: readonly Partial<Merge>[] = [{ pr: 1, mergedAt: MERGED_AT }],
): WatchData {
  return {
    scrapeSeconds: 15,
    merges: merges.map((merge) => ({
      pr: undefined,
      sha: undefined,
      mergedAt: MERGED_AT,
      deployedAt: undefined,
      ...merge,
    })),
    body: (metric: string, role: Role) => bodies[`${metric}.${role}`],
  };
}
