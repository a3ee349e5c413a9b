import type { CountSlice } from '../slice/index.ts';

/** Stretches of this length are compared, as long as the shortest evidence of a breach. */
const BLOCK_SECONDS = 300;
/** Fewer blocks or bad requests say nothing about how they scatter. */
const LEAST_BLOCKS = 8;
const LEAST_BAD = 20;
/** Part of the differences that is left out as too large: blips and steps are no scatter. */
const TRIM = 0.15;

type Block = { readonly requests: number; readonly bad: number };

/**
 * By how much the share of bad requests of a healthy service varies between stretches of five minutes beyond chance:
 * the squared coefficient of variation of the underlying rate. From successive differences, which neither a trend nor
 * a step inflates: von Neumann, J. et al. (1941), The mean square successive difference, Ann. Math. Stat. 12, 153–162.
 * What chance alone would make of the differences (binomial variance) is taken off. 0 where nothing is left.
 */
export function extraVariation(slices: readonly CountSlice[]): number {
  const blocks = blocksOf(slices);
  const requests = blocks.reduce((sum, block) => sum + block.requests, 0);
  const bad = blocks.reduce((sum, block) => sum + block.bad, 0);
  if (blocks.length < LEAST_BLOCKS || bad < LEAST_BAD) return 0;
  const share = bad / requests;
  const squares = blocks.slice(1).map((block, index) => {
    const before = blocks[index] ?? block;
    const chance = share * (1 - share) * (1 / block.requests + 1 / before.requests);
    return ((block.bad / block.requests - before.bad / before.requests) ** 2 - chance) / 2;
  });
  const kept = squares.toSorted((a, b) => a - b).slice(0, Math.ceil(squares.length * (1 - TRIM)));
  const variance = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  return Math.max(0, variance) / (share * share);
}

/** What `requests` over `seconds` at `limit` are worth as independent ones, when the rate varies with `cv2` a block. */
export function effectiveRequests(requests: number, seconds: number, limit: number, cv2: number): number {
  const blocks = Math.max(1, seconds / BLOCK_SECONDS);
  return requests / (1 + (cv2 * requests * limit) / blocks);
}

function blocksOf(slices: readonly CountSlice[]): Block[] {
  const blocks = new Map<number, { requests: number; bad: number }>();
  for (const { end, counts } of slices) {
    if (counts.kind === 'missing') continue;
    const key = Math.floor((end - 1) / BLOCK_SECONDS);
    const block = blocks.get(key) ?? { requests: 0, bad: 0 };
    blocks.set(key, { requests: block.requests + counts.requests, bad: block.bad + counts.bad });
  }
  return [...blocks.values()].filter(({ requests }) => requests > 0);
}
