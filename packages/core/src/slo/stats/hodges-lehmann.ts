export type Shift = { readonly estimate: number; readonly lower: number; readonly upper: number };

/**
 * Hodges–Lehmann estimate of how far `x` lies above `y` (the median of all differences), with one-sided bounds at the
 * normal quantile `z` each. Hodges, J. L. and Lehmann, E. L. (1963), Ann. Math. Stat. 34, 598–611; the interval from
 * the ordered differences: Hollander, M., Wolfe, D. A. and Chicken, E. (2014), Nonparametric Statistical Methods,
 * section 4.3, large-sample approximation.
 *
 * @param inflation Variance inflation of dependent data: n divided by the effective n. 1 for independent values.
 * @returns undefined when a side is empty.
 */
export function hodgesLehmann(x: readonly number[], y: readonly number[], z: number, inflation = 1): Shift | undefined {
  const differences = x.flatMap((a) => y.map((b) => a - b)).toSorted((a, b) => a - b);
  const pairs = differences.length;
  if (pairs === 0) return undefined;
  const deviation = Math.sqrt((inflation * pairs * (x.length + y.length + 1)) / 12);
  // The rank of the bound, from 1; below 1 the sample is too small to bound anything.
  const rank = Math.floor(pairs / 2 + 0.5 - z * deviation);
  const upperMiddle = differences[pairs >> 1] ?? Number.NaN;
  const lowerMiddle = differences[(pairs - 1) >> 1] ?? Number.NaN;
  return {
    estimate: (lowerMiddle + upperMiddle) / 2,
    lower: rank < 1 ? -Infinity : (differences[rank - 1] ?? -Infinity),
    upper: rank < 1 ? Infinity : (differences[pairs - rank] ?? Infinity),
  };
}
