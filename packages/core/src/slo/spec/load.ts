import { ConfigError, formatDuration, parseDuration, type Reason } from '../../kernel/index.ts';
import { requireInput } from '../../input/index.ts';
import { ageQuery, countsOfQuotient, histogramQueries, isPerSecond, unreadable, widestRange } from './expressions.ts';
import type { CountMetric, MetricSpec, SloSpec, ValueMetric } from './model.ts';
import { sloSchema, type ObjectiveFile, type SloFile } from './schema.ts';

/** Names and expressions of which more is better: an older file's `threshold` is then the least value. */
const MORE_IS_BETTER = /avail|success|uptime|apdex|healthy|(^|[_:-])ok($|[_:-])/i;

/**
 * Reads one file of `.slo/`.
 *
 * @param scrapeSeconds Scrape interval of what the file reads: a slice holds at least four scrapes.
 * @throws ConfigError that names file, line and column of everything wrong.
 */
export function loadSlo(path: string, text: string, scrapeSeconds = 15): SloSpec {
  const file = requireInput(sloSchema, path, text);
  const windowMs = milliseconds(file.window);
  const stepMs = milliseconds(file.step);
  if (stepMs < 60_000) throw new ConfigError(`step is ${file.step}; a slice is at least 60s long`, path);
  if (windowMs < 5 * stepMs) throw new ConfigError(`window is ${file.window}; it holds less than five steps`, path);
  const context: Context = { path, stepMs, sliceMs: Math.max(stepMs, ceilTo(4000 * scrapeSeconds, 1000)) };
  const metrics = Object.entries(file.slo).map(([name, objective]) => metricOf(name, objective, context));
  return { file: path, windowMs, stepSeconds: stepMs / 1000, metrics, combine: combineOf(file, path) };
}

type Context = { readonly path: string; readonly stepMs: number; readonly sliceMs: number };

function combineOf(file: SloFile, path: string): SloSpec['combine'] {
  if (file.combine === 'any') return { kind: 'any' };
  const names = file.combine['all-of'];
  const unknown = names.filter((name) => !(name in file.slo));
  if (unknown.length === 0) return { kind: 'all-of', names };
  throw new ConfigError(`combine names ${unknown.join(', ')}, which slo does not define`, path);
}

function metricOf(name: string, objective: ObjectiveFile, context: Context): MetricSpec {
  for (const key of ['bad', 'total', 'query', 'histogram'] as const) {
    const text = objective[key];
    const rest = text === undefined ? undefined : unreadable(text);
    if (rest !== undefined)
      throw new ConfigError(`slo.${name}.${key} is no PromQL expression: ${JSON.stringify(rest)}`, context.path);
  }
  if (objective.query !== undefined) return valueMetric(name, objective, objective.query, context);
  if (objective.histogram !== undefined) return histogramMetric(name, objective, objective.histogram, context);
  return ratioMetric(name, objective, context);
}

function common(name: string, objective: ObjectiveFile): Pick<CountMetric, 'name' | 'onMissing' | 'forMs'> {
  const forMs = objective.for === undefined ? undefined : milliseconds(objective.for);
  return { name, onMissing: objective.on_missing, forMs };
}

function ratioMetric(name: string, objective: ObjectiveFile, context: Context): CountMetric {
  const { bad = '', total = '', max = 0 } = objective;
  const rangeOf = (text: string): number => widestRange(text) ?? context.stepMs / 1000;
  const [badRange, totalRange] = [rangeOf(bad), rangeOf(total)];
  if (badRange !== totalRange) {
    throw new ConfigError(
      `slo.${name} counts bad requests over ${badRange} s and all over ${totalRange} s; a share needs one range`,
      context.path,
    );
  }
  const scaleOf = (text: string): number => (isPerSecond(text) ? rangeOf(text) : 1);
  return {
    ...common(name, objective),
    kind: 'counts',
    source: 'ratio',
    limit: max,
    rangeSeconds: badRange,
    scale: { bad: scaleOf(bad), total: scaleOf(total) },
    queries: { bad, total },
    notes: badRange > context.stepMs / 1000 ? [overlapNote(name, badRange, context)] : [],
  };
}

function overlapNote(name: string, rangeSeconds: number, context: Context): Reason {
  const step = formatDuration({ ms: context.stepMs });
  const message = `each value covers ${rangeSeconds} s at a step of ${step}: only values that do not overlap are counted, so a breach is seen later; write increase(...[${step}])`;
  return { code: 'smoothed_query', message, subject: name };
}

function histogramMetric(name: string, objective: ObjectiveFile, selector: string, context: Context): CountMetric {
  const { le = 0, max = 0 } = objective;
  const queries = histogramQueries(selector, le, formatDuration({ ms: context.sliceMs }));
  if (queries === undefined) {
    const message = `slo.${name}.histogram is a selector of _bucket series without le, such as http_request_duration_seconds_bucket{job="prod"}`;
    throw new ConfigError(message, context.path);
  }
  return {
    ...common(name, objective),
    kind: 'counts',
    source: 'histogram',
    limit: max,
    rangeSeconds: context.sliceMs / 1000,
    scale: { bad: 1, total: 1 },
    queries: { 'histogram-le': queries.le, 'histogram-all': queries.all },
    notes: [],
  };
}

function valueMetric(name: string, objective: ObjectiveFile, query: string, context: Context): ValueMetric {
  const { direction, limit, notes } = boundOf(name, objective, query);
  const rangeSeconds = widestRange(query) ?? 0;
  const counts = direction === 'max' ? countsOf(name, objective, query, limit, context) : undefined;
  const age = ageQuery(query);
  const smoothed = rangeSeconds * 1000 > context.stepMs;
  return {
    ...common(name, objective),
    kind: 'value',
    direction,
    limit,
    rangeSeconds,
    counts,
    queries: { query, ...(age === undefined ? {} : { age }), ...counts?.queries },
    notes: smoothed ? [...notes, smoothedNote(name, rangeSeconds, counts)] : notes,
  };
}

function boundOf(
  name: string,
  { min, max, threshold }: ObjectiveFile,
  query: string,
): { direction: 'min' | 'max'; limit: number; notes: readonly Reason[] } {
  if (min !== undefined) return { direction: 'min', limit: min, notes: [] };
  if (max !== undefined) return { direction: 'max', limit: max, notes: [] };
  const limit = threshold ?? 0;
  if (!MORE_IS_BETTER.test(name)) return { direction: 'max', limit, notes: [] };
  const message = `threshold of ${JSON.stringify(name)} is read as the least value, since of ${JSON.stringify(query)} more is better by its name; write min`;
  return { direction: 'min', limit, notes: [{ code: 'direction_assumed', message, subject: name }] };
}

function countsOf(
  name: string,
  objective: ObjectiveFile,
  query: string,
  limit: number,
  context: Context,
): CountMetric | undefined {
  if (!(limit > 0 && limit < 1)) return undefined;
  const queries = countsOfQuotient(query, formatDuration({ ms: context.sliceMs }));
  if (queries === undefined) return undefined;
  return {
    ...common(name, objective),
    kind: 'counts',
    source: 'ratio',
    limit,
    rangeSeconds: context.sliceMs / 1000,
    scale: { bad: 1, total: 1 },
    queries,
    notes: [],
  };
}

function smoothedNote(name: string, rangeSeconds: number, counts: CountMetric | undefined): Reason {
  const smear = `the query smears over ${rangeSeconds} s: a blip stays over the limit for that long, so a breach is proved that much later and nothing says how many requests it rests on`;
  const help =
    counts === undefined
      ? 'write bad, total and max (or histogram, le and max)'
      : `write bad: ${counts.queries.bad ?? ''} and total: ${counts.queries.total ?? ''}, which are asked beside it`;
  return { code: 'smoothed_query', message: `${smear}; ${help}`, subject: name };
}

function milliseconds(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`${text} passed the schema and is no duration`);
  return duration.ms;
}

function ceilTo(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
