import type { CountSlice } from '../slice/index.ts';

/**
 * When the share of bad requests changed, as the split of the slices that makes a step upwards most likely (binomial
 * likelihood): Hinkley, D. V. and Hinkley, E. A. (1970), Inference about the change-point in a sequence of binomial
 * variables, Biometrika 57, 477–488. Returns the start of the first slice after the step, Unix seconds; undefined when
 * no split has more bad requests after it than before.
 */
export function estimateOnset(slices: readonly CountSlice[]): number | undefined {
  const known = slices.flatMap(({ end, seconds, counts }) =>
    counts.kind === 'value' ? [{ start: end - seconds, requests: counts.requests, bad: counts.bad }] : [],
  );
  const all = known.reduce((sum, item) => ({ requests: sum.requests + item.requests, bad: sum.bad + item.bad }), {
    requests: 0,
    bad: 0,
  });
  let before = { requests: 0, bad: 0 };
  let best: { readonly start: number; readonly likelihood: number } | undefined;
  for (const item of known) {
    const after = { requests: all.requests - before.requests, bad: all.bad - before.bad };
    const rises = before.requests === 0 || after.bad * before.requests > before.bad * after.requests;
    const likelihood = logLikelihood(before) + logLikelihood(after);
    if (rises && (best === undefined || likelihood > best.likelihood)) best = { start: item.start, likelihood };
    before = { requests: before.requests + item.requests, bad: before.bad + item.bad };
  }
  return best?.start;
}

function logLikelihood({ requests, bad }: { readonly requests: number; readonly bad: number }): number {
  if (requests <= 0 || bad <= 0 || bad >= requests) return 0;
  const share = bad / requests;
  return bad * Math.log(share) + (requests - bad) * Math.log(1 - share);
}
