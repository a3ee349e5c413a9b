import { BASELINE_SECONDS, ROLES, type Role, type SloSpec } from '@obsgate/core/slo';
import { httpTo, type ServerOptions } from '../api/index.ts';
import { inParallel } from './ask.ts';

/** A window that is to be judged by one SLO file; its identity is the object itself. */
export type SharedWindow = {
  readonly spec: SloSpec;
  /** Unix seconds. */
  readonly mergedAt: number;
};

export type AskSharedOptions = ServerOptions & {
  /** Unix seconds. */
  readonly now: number;
  readonly scrapeSeconds: number;
  /** Requests under way at a time; default 8. */
  readonly concurrency?: number;
};

/** Answers of one run, for all its windows. */
export type SharedAnswers = {
  /** Unmodified body; undefined: no answer. */
  body(window: SharedWindow, metric: string, role: Role): string | undefined;
  /** Range queries that were asked. */
  readonly asked: number;
};

/** One day of minutes: far below the server's limit of 11,000, and small enough to be read for every window in it. */
const MAX_POINTS = 1440;

type Span = { readonly window: SharedWindow; readonly start: number; readonly end: number };
type Question = { readonly query: string; readonly step: number; start: number; end: number; windows: SharedWindow[] };

/**
 * Asks for many windows at once: one range query for each expression and step covers every window that overlaps the
 * one before it. All are asked on the grid of the clock, not of the merges, or no two windows could share an answer;
 * the judge reads the grid off the points. Never throws for what the server does.
 *
 * @throws ConfigError when the URL or the credentials cannot be used.
 */
export async function askShared(windows: readonly SharedWindow[], options: AskSharedOptions): Promise<SharedAnswers> {
  const http = httpTo({ deadlineMs: 30_000, ...options });
  const questions = questionsOf(windows, options);
  const bodies = new Map<SharedWindow, Map<string, string | undefined>>();
  await inParallel(questions, options.concurrency ?? 8, async ({ query, step, start, end, windows: covered }) => {
    const form = { query, start: String(start), end: String(end), step: String(step) };
    const answer = await http.send({ method: 'POST', path: '/api/v1/query_range', form, effect: 'read' });
    const body = answer.ok ? answer.body : undefined;
    for (const window of covered) {
      const known = bodies.get(window) ?? new Map<string, string | undefined>();
      bodies.set(window, known.set(query, body));
    }
  });
  return {
    asked: questions.length,
    body: (window, metric, role) => {
      const query = window.spec.metrics.find(({ name }) => name === metric)?.queries[role];
      return query === undefined ? undefined : bodies.get(window)?.get(query);
    },
  };
}

function questionsOf(windows: readonly SharedWindow[], options: AskSharedOptions): Question[] {
  const spans = new Map<string, { query: string; step: number; spans: Span[] }>();
  for (const window of windows) {
    const { stepSeconds: step, metrics } = window.spec;
    const span = spanOf(window, options);
    const queries = metrics.flatMap((metric) => ROLES.flatMap((role) => metric.queries[role] ?? []));
    for (const query of new Set(queries)) {
      const key = `${step} ${query}`;
      const asked = spans.get(key) ?? { query, step, spans: [] };
      asked.spans.push(span);
      spans.set(key, asked);
    }
  }
  return [...spans.values()].flatMap(({ query, step, spans: each }) => clusters(query, step, each));
}

function clusters(query: string, step: number, spans: readonly Span[]): Question[] {
  const questions: Question[] = [];
  for (const { window, start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = questions.at(-1);
    const joined = last === undefined ? Infinity : (Math.max(last.end, end) - last.start) / step;
    if (last !== undefined && start <= last.end && joined < MAX_POINTS) {
      last.end = Math.max(last.end, end);
      last.windows.push(window);
    } else questions.push({ query, step, start, end, windows: [window] });
  }
  return questions;
}

/** From the baseline's begin to the last closed slice, both on the grid of the clock. */
function spanOf(window: SharedWindow, { now, scrapeSeconds }: AskSharedOptions): Span {
  const { mergedAt, spec } = window;
  const step = spec.stepSeconds;
  const closed = Math.min(now - 2 * scrapeSeconds, mergedAt + spec.windowMs / 1000);
  const start = Math.ceil((mergedAt - BASELINE_SECONDS) / step) * step;
  return { window, start, end: Math.max(start, Math.floor(closed / step) * step) };
}
