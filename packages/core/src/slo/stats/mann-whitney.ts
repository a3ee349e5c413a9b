import { normalCdf } from './normal.ts';

export type RankTest = {
  /** R's `W`: pairs in which x is greater, ties counted half. */
  readonly statistic: number;
  /** Of the alternative that `x` tends to be greater. */
  readonly pGreater: number;
  readonly pTwoSided: number;
};

/**
 * Mann–Whitney test with the normal approximation, tie correction and continuity correction, as R's
 * `wilcox.test(x, y, exact = FALSE)`. Mann, H. B. and Whitney, D. R. (1947), Ann. Math. Stat. 18, 50–60; ties:
 * Lehmann, E. L. (1975), Nonparametrics, section 1.4. Undefined when a side is empty or all values are equal.
 */
export function mannWhitney(x: readonly number[], y: readonly number[]): RankTest | undefined {
  const all = [...x.map((value) => ({ value, first: true })), ...y.map((value) => ({ value, first: false }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    const size = end - start;
    const rank = (start + 1 + end) / 2;
    ties += size ** 3 - size;
    rankSum += rank * all.slice(start, end).filter(({ first }) => first).length;
    start = end;
  }
  const [m, n, total] = [x.length, y.length, all.length];
  const statistic = rankSum - (m * (m + 1)) / 2;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return undefined;
  const distance = statistic - (m * n) / 2;
  const tail = (correction: number): number => 1 - normalCdf((distance - correction) / Math.sqrt(variance));
  const upper = tail(0.5);
  const twoSided = 2 * Math.min(tail(0.5 * Math.sign(distance)), 1 - tail(0.5 * Math.sign(distance)));
  return { statistic, pGreater: upper, pTwoSided: Math.min(1, twoSided) };
}
