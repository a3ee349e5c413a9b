import { checkedMs, parseDuration } from '../../kernel/index.ts';
import { matcherMatches, parsePromql, selectorsOf } from '../../promql/index.ts';
import { allRules } from '../../rules/index.ts';
import type { SeriesLabels } from '../../server/index.ts';
import type { Project } from '../project.ts';
import type { SmokeHistory } from './schema.ts';

/** A series with its values in time order (Unix seconds); `timestamp` series hold each sample's own time. */
export type HistorySeries = {
  readonly name: string;
  readonly labels: SeriesLabels;
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** How the series goes on after the last point. */
  readonly next: 'timestamp' | 'counts' | 'stays';
};

export type HistoryResult =
  | { readonly kind: 'read'; readonly series: readonly HistorySeries[] }
  | { readonly kind: 'invalid'; readonly message: string };

/** Lays the series of the smoke files out in time, the last value at `now`. */
export function historySeries(histories: readonly SmokeHistory[], now: number): HistoryResult {
  const series: HistorySeries[] = [];
  for (const { interval, input_series } of histories) {
    const step = checkedMs(interval) / 1000;
    for (const input of input_series) {
      const [selector, ...more] = selectorsOf(parsePromql(input.series).root);
      const labels = selector?.matchers.every(({ operator }) => operator === '=');
      if (selector?.name === undefined || more.length > 0 || labels !== true) {
        return {
          kind: 'invalid',
          message: `history: ${JSON.stringify(input.series)} is no series; write name{label="value"}`,
        };
      }
      const values = input.values.trim() === 'timestamp' ? 'timestamp' : expandValues(input.values);
      if (values === undefined) {
        return {
          kind: 'invalid',
          message: `history: ${JSON.stringify(input.values)} are no values; write them as in unit tests (1+1x15 _ 4), or timestamp`,
        };
      }
      const own = selector.matchers
        .filter(({ label }) => label !== '__name__')
        .map(({ label, value }) => [label, value] as const);
      series.push({ name: selector.name, labels: Object.fromEntries(own), ...layOut(values, step, now) });
    }
  }
  return { kind: 'read', series };
}

/** Ticks kept for `timestamp`, and for the heartbeats that are found by themselves: a quarter of an hour of minutes. */
const TICKS = 16;

function layOut(
  values: 'timestamp' | readonly (number | undefined)[],
  step: number,
  now: number,
): Pick<HistorySeries, 'points' | 'next'> {
  if (values === 'timestamp') {
    const times = Array.from({ length: TICKS }, (_, index) => now - (TICKS - 1 - index) * step);
    return { points: times.map((at) => ({ at, value: Math.floor(at) })), next: 'timestamp' };
  }
  const points = values.flatMap((value, index) =>
    value === undefined ? [] : [{ at: now - (values.length - 1 - index) * step, value }],
  );
  const [last, previous] = [points.at(-1), points.at(-2)];
  return {
    points,
    next: last !== undefined && previous !== undefined && last.value > previous.value ? 'counts' : 'stays',
  };
}

const ITEM = /^(?:(_)(?:x(\d+))?|([+-]?[\d.]+(?:e[+-]?\d+)?|[+-]?inf|nan)(?:([+-][\d.]+(?:e[+-]?\d+)?)?x(\d+))?)$/i;
const MAX_VALUES = 100_000;

/**
 * Values in the notation of unit tests: `1 2 _ 3`, `1+1x3` (1 2 3 4), `5x2` (5 5 5), `_x2`.
 * https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 * Undefined when it is not that; an undefined value is a gap.
 */
export function expandValues(text: string): readonly (number | undefined)[] | undefined {
  const values: (number | undefined)[] = [];
  for (const item of text.trim().split(/\s+/)) {
    const [whole, gap, gaps, start, step, times] = ITEM.exec(item) ?? [];
    if (whole === undefined || Number(gaps ?? times ?? 0) + values.length > MAX_VALUES) return undefined;
    if (gap !== undefined) {
      for (let index = 0; index < Number(gaps ?? 1); index++) values.push(undefined);
      continue;
    }
    const first = Number((start ?? '').replace(/inf/i, 'Infinity'));
    if (Number.isNaN(first)) return undefined;
    for (let index = 0; index <= Number(times ?? 0); index++) values.push(first + index * Number(step ?? 0));
  }
  return values;
}

/**
 * A history for the raw heartbeats that the rules read, when no smoke file gives one: every series whose name is that
 * of a heartbeat and that no rule records has ticked once a minute up to `now`.
 */
export function discoveredHistory(project: Project, now: number): readonly HistorySeries[] {
  const { heartbeat } = project.config.gate.lint;
  const isHeartbeat = (name: string): boolean =>
    matcherMatches({ operator: '=~', value: heartbeat.match }, name) === true;
  const isSequence = (name: string): boolean =>
    matcherMatches({ operator: '=~', value: heartbeat.sequence }, name) === true;
  const rules = allRules(project.ruleFiles);
  const recorded = new Set(rules.filter(({ kind }) => kind === 'recording').map(({ name }) => name.value));
  const found = new Map<string, Record<string, string>>();
  for (const selector of rules.flatMap((rule) => selectorsOf(parsePromql(rule.expr.value).root))) {
    const { name } = selector;
    if (name === undefined || recorded.has(name) || !isHeartbeat(name) || name === 'ALERTS') continue;
    const labels = found.get(name) ?? {};
    for (const { label, operator, value } of selector.matchers) {
      if (operator === '=' && value !== '' && label !== '__name__') labels[label] ??= value;
    }
    found.set(name, labels);
  }
  const step = (parseDuration(heartbeat.tick)?.ms ?? 60_000) / 1000;
  return [...found].map(([name, labels]) => {
    const values = /timestamp|time_seconds$/.test(name)
      ? 'timestamp'
      : ticks(isSequence(name) || /_total$|_count$/.test(name));
    const { label, value } = project.config.realm;
    return { name, labels: { job: 'heartbeat', [label]: value, ...labels }, ...layOut(values, step, now) };
  });
}

function ticks(counts: boolean): number[] {
  return Array.from({ length: TICKS }, (_, index) => (counts ? index + 1 : 1));
}

/** The series as OpenMetrics text. */
export function openMetrics(series: readonly HistorySeries[]): string {
  const lines = series.flatMap(({ name, labels, points }) =>
    points.map(({ at, value }) => `${name}${labelText(labels)} ${numberText(value)} ${at.toFixed(3)}`),
  );
  return `${lines.join('\n')}\n# EOF\n`;
}

/** `{a="b"}`, escaped as the exposition formats want it; empty for no labels. */
export function labelText(labels: SeriesLabels): string {
  const escape = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

export function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
