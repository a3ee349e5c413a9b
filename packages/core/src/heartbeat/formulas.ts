import type { Duration } from '../kernel/index.ts';

/** How a heartbeat is written and read. */
export type HeartbeatTiming = {
  /** Interval at which the writer ticks: 1/lambda. */
  readonly tick: Duration;
  /** Interval at which Prometheus scrapes it; undefined when nobody says. */
  readonly scrape: Duration | undefined;
  /** Accepted probability that a window holds no tick of a live writer, between 0 and 1 (both exclusive). */
  readonly pMiss: number;
};

/** A window shorter than this many scrapes is emptied by one failed scrape and some jitter. */
export const WINDOW_SCRAPES = 5;

/** A heartbeat is fresh until this many ticks are missing. */
export const FRESH_TICKS = 2;

/**
 * The shortest window in which a live writer is seen with probability 1 - p, and in which five scrapes fit.
 *
 * Ticks that arrive at rate lambda leave a window W empty with P = exp(-lambda W), so W >= ln(1/p) / lambda.
 * With p = 5 % and one tick in two minutes that is six minutes. An unknown scrape interval sets no bound.
 */
export function minimalWindow(timing: HeartbeatTiming): Duration {
  return { ms: Math.max(missBoundMs(timing), scrapeBoundMs(timing)) };
}

/** The part of {@link minimalWindow} that the ticks set, milliseconds. */
export function missBoundMs({ tick, pMiss }: HeartbeatTiming): number {
  return Math.ceil(Math.log(1 / pMiss) * tick.ms);
}

/** The part of {@link minimalWindow} that the scrapes set, milliseconds. */
export function scrapeBoundMs({ scrape }: HeartbeatTiming): number {
  return WINDOW_SCRAPES * (scrape?.ms ?? 0);
}

/** Probability that a window holds no tick of a live writer: exp(-lambda W). */
export function missProbability(window: Duration, { tick }: HeartbeatTiming): number {
  return Math.exp(-window.ms / tick.ms);
}

/** The least age at which a heartbeat may be called stale: two ticks, and two scrapes where those are rarer. */
export function minimalFreshness({ tick, scrape }: HeartbeatTiming): Duration {
  return { ms: FRESH_TICKS * Math.max(tick.ms, scrape?.ms ?? 0) };
}

/**
 * How many changes a perfectly regular writer is sure to show in a window: its samples span at least the window
 * less one scrape, and each full tick in that span is one change.
 */
export function assuredChanges(window: Duration, { tick, scrape }: HeartbeatTiming): number {
  return Math.max(0, Math.floor((window.ms - (scrape?.ms ?? 0)) / tick.ms));
}

/**
 * Rounds up to a duration that people write: to 10 s below a minute, to 30 s below five minutes,
 * to whole minutes above.
 */
export function roundedUp(duration: Duration): Duration {
  const step = duration.ms < 60_000 ? 10_000 : duration.ms < 300_000 ? 30_000 : 60_000;
  return { ms: Math.ceil(duration.ms / step) * step };
}
