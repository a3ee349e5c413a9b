import { BASELINE_SECONDS, ROLES, type MetricSpec, type Role, type SloSpec } from '@obsgate/core/slo';
import { httpTo, type ServerOptions } from '../api/index.ts';

export type AskOptions = ServerOptions & {
  /** Unix seconds. */
  readonly mergedAt: number;
  readonly now: number;
  readonly scrapeSeconds: number;
  /** Requests under way at a time; default 8. */
  readonly concurrency?: number;
};

/** One query of a metric and the unmodified body of its answer; undefined when the server did not answer. */
export type Answered = {
  readonly metric: string;
  readonly role: Role;
  readonly query: string;
  readonly body: string | undefined;
};

type Question = { readonly metric: MetricSpec; readonly role: Role; readonly query: string };

/**
 * Asks every query of an SLO file as one range query each, from two hours before the merge to the last closed slice.
 * Never throws for what the server does: a body that is an error, or no body, is an answer that the judge reads.
 *
 * @throws ConfigError when the URL or the credentials cannot be used.
 */
export async function askServer(spec: SloSpec, options: AskOptions): Promise<readonly Answered[]> {
  const http = httpTo({ deadlineMs: 30_000, ...options });
  const questions = spec.metrics.flatMap((metric) => questionsOf(metric));
  const widest = Math.max(0, ...spec.metrics.map(({ rangeSeconds }) => rangeSeconds));
  const { start, end } = span(spec, options, widest);
  return inParallel(questions, options.concurrency ?? 8, async ({ metric, role, query }) => {
    const form = { query, start: String(start), end: String(end), step: String(spec.stepSeconds) };
    // POST: an expression may be longer than a URL is allowed to be.
    const answer = await http.send({ method: 'POST', path: '/api/v1/query_range', form, effect: 'read' });
    return { metric: metric.name, role, query, body: answer.ok ? answer.body : undefined };
  });
}

function questionsOf(metric: MetricSpec): Question[] {
  return ROLES.flatMap((role) => {
    const query = metric.queries[role];
    return query === undefined ? [] : [{ metric, role, query }];
  });
}

/** On the grid of the merge, so that the first slice begins with it and the last one is closed. */
function span(
  spec: SloSpec,
  { mergedAt, now, scrapeSeconds }: AskOptions,
  widest: number,
): { start: number; end: number } {
  const step = spec.stepSeconds;
  const closed = Math.min(now, mergedAt + spec.windowMs / 1000 + 2 * scrapeSeconds) - 2 * scrapeSeconds;
  const stepsAfter = Math.max(0, Math.floor((closed - mergedAt) / step));
  const stepsBefore = Math.floor((BASELINE_SECONDS - Math.min(widest, BASELINE_SECONDS)) / step);
  return { start: mergedAt - stepsBefore * step, end: mergedAt + stepsAfter * step };
}

export async function inParallel<A, B>(
  items: readonly A[],
  limit: number,
  work: (item: A) => Promise<B>,
): Promise<B[]> {
  const results: B[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
