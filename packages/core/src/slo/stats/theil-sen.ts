import { median } from './median.ts';

/**
 * Theil–Sen slope: the median of the slopes through all pairs of points with different x.
 * Sen, P. K. (1968), Estimates of the regression coefficient based on Kendall's tau, J. Am. Stat. Assoc. 63, 1379–1389.
 * Undefined when no two points have different x.
 */
export function theilSen(points: readonly { readonly x: number; readonly y: number }[]): number | undefined {
  const slopes: number[] = [];
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
  }
  return median(slopes);
}
