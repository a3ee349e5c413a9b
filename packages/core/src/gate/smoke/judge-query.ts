import type { InstantSample, RangeResult, SeriesLabels } from '../../server/index.ts';
import { missing } from '../../kernel/index.ts';
import type { Comparison, Expectation, SmokeQuery } from './schema.ts';

/** `hold`: undecided, because data is missing and the query says to wait for it. */
export type Judgement = { readonly outcome: 'pass' | 'fail' | 'hold'; readonly problems: readonly Problem[] };

/** `missing`: no number where one was expected. `unexpected`: another number, count or label than expected. */
export type Problem = { readonly kind: 'missing' | 'unexpected'; readonly message: string };

/** The result of a query at one moment, judged by its expectation. */
export function judgeInstant(
  query: Pick<SmokeQuery, 'expect' | 'on_missing'>,
  samples: readonly InstantSample[],
): Judgement {
  return conclude(query, problemsOf(query.expect, samples));
}

/**
 * A query that must hold for a time: every step is judged like a moment of its own. A series seen at any step is
 * missing at the steps where it has no point, and a step without any series is missing.
 *
 * @param times - The steps, Unix seconds.
 */
export function judgeRange(
  query: Pick<SmokeQuery, 'expect' | 'on_missing'>,
  result: RangeResult,
  times: readonly number[],
): Judgement {
  const lookup = result.series.map(({ labels, points }) => ({ labels, points, at: pointsByTime(points) }));
  const problems = new Map<string, Problem & { first: number; last: number; steps: number }>();
  for (const time of times) {
    const samples = lookup.map(({ labels, at }) => ({ labels, value: at.get(time) ?? missing('absent') }));
    // NaN carries no time: whatever is neither a number nor absent at this step counts as missing either way.
    for (const problem of problemsOf(query.expect, samples)) {
      const known = problems.get(problem.message) ?? { ...problem, first: time, last: time, steps: 0 };
      problems.set(problem.message, { ...known, last: time, steps: known.steps + 1 });
    }
  }
  const told = [...problems.values()].map(({ kind, message, first, last, steps }) => ({
    kind,
    message: `${message} (at ${steps} of ${times.length} steps, ${clockText(first)} to ${clockText(last)})`,
  }));
  return conclude(query, told);
}

/** Steps of a range query over `[end - seconds, end]`; the last one is `end`. */
export function rangeTimes(end: number, seconds: number, step: number): readonly number[] {
  const count = Math.floor(seconds / step) + 1;
  return Array.from({ length: count }, (_, index) => roundMs(end - (count - 1 - index) * step));
}

function pointsByTime(points: RangeResult['series'][number]['points']): Map<number, InstantSample['value']> {
  const at = new Map<number, InstantSample['value']>();
  for (const point of points) if (point.kind === 'value') at.set(roundMs(point.at), point);
  return at;
}

/** Prometheus counts time in milliseconds. */
function roundMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function clockText(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(11, 19);
}

function conclude({ on_missing }: Pick<SmokeQuery, 'on_missing'>, problems: readonly Problem[]): Judgement {
  const counted = problems.filter((problem) => problem.kind === 'unexpected' || on_missing !== 'pass');
  if (counted.length === 0) return { outcome: 'pass', problems: [] };
  const undecided = on_missing === 'hold' && counted.every((problem) => problem.kind === 'missing');
  return { outcome: undecided ? 'hold' : 'fail', problems: counted };
}

function problemsOf(expect: Expectation, samples: readonly InstantSample[]): Problem[] {
  const present = samples.filter(({ value }) => value.kind === 'value' || value.reason !== 'absent');
  const counted = countProblem(expect, present.length);
  // A count that allows zero is satisfied by an empty result; then there is nothing else to look at.
  if (samples.length === 0 && expect.count !== undefined && counted === undefined) return [];
  if (samples.length === 0) return [{ kind: 'missing', message: 'the result is empty' }, ...(counted ?? [])];
  const values = samples.map((sample) => valueProblem(expect, sample));
  const gaps = values.filter((problem) => problem?.kind === 'missing').filter((problem) => problem !== undefined);
  const wrong = values.filter((problem) => problem?.kind === 'unexpected').filter((problem) => problem !== undefined);
  const anyIsEnough = expect.series === 'any' && values.some((problem) => problem === undefined);
  return [
    ...(anyIsEnough ? [] : gaps),
    ...(anyIsEnough ? [] : wrong),
    ...(counted ?? []),
    ...present.flatMap((sample) => labelProblems(expect, sample.labels)),
  ];
}

function countProblem({ count }: Expectation, actual: number): Problem[] | undefined {
  if (count === undefined || compare(count.op, actual, count.value, 0)) return undefined;
  return [{ kind: 'unexpected', message: `the result has ${actual} series, expected ${count.op} ${count.value}` }];
}

function valueProblem(expect: Expectation, { labels, value }: InstantSample): Problem | undefined {
  const series = seriesText(labels);
  if (value.kind === 'missing') return { kind: 'missing', message: `${series} has no value (${value.reason})` };
  const wanted = wantedText(expect);
  if (wanted === undefined || holds(expect, value.value)) return undefined;
  return { kind: 'unexpected', message: `${series} is ${value.value}, expected ${wanted}` };
}

function holds({ op, value, between, tolerance }: Expectation, actual: number): boolean {
  if (between !== undefined) return actual >= between[0] - tolerance && actual <= between[1] + tolerance;
  return op === undefined || value === undefined || compare(op, actual, value, tolerance);
}

function wantedText({ op, value, between, tolerance }: Expectation): string | undefined {
  const spread = tolerance === 0 ? '' : ` (tolerance ${tolerance})`;
  if (between !== undefined) return `between ${between[0]} and ${between[1]}${spread}`;
  return op === undefined ? undefined : `${op} ${value}${spread}`;
}

// The tolerance widens what passes; for `!=` it widens what counts as equal.
function compare(op: Comparison, actual: number, value: number, tolerance: number): boolean {
  const equal = actual === value || Math.abs(actual - value) <= tolerance;
  switch (op) {
    case '==':
      return equal;
    case '!=':
      return !equal;
    case '<':
      return actual < value + tolerance;
    case '<=':
      return actual <= value + tolerance;
    case '>':
      return actual > value - tolerance;
    case '>=':
      return actual >= value - tolerance;
    default:
      return op satisfies never;
  }
}

function labelProblems({ labels: wanted = {} }: Expectation, labels: SeriesLabels): Problem[] {
  return Object.entries(wanted)
    .filter(([name, value]) => (labels[name] ?? '') !== value)
    .map(([name, value]) => ({
      kind: 'unexpected',
      message: `${seriesText(labels)} has ${name}=${JSON.stringify(labels[name] ?? '')}, expected ${JSON.stringify(value)}`,
    }));
}

function seriesText(labels: SeriesLabels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}
