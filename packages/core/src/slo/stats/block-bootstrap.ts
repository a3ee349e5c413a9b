import { quantile } from './median.ts';
import { seededRandom } from './random.ts';

export type BootstrapOptions = {
  /** Length of a block, at least the time over which values depend on each other. */
  readonly block: number;
  readonly rounds: number;
  readonly seed: number;
  /** Two-sided confidence, such as 0.95. */
  readonly confidence: number;
};

/**
 * Percentile interval of a statistic of dependent values, from a circular block bootstrap: blocks of neighbours are
 * drawn with replacement, so that their dependence stays. Politis, D. N. and Romano, J. P. (1992), A circular
 * block-resampling procedure for stationary data, in: Exploring the Limits of Bootstrap, 263–270.
 * Undefined for no values.
 */
export function blockBootstrap(
  values: readonly number[],
  statistic: (sample: readonly number[]) => number,
  options: BootstrapOptions,
): { readonly lower: number; readonly upper: number } | undefined {
  if (values.length === 0) return undefined;
  const random = seededRandom(options.seed);
  const results = Array.from({ length: options.rounds }, () => statistic(resample(values, options.block, random)));
  const lower = quantile(results, (1 - options.confidence) / 2);
  const upper = quantile(results, (1 + options.confidence) / 2);
  return lower === undefined || upper === undefined ? undefined : { lower, upper };
}

function resample(values: readonly number[], block: number, random: () => number): number[] {
  const sample: number[] = [];
  while (sample.length < values.length) {
    const start = Math.floor(random() * values.length);
    for (let step = 0; step < block && sample.length < values.length; step++) {
      sample.push(values[(start + step) % values.length] ?? Number.NaN);
    }
  }
  return sample;
}
