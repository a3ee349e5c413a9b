/**
 * How many independent values `n` values of a first-order autoregressive series are worth: n(1 − phi)/(1 + phi).
 * Bartlett, M. S. (1935), Some aspects of the time-correlation problem, J. R. Stat. Soc. 98, 536–543.
 * A negative `phi` is taken as 0: a series is never worth more than its length.
 */
export function effectiveN(n: number, phi: number): number {
  const correlation = Math.min(0.99, Math.max(0, phi));
  return (n * (1 - correlation)) / (1 + correlation);
}

/**
 * Autocorrelation at lag 1, as R's `acf` estimates it. Box, G. E. P. and Jenkins, G. M. (1970), Time Series Analysis.
 * 0 for a constant series, which correlates with nothing.
 */
export function lag1Autocorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  let products = 0;
  let squares = 0;
  for (const [index, value] of values.entries()) {
    squares += (value - mean) ** 2;
    const next = values[index + 1];
    if (next !== undefined) products += (value - mean) * (next - mean);
  }
  return squares === 0 ? 0 : products / squares;
}
