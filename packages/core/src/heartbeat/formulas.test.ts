import { describe, expect, test } from 'vitest';
import {
  assuredChanges,
  minimalFreshness,
  minimalWindow,
  missProbability,
  roundedUp,
  type HeartbeatTiming,
} from './formulas.ts';

const timing = (tick: number, scrape: number | undefined, pMiss = 0.05): HeartbeatTiming => ({
  tick: { ms: tick * 1000 },
  scrape: scrape === undefined ? undefined : { ms: scrape * 1000 },
  pMiss,
});

describe('the window of a heartbeat', () => {
  test('is six minutes at one tick in two minutes and five percent', () => {
    expect(roundedUp(minimalWindow(timing(120, 15)))).toEqual({ ms: 360_000 });
  });
  test('holds five scrapes when scrapes are rarer than ticks', () => {
    expect(minimalWindow(timing(10, 60))).toEqual({ ms: 300_000 });
  });
  test('is set by the ticks alone when the scrape interval is unknown', () => {
    expect(minimalWindow(timing(60, undefined)).ms).toBeCloseTo(179_744, -1);
  });
  test('misses a live writer with exactly the accepted probability at its bound', () => {
    const at = timing(60, undefined, 0.01);
    expect(missProbability(minimalWindow(at), at)).toBeLessThanOrEqual(0.01);
    expect(missProbability(minimalWindow(at), at)).toBeCloseTo(0.01, 4);
  });
});

describe('the freshness of a heartbeat', () => {
  test('is two ticks: 120 seconds for 60 second ticks', () => {
    expect(minimalFreshness(timing(60, 15))).toEqual({ ms: 120_000 });
  });
  test('is two scrapes when the scrape is slower than the tick', () => {
    expect(minimalFreshness(timing(10, 60))).toEqual({ ms: 120_000 });
  });
});

test.each([
  [360, 60, 15, 5],
  [120, 60, 15, 1],
  [180, 60, 15, 2],
  [30, 60, 15, 0],
  [10, 60, 15, 0],
])('a window of %i s with ticks of %i s and scrapes of %i s shows %i changes for sure', (w, tick, scrape, changes) => {
  expect(assuredChanges({ ms: w * 1000 }, timing(tick, scrape))).toBe(changes);
});

test.each([
  [31, 40],
  [179.744, 180],
  [301, 360],
  [300, 300],
])('%f s is rounded up to %i s', (from, to) => {
  expect(roundedUp({ ms: from * 1000 })).toEqual({ ms: to * 1000 });
});
