/**
 * A Prometheus duration: milliseconds, parsed once at the edge.
 * Syntax: https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export type Duration = { readonly ms: number };

const UNIT_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Parses `1h30m`, `15s`, `250ms`. Units must stand in descending order, each at most once.
 * Returns undefined for anything else, a number without a unit included; `0` is the one exception.
 */
export function parseDuration(text: string): Duration | undefined {
  if (text === '0') return { ms: 0 };
  const match = text === '' ? null : PATTERN.exec(text);
  if (match === null) return undefined;
  const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;
  const ms = units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * UNIT_MS[unit], 0);
  return Number.isSafeInteger(ms) ? { ms } : undefined;
}

/**
 * Milliseconds of a text that a schema has already held to be a duration.
 *
 * @throws Error when it is none after all: a defect of ours, never a zero.
 */
export function checkedMs(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`${JSON.stringify(text)} is no duration`);
  return duration.ms;
}

/** Writes a duration in the shortest exact form (`90m` is `1h30m`; zero is `0s`). */
export function formatDuration(duration: Duration): string {
  if (duration.ms === 0) return '0s';
  let rest = duration.ms;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / UNIT_MS[unit]);
    rest -= count * UNIT_MS[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
