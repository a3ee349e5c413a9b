/**
 * Standard normal distribution function, to about 1e-15 absolute.
 * Marsaglia, G. (2004), Evaluating the normal distribution, J. Stat. Softw. 11(4): the series around 0, and beyond 5
 * Laplace's continued fraction of the tail.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(z) > 5) {
    let fraction = Math.abs(z);
    for (let level = 60; level >= 1; level--) fraction = Math.abs(z) + level / fraction;
    const tail = Number.isFinite(z) ? density / fraction : 0;
    return z > 0 ? 1 - tail : tail;
  }
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** One-sided 95 % and 99 % quantiles of the standard normal distribution. */
export const Z95 = 1.6448536269514722;
export const Z99 = 2.3263478740408408;
