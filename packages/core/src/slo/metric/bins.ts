import type { CountSlice } from '../slice/index.ts';

/** Consecutive slices taken together. `slices` are the expected ones, `known` those with data. Times in Unix seconds. */
export type Bin = {
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  readonly bad: number;
  readonly slices: number;
  readonly known: number;
};

/**
 * Bins from slice `last` backwards, each widened slice by slice until it holds at least `leastRequests`.
 * A bin that would reach before the first slice is left out: it has not enough requests to say anything.
 */
export function binsBackwards(slices: readonly CountSlice[], last: number, leastRequests: number): Iterable<Bin> {
  return {
    *[Symbol.iterator]() {
      for (let index = last; index >= 0;) {
        const bin = binEndingAt(slices, index, leastRequests);
        if (bin === undefined) return;
        yield bin;
        index -= bin.slices;
      }
    },
  };
}

function binEndingAt(slices: readonly CountSlice[], last: number, leastRequests: number): Bin | undefined {
  let [requests, bad, known] = [0, 0, 0];
  for (let index = last; index >= 0; index--) {
    const slice = slices[index];
    if (slice?.counts.kind === 'value') {
      requests += slice.counts.requests;
      bad += slice.counts.bad;
      known++;
    }
    if (slice !== undefined && known > 0 && requests >= leastRequests) {
      const to = slices[last]?.end ?? slice.end;
      return { from: slice.end - slice.seconds, to, requests, bad, slices: last - index + 1, known };
    }
  }
  return undefined;
}

/** Several bins as one. */
export function pool(bins: readonly Bin[]): Bin {
  return {
    from: Math.min(...bins.map(({ from }) => from)),
    to: Math.max(...bins.map(({ to }) => to)),
    requests: sum(bins.map(({ requests }) => requests)),
    bad: sum(bins.map(({ bad }) => bad)),
    slices: sum(bins.map(({ slices }) => slices)),
    known: sum(bins.map(({ known }) => known)),
  };
}

/** The slices with data as one bin; undefined when none has. */
export function poolSlices(slices: readonly CountSlice[]): Bin | undefined {
  const [first, last] = [slices[0], slices.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const known = slices.flatMap(({ counts }) => (counts.kind === 'value' ? [counts] : []));
  return {
    from: first.end - first.seconds,
    to: last.end,
    requests: sum(known.map(({ requests }) => requests)),
    bad: sum(known.map(({ bad }) => bad)),
    slices: slices.length,
    known: known.length,
  };
}

/** Requests a minute, over the minutes that are known. */
export function requestsPerMinute(bin: Bin): number {
  const minutes = ((bin.to - bin.from) / 60) * (bin.known / bin.slices);
  return minutes > 0 ? bin.requests / minutes : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
