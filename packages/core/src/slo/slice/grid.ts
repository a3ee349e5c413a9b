import { toMs } from './read-answer.ts';

/** How far before the merge the comparison starts. */
export const BASELINE_SECONDS = 7200;

export type GridOptions = {
  readonly mergedAt: number;
  readonly now: number;
  readonly stepSeconds: number;
  /** Seconds that one value covers, 0 for a value of one moment. */
  readonly rangeSeconds: number;
  readonly scrapeSeconds: number;
  /** Whether values may overlap: counts may not, or requests would be counted twice. */
  readonly overlap: boolean;
};

/** Ends of the expected closed slices, Unix seconds. */
export type Grid = {
  readonly baseline: readonly number[];
  readonly watch: readonly number[];
  readonly seconds: number;
};

/**
 * The slices that must be there: those of the two hours before the merge that end before it, and those that begin
 * after it and are closed. A slice is closed when two more scrapes have passed: the last ones may not be in yet.
 * The server evaluates at its own phase, which is read off the points.
 */
export function expectedSlices(times: Iterable<number>, options: GridOptions): Grid {
  const { mergedAt, now, stepSeconds, rangeSeconds, scrapeSeconds } = options;
  const stride = options.overlap ? stepSeconds : Math.max(1, Math.ceil(rangeSeconds / stepSeconds)) * stepSeconds;
  const seconds = options.overlap ? stepSeconds : Math.max(stepSeconds, rangeSeconds);
  const phase = phaseOf(times, stepSeconds) ?? toMs(mergedAt) % toMs(stepSeconds);
  const first = alignUp(toMs(mergedAt + rangeSeconds), phase, toMs(stepSeconds)) / 1000;
  const closed = now - 2 * scrapeSeconds;
  const watch: number[] = [];
  for (let end = first; end <= closed + 1e-6; end += stride) watch.push(end);
  const baseline: number[] = [];
  const last = alignUp(toMs(mergedAt) + 1, phase, toMs(stepSeconds)) / 1000 - stepSeconds;
  for (let end = last; end - rangeSeconds >= mergedAt - BASELINE_SECONDS; end -= stride) baseline.unshift(end);
  return { baseline, watch, seconds };
}

/** The most frequent remainder of the times by the step. */
function phaseOf(times: Iterable<number>, stepSeconds: number): number | undefined {
  const counts = new Map<number, number>();
  const step = toMs(stepSeconds);
  for (const time of times) counts.set(time % step, (counts.get(time % step) ?? 0) + 1);
  let best: number | undefined;
  for (const [phase, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = phase;
  return best;
}

function alignUp(time: number, phase: number, step: number): number {
  return Math.ceil((time - phase) / step) * step + phase;
}
