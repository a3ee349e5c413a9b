/** Every number that the judge of counts rests on; the benchmark measures them together. */
export const RULE = {
  /** Pocock's constant for 24 looks at 5 %: Pocock, S. J. (1977), Biometrika 64, 191–199. */
  zBreach: 2.42,
  /** One-sided 95 %: certifying 1 % without an error takes 268 requests, 0.1 % takes 2,703. */
  zPass: 1.6448536269514722,
  leastSeconds: 300,
  leastBins: 3,
  /**
   * Bad requests that a bin at the limit holds: a bin is widened until it has this many divided by the limit requests.
   * With 1 instead of 5, chance alone breaks several bins in a row at little traffic: 0.6 % false breaches near the
   * limit, measured at two to three bad requests a minute.
   */
  badPerBin: 5,
  /**
   * A slice counts for no more than this many times the lower quartile of the evidence's slices, so that a blip proves
   * nothing: without it 14 % of windows with three blips were false breaches at five bad requests a minute.
   */
  capOfQuartile: 2,
  /** Bad requests a minute at the limit below which no breach is proved. */
  trafficFloor: 2,
  leastCoverage: 0.8,
  /** Longest stretch of broken bins that is taken together as evidence. */
  longestSeconds: 1800,
  /** Bins of the fast path hold one bad request at the limit. */
  fast: { badPerBin: 1, times: 10, lowerTimes: 3, bins: 3, steady: 0.9 },
} as const;
