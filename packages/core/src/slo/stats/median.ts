/** The median; undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

/**
 * Sample quantile, definition 7 of Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages,
 * Am. Stat. 50, 361–365 (the default of R). `share` between 0 and 1.
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) return undefined;
  return lower + (upper - lower) * (position - Math.floor(position));
}

/** Makes the median absolute deviation estimate the standard deviation of normal data: 1/Φ⁻¹(3/4). */
export const MAD_TO_SD = 1.482602218505602;

/**
 * Median absolute deviation, unscaled. Hampel, F. R. (1974), The influence curve and its role in robust estimation,
 * J. Am. Stat. Assoc. 69, 383–393. Undefined for no values.
 */
export function medianAbsoluteDeviation(values: readonly number[]): number | undefined {
  const centre = median(values);
  return centre === undefined ? undefined : median(values.map((value) => Math.abs(value - centre)));
}
