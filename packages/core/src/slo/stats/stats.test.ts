import { expect, test } from 'vitest';
import {
  Z95,
  Z99,
  blockBootstrap,
  effectiveN,
  hodgesLehmann,
  lag1Autocorrelation,
  mannWhitney,
  median,
  medianAbsoluteDeviation,
  normalCdf,
  quantile,
  theilSen,
  trialsToCertify,
  wilsonLower,
  wilsonUpper,
} from './index.ts';

// Examples of R's help page of wilcox.test: placenta permeability (Hollander and Wolfe) and Ozone ~ Month of airquality.
const TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const WEEKS_12_TO_26 = [1.15, 0.88, 0.9, 0.74, 1.21];
const MAY = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37];
const AUGUST = [
  39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
];

test('Wilson bounds equal those of statsmodels', () => {
  // proportion_confint(count, nobs, alpha=0.05, method='wilson'), statsmodels 0.15.0; a two-sided 95 % has z = 1.95996.
  const z = 1.959963984540054;
  expect(wilsonLower(10, 100, z)).toBeCloseTo(0.05522913706067509, 12);
  expect(wilsonUpper(10, 100, z)).toBeCloseTo(0.17436566150491348, 12);
  expect(wilsonLower(5, 20, z)).toBeCloseTo(0.11186170140766563, 12);
  expect(wilsonUpper(37, 43, z)).toBeCloseTo(0.9344427657203511, 12);
  expect([wilsonUpper(1, 1, z), wilsonLower(1, 1, z)]).toEqual([1, expect.closeTo(0.2065493143772374, 12)]);
});

test('without a success, the upper bound passes a limit exactly at the trials to certify', () => {
  for (const limit of [0.05, 0.01, 0.003, 0.001]) {
    const trials = trialsToCertify(limit, Z95);
    expect(wilsonUpper(0, trials, Z95)).toBeLessThanOrEqual(limit);
    expect(wilsonUpper(0, trials - 1, Z95)).toBeGreaterThan(limit);
  }
  expect([trialsToCertify(0.01, Z95), trialsToCertify(0.001, Z95)]).toEqual([268, 2703]);
});

test('no trials bound nothing', () => {
  expect([wilsonLower(0, 0, Z95), wilsonUpper(0, 0, Z95)]).toEqual([0, 1]);
});

test('the rank test equals R with ties and continuity correction', () => {
  // R: wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8)): W = 127.5, p-value = 0.0001208
  const ozone = mannWhitney(MAY, AUGUST);
  expect(ozone?.statistic).toBe(127.5);
  expect(ozone?.pTwoSided).toBeCloseTo(0.0001208, 7);
  // R: wilcox.test(x, y, alternative = "g", exact = FALSE, correct = TRUE); scipy.stats.mannwhitneyu 1.17.1 agrees
  const placenta = mannWhitney(TERM, WEEKS_12_TO_26);
  expect(placenta?.statistic).toBe(35);
  expect(placenta?.pGreater).toBeCloseTo(0.12231180256349167, 12);
  const x = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  expect(mannWhitney(x, y)?.statistic).toBe(58);
  expect(mannWhitney(x, y)?.pGreater).toBeCloseTo(0.06645972909265946, 12);
  expect(mannWhitney(x, y)?.pTwoSided).toBeCloseTo(0.13291945818531892, 12);
});

test('the rank test has no answer for nothing and for all equal', () => {
  expect([mannWhitney([], [1]), mannWhitney([2, 2], [2])]).toEqual([undefined, undefined]);
});

test('the shift estimate equals R, and its bounds enclose it', () => {
  // R: wilcox.test(x, y, conf.int = TRUE): difference in location 0.305
  const shift = hodgesLehmann(TERM, WEEKS_12_TO_26, 1.959963984540054);
  expect(shift?.estimate).toBeCloseTo(0.305, 12);
  // R's exact 95 % interval is [-0.15, 0.76].
  expect([shift?.lower, shift?.upper]).toEqual([expect.closeTo(-0.15, 12), expect.closeTo(0.76, 12)]);
  expect(hodgesLehmann([], [1], Z99)).toBeUndefined();
  expect(hodgesLehmann([1], [0], Z99)).toEqual({ estimate: 1, lower: -Infinity, upper: Infinity });
});

test('dependence widens the bounds of the shift', () => {
  const independent = hodgesLehmann(AUGUST, MAY, Z95);
  const dependent = hodgesLehmann(AUGUST, MAY, Z95, 3);
  expect(dependent?.estimate).toBe(independent?.estimate);
  expect(dependent?.lower).toBeLessThan(independent?.lower ?? -Infinity);
});

test('the slope of Theil and Sen ignores an outlier', () => {
  // scipy.stats.theilslopes([2.1, 3.9, 6.2, 7.8, 20, 12.1, 13.8, 16.2], [1..8]).slope = 2.0
  const points = [2.1, 3.9, 6.2, 7.8, 20, 12.1, 13.8, 16.2].map((y, index) => ({ x: index + 1, y }));
  expect(theilSen(points)).toBeCloseTo(2, 12);
  expect(theilSen([{ x: 1, y: 1 }])).toBeUndefined();
});

test('median, quantile and median absolute deviation equal R', () => {
  expect(median([3, 1, 2, 10])).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.9)).toBeCloseTo(4.6, 12);
  // R: mad(c(1, 1, 2, 2, 4, 6, 9), constant = 1) = 1
  expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
  expect([median([]), medianAbsoluteDeviation([])]).toEqual([undefined, undefined]);
});

test('the normal distribution function holds the published quantiles', () => {
  expect(normalCdf(Z95)).toBeCloseTo(0.95, 14);
  expect(normalCdf(-Z99)).toBeCloseTo(0.01, 14);
  // scipy.stats.norm.sf(6) = 9.865876450376946e-10
  expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10);
  expect(normalCdf(2.42)).toBeCloseTo(0.9922397464494463, 14);
});

test('dependent values are worth fewer, and never more than their number', () => {
  expect(effectiveN(120, 0.5)).toBeCloseTo(40, 12);
  expect(effectiveN(120, -0.5)).toBe(120);
  // R: acf(c(1, 2, 3, 4, 5), plot = FALSE)$acf[2] = 0.4
  expect(lag1Autocorrelation([1, 2, 3, 4, 5])).toBeCloseTo(0.4, 12);
  expect(lag1Autocorrelation([7, 7, 7])).toBe(0);
});

test('the block bootstrap repeats itself for a seed and encloses the mean', () => {
  const values = Array.from({ length: 60 }, (_, index) => Math.sin(index / 5) + 2);
  const mean = (sample: readonly number[]): number => sample.reduce((a, b) => a + b, 0) / sample.length;
  const options = { block: 10, rounds: 400, seed: 7, confidence: 0.95 };
  const first = blockBootstrap(values, mean, options);
  expect(blockBootstrap(values, mean, options)).toEqual(first);
  expect(first?.lower).toBeLessThan(mean(values));
  expect(first?.upper).toBeGreaterThan(mean(values));
  const narrow = blockBootstrap(values, mean, { ...options, block: 1 });
  const width = (interval: typeof first): number => (interval?.upper ?? 0) - (interval?.lower ?? 0);
  expect(width(first)).toBeGreaterThan(width(narrow));
});
