import type { CountSlice } from '@obsgate/core/slo';
import { seededRandom, type Random } from '@obsgate/core/slo/stats';

/** What is true of a scenario: whether the merge broke the objective, and when. Minutes since the merge. */
export type Truth =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'broken'; readonly onset: number; readonly times: number }
  | { readonly kind: 'before' };

export type Scenario = {
  readonly name: string;
  readonly truth: Truth;
  readonly limit: number;
  /** Bad requests a minute that the limit allows: requests a minute times the limit. */
  readonly load: number;
  readonly baseline: readonly CountSlice[];
  readonly watch: readonly CountSlice[];
};

/** The merge; a slice ends every minute. */
export const MERGED_AT = 1_700_000_040;
const BEFORE = 120;
const AFTER = 120;

type World = {
  /** Share of bad requests in times the limit, by minute since the merge (negative before it). */
  readonly times: (minute: number) => number;
  /** Factor on the traffic by minute. */
  readonly traffic?: (minute: number) => number;
  /** Squared coefficient of variation of the error rate from slice to slice. */
  readonly cv2?: number;
  /** Factor on the error rate that wanders from minute to minute. */
  readonly drift?: (minute: number) => number;
  /** Whether the slice of this minute is missing. */
  readonly gap?: (minute: number) => boolean;
};

const HEALTHY: Readonly<Record<string, (random: Random) => World>> = {
  calm: (r) => steady(between(r, 0, 0.5)),
  'near the limit': (r) => steady(between(r, 0.5, 0.8)),
  'over-dispersed': (r) => ({ ...steady(between(r, 0.2, 0.6)), cv2: between(r, 0.1, 0.5) }),
  'over-dispersed and correlated': (r) => ({
    ...steady(between(r, 0.15, 0.4)),
    drift: wander(r, between(r, 0.1, 0.3), 0.7),
  }),
  'blip of 1 to 2 minutes': (r) => blips(r, 1, between(r, 1, 2), between(r, 3, 60)),
  'three blips': (r) => blips(r, 3, between(r, 1, 2), between(r, 3, 40)),
  'flapping under the limit': (r) => flapping(r, between(r, 0.9, 1.4), 0.1),
  'diurnal traffic': (r) => ({ ...steady(between(r, 0.2, 0.7)), traffic: diurnal(r) }),
  'traffic drops to a tenth': (r) => ({ ...steady(between(r, 0.2, 0.7)), traffic: drop(r) }),
  gaps: (r) => ({ ...steady(between(r, 0.2, 0.7)), gap: holes(r, 0.12) }),
};

const BROKEN: Readonly<Record<string, (random: Random, onset: number) => World & { readonly at: number }>> = {
  step: (r, onset) => stepTo(r, onset, between(r, 2, 5)),
  'large step': (r, onset) => stepTo(r, onset, between(r, 5, 20)),
  outage: (r, onset) => stepTo(r, onset, between(r, 20, 100)),
  'small step': (r, onset) => stepTo(r, onset, between(r, 1.5, 2)),
  ramp: (r, onset) => {
    const level = between(r, 3, 10);
    const length = between(r, 10, 30);
    const base = between(r, 0.1, 0.5);
    // Broken from where it passes the limit for good.
    const at = onset + (length * (1 - base)) / (level - base);
    return { times: (m) => base + (level - base) * clamp((m - onset) / length), at };
  },
  'over-dispersed step': (r, onset) => ({ ...stepTo(r, onset, between(r, 2.5, 8)), cv2: between(r, 0.05, 0.2) }),
  'step with gaps': (r, onset) => ({ ...stepTo(r, onset, between(r, 2, 8)), gap: holes(r, 0.1) }),
  'step at night': (r, onset) => ({ ...stepTo(r, onset, between(r, 2, 8)), traffic: diurnal(r) }),
};

const BEFORE_MERGE: Readonly<Record<string, (random: Random) => World>> = {
  'broken for hours': (r) => steady(between(r, 1.5, 10)),
  'broken 20 minutes before': (r) => {
    const level = between(r, 2, 10);
    const start = -between(r, 12, 30);
    return { times: (m) => (m < start ? 0.3 : level) };
  },
};

export const HEALTHY_NAMES = Object.keys(HEALTHY);
export const BROKEN_NAMES = Object.keys(BROKEN);
export const BEFORE_NAMES = Object.keys(BEFORE_MERGE);

/** A scenario by its name, from a seed. */
export function scenario(name: string, load: number, seed: number): Scenario {
  const random = seededRandom(seed);
  const limit = [0.001, 0.003, 0.01, 0.05][Math.floor(random() * 4)] ?? 0.01;
  const { world, truth } = worldOf(name, random);
  const slices = (from: number, to: number): CountSlice[] =>
    Array.from({ length: to - from }, (_, index) => sliceAt(world, from + index, load, limit, random));
  return { name, truth, limit, load, baseline: slices(-BEFORE, 0), watch: slices(0, AFTER) };
}

function worldOf(name: string, random: Random): { readonly world: World; readonly truth: Truth } {
  const healthy = HEALTHY[name];
  if (healthy !== undefined) return { world: healthy(random), truth: { kind: 'healthy' } };
  const before = BEFORE_MERGE[name];
  if (before !== undefined) return { world: before(random), truth: { kind: 'before' } };
  const broken = BROKEN[name];
  if (broken === undefined) throw new Error(`no scenario ${name}`);
  const onset = between(random, 2, 60);
  const world = broken(random, onset);
  return { world, truth: { kind: 'broken', onset: world.at, times: world.times(AFTER) } };
}

/** The minute that ends one later; a change within it counts by its part of the minute. */
function sliceAt(world: World, minute: number, load: number, limit: number, random: Random): CountSlice {
  const end = MERGED_AT + (minute + 1) * 60;
  if (world.gap?.(minute) === true) return { end, seconds: 60, counts: { kind: 'missing', reason: 'absent' } };
  const requests = poisson((load / limit) * (world.traffic?.(minute) ?? 1), random);
  if (requests === 0) return { end, seconds: 60, counts: { kind: 'missing', reason: 'no_traffic' } };
  const parts = 20;
  let times = 0;
  for (let part = 0; part < parts; part++)
    times += Math.min(0.95 / limit, world.times(minute + (part + 0.5) / parts)) / parts;
  const cv2 = world.cv2 ?? 0;
  const scatter = cv2 === 0 ? 1 : gamma(1 / cv2, random) * cv2;
  const share = Math.min(0.95, times * limit * scatter * (world.drift?.(minute) ?? 1));
  return {
    end,
    seconds: 60,
    counts: { kind: 'value', requests, bad: Math.min(requests, binomial(requests, share, random)) },
  };
}

function steady(times: number): World {
  return { times: () => times };
}

function stepTo(random: Random, onset: number, times: number): World & { readonly at: number } {
  const base = between(random, 0, 0.5);
  return { times: (minute) => (minute < onset ? base : times), at: onset };
}

function blips(random: Random, count: number, length: number, times: number): World {
  const base = between(random, 0, 0.5);
  // Never back to back: two blips in a row are one long one.
  const starts = Array.from({ length: count }, (_, index) => (index + 0.7 * random()) * (AFTER / count));
  return { times: (minute) => (starts.some((start) => minute >= start && minute < start + length) ? times : base) };
}

function flapping(random: Random, high: number, low: number): World {
  const period = between(random, 4, 8);
  const on = between(random, 1, 2);
  return { times: (minute) => (((minute % period) + period) % period < on ? high : low) };
}

function diurnal(random: Random): (minute: number) => number {
  const phase = random() * 2 * Math.PI;
  return (minute) => 1 + 0.5 * Math.sin((2 * Math.PI * minute) / 1440 + phase);
}

function drop(random: Random): (minute: number) => number {
  const at = between(random, 5, 60);
  return (minute) => (minute < at ? 1 : 0.1);
}

/** A log-normal first-order autoregressive factor of mean 1. */
function wander(random: Random, cv2: number, phi: number): (minute: number) => number {
  const sigma = Math.sqrt(Math.log(1 + cv2));
  const factors = new Map<number, number>();
  let state = normal(random);
  for (let minute = -BEFORE; minute < AFTER; minute++) {
    factors.set(minute, Math.exp(sigma * state - (sigma * sigma) / 2));
    state = phi * state + Math.sqrt(1 - phi * phi) * normal(random);
  }
  return (minute) => factors.get(minute) ?? 1;
}

function holes(random: Random, share: number): (minute: number) => boolean {
  const lost = new Set<number>();
  for (let minute = -BEFORE; minute < AFTER; minute++) if (random() < share) lost.add(minute);
  return (minute) => lost.has(minute);
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Knuth's product for small means, a rounded normal above 60, where the two cannot be told apart by eye. */
function poisson(mean: number, random: Random): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let product = random();
  let count = 0;
  for (const end = Math.exp(-mean); product > end; product *= random()) count++;
  return count;
}

function binomial(trials: number, share: number, random: Random): number {
  if (trials * share < 60) return Math.min(trials, poisson(trials * share, random));
  return Math.round(trials * share + Math.sqrt(trials * share * (1 - share)) * normal(random));
}

/** Marsaglia, G. and Tsang, W. W. (2000), A simple method for generating gamma variables, for shape >= 1. */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
