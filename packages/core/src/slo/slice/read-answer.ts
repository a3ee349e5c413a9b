import * as z from 'zod';
import { measured, missing, type Measured, type Reason } from '../../kernel/index.ts';

/** What a server said to one range query: points by time in milliseconds, or why there are none. */
export type RangeAnswer =
  | { readonly kind: 'points'; readonly points: ReadonlyMap<number, Measured> }
  | { readonly kind: 'failed'; readonly reason: Reason };

// The body of /api/v1/query_range: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
// Unlike configuration, unknown keys are allowed: newer servers add fields. A series of native histograms has no values.
const bodySchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.object({
      resultType: z.literal('matrix'),
      result: z.array(
        z.strictObject({
          metric: z.record(z.string(), z.string()),
          values: z.array(z.tuple([z.number(), z.string()])),
        }),
      ),
    }),
    warnings: z.array(z.string()).nullish(),
    infos: z.array(z.string()).nullish(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/**
 * Reads the unmodified body of a range query's answer. `undefined` stands for a server that did not answer. An error,
 * a warning (a partial answer of several stores, for one) and more than one series are failures: what is there cannot
 * be told from what is not.
 */
export function readAnswer(body: string | undefined, subject: string): RangeAnswer {
  if (body === undefined) return failed('server_unreachable', 'the server did not answer', subject);
  const parsed = bodySchema.safeParse(parseJson(body));
  if (!parsed.success) return failed('unexpected_answer', 'the answer is not that of a range query', subject);
  if (parsed.data.status === 'error') {
    const { errorType, error } = parsed.data;
    return failed('query_failed', `the server refused the query: ${errorType}: ${oneLine(error)}`, subject);
  }
  const { data, warnings } = parsed.data;
  const [warning] = warnings ?? [];
  if (warning !== undefined) {
    return failed('query_failed', `the answer is not whole, the server warns: ${oneLine(warning)}`, subject);
  }
  const [first, ...others] = data.result;
  if (others.length > 0) {
    const message = `the query returns ${data.result.length} series where one is needed; aggregate them, as sum(...) does`;
    return failed('several_series', message, subject);
  }
  return { kind: 'points', points: new Map((first?.values ?? []).map(([at, text]) => [toMs(at), point(text, at)])) };
}

export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

function point(text: string, at: number): Measured {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  // `+Inf`, `-Inf` and `NaN` are no counts and no objective's value; all of them come from a division by nothing.
  return Number.isFinite(value) ? measured(value, at) : missing('nan');
}

function failed(code: Reason['code'], message: string, subject: string): RangeAnswer {
  return { kind: 'failed', reason: { code, message: `${subject}: ${message}`, subject } };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the schema refuses it
  }
}
