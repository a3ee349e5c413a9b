/**
 * One-sided Wilson score bound of a share: where the score test with quantile `z` turns.
 * Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
 * J. Am. Stat. Assoc. 22, 209–212. `trials` may be fractional (an effective number); 0 trials bound nothing: [0, 1].
 */
export function wilsonLower(successes: number, trials: number, z: number): number {
  return trials <= 0 ? 0 : Math.max(0, centre(successes, trials, z) - halfWidth(successes, trials, z));
}

/** The upper counterpart of {@link wilsonLower}. */
export function wilsonUpper(successes: number, trials: number, z: number): number {
  return trials <= 0 ? 1 : Math.min(1, centre(successes, trials, z) + halfWidth(successes, trials, z));
}

/** Trials without a single success after which the upper bound falls to `limit`: z²(1 − limit)/limit, rounded up. */
export function trialsToCertify(limit: number, z: number): number {
  return Math.ceil((z * z * (1 - limit)) / limit);
}

function centre(successes: number, trials: number, z: number): number {
  return (successes + (z * z) / 2) / (trials + z * z);
}

function halfWidth(successes: number, trials: number, z: number): number {
  const share = successes / trials;
  return (z / (trials + z * z)) * Math.sqrt(Math.max(0, share * (1 - share) * trials) + (z * z) / 4);
}
