import type {
  InstantResult,
  PrometheusServer,
  RangeQuery,
  RangeResult,
  ServerAnswer,
  ServerRuleGroup,
} from '@obsgate/core/server';
import type * as z from 'zod';
import { parseExposition } from './exposition.ts';
import { httpTo, type Http, type HttpAnswer, type HttpRequest } from './http.ts';
import type { ServerOptions } from './options.ts';
import {
  alertsSchema,
  buildInfoSchema,
  configTextSchema,
  envelopeSchema,
  flagsSchema,
  formatSchema,
  instantSchema,
  rangeSchema,
  rulesSchema,
  runtimeInfoSchema,
  targetsSchema,
} from './schemas.ts';

/**
 * A client of one Prometheus server (or of what speaks its API).
 *
 * @throws ConfigError when the URL or the credentials cannot be used; requests themselves never throw.
 */
export function prometheusServer(options: ServerOptions): PrometheusServer {
  const http = httpTo(options);
  const get = <T>(path: string, schema: z.ZodType<T>): Promise<ServerAnswer<T>> =>
    call(http, read('GET', path), schema);
  // POST for queries: an expression may be longer than a URL is allowed to be.
  const post = <T>(path: string, form: Record<string, string>, schema: z.ZodType<T>): Promise<ServerAnswer<T>> =>
    call(http, { ...read('POST', path), form }, schema);
  return {
    url: http.url,
    query: async (expr, at) => {
      const form = at === undefined ? { query: expr } : { query: expr, time: String(at) };
      return map(await post('/api/v1/query', form, instantSchema), instantResult);
    },
    queryRange: async (query) => map(await post('/api/v1/query_range', rangeForm(query), rangeSchema), rangeResult),
    formatQuery: (expr) => post('/api/v1/format_query', { query: expr }, formatSchema),
    rules: async () => map(await get('/api/v1/rules', rulesSchema), ruleGroups),
    alerts: async () => map(await get('/api/v1/alerts', alertsSchema), (value) => value.alerts),
    targets: async () =>
      map(await get('/api/v1/targets?state=active', targetsSchema), (value) =>
        value.activeTargets.map(({ scrapePool, ...target }) => ({ pool: scrapePool, ...target })),
      ),
    buildInfo: () => get('/api/v1/status/buildinfo', buildInfoSchema),
    runtimeInfo: () => get('/api/v1/status/runtimeinfo', runtimeInfoSchema),
    configText: async () => map(await get('/api/v1/status/config', configTextSchema), (value) => value.yaml),
    flags: () => get('/api/v1/status/flags', flagsSchema),
    metrics: async () => readText(await http.send(read('GET', '/metrics')), '/metrics', parseExposition),
    ready: async () => {
      // One try: 503 is the answer "not yet", and the caller polls anyway.
      const answer = await http.send({ method: 'GET', path: '/-/ready', effect: 'write' });
      if (!answer.ok) return answer;
      if (answer.status === 200 || answer.status === 503) return success(answer.status === 200);
      return unexpectedStatus('/-/ready', answer.status, answer.body);
    },
    reload: async () => {
      const answer = await http.send({ method: 'POST', path: '/-/reload', effect: 'write' });
      return answer.ok ? success({ status: answer.status, body: answer.body.trim() }) : answer;
    },
  };
}

function read(method: 'GET' | 'POST', path: string): HttpRequest {
  return { method, path, effect: 'read' };
}

function rangeForm({ expr, start, end, stepSeconds }: RangeQuery): Record<string, string> {
  return { query: expr, start: String(start), end: String(end), step: String(stepSeconds) };
}

async function call<T>(http: Http, request: HttpRequest, schema: z.ZodType<T>): Promise<ServerAnswer<T>> {
  const answer = await http.send(request);
  if (!answer.ok) return answer;
  const path = request.path.replace(/\?.*$/, '');
  const envelope = envelopeSchema.safeParse(parseJson(answer.body));
  if (!envelope.success) {
    if (answer.status !== 200) return unexpectedStatus(path, answer.status, answer.body);
    return badResponse(path, 'the body is not the JSON of the Prometheus API');
  }
  if (envelope.data.status === 'error') {
    const { errorType, error } = envelope.data;
    return {
      ok: false,
      failure: { kind: 'api_error', message: `${errorType}: ${error}`.replace(/\s+/g, ' '), status: answer.status },
    };
  }
  const { data, warnings, infos } = envelope.data;
  const result = schema.safeParse(data);
  if (!result.success) return badResponse(path, issueText(result.error));
  return { ok: true, value: result.data, warnings: warnings ?? [], infos: infos ?? [] };
}

function readText<T>(answer: HttpAnswer, path: string, parse: (text: string) => T | undefined): ServerAnswer<T> {
  if (!answer.ok) return answer;
  if (answer.status !== 200) return unexpectedStatus(path, answer.status, answer.body);
  const value = parse(answer.body);
  return value === undefined ? badResponse(path, 'the body is not what was asked for') : success(value);
}

function success<T>(value: T): ServerAnswer<T> {
  return { ok: true, value, warnings: [], infos: [] };
}

function map<A, B>(answer: ServerAnswer<A>, change: (value: A) => B): ServerAnswer<B> {
  return answer.ok ? { ...answer, value: change(answer.value) } : answer;
}

function badResponse(path: string, why: string): ServerAnswer<never> {
  return { ok: false, failure: { kind: 'bad_response', message: `${path}: ${why}` } };
}

function unexpectedStatus(path: string, status: number, body: string): ServerAnswer<never> {
  const excerpt = body.replace(/\s+/g, ' ').trim().slice(0, 200);
  const message = `${path} answered ${status}${excerpt === '' ? '' : `: ${excerpt}`}`;
  return { ok: false, failure: { kind: 'http', message, status } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the schema refuses it
  }
}

function issueText(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unexpected shape' : `${issue.path.map(String).join('.')}: ${issue.message}`;
}

function instantResult(value: z.infer<typeof instantSchema>): InstantResult {
  if (value.resultType === 'scalar') return { kind: 'scalar', samples: [{ labels: {}, value: value.result }] };
  return { kind: 'vector', samples: value.result.map((item) => ({ labels: item.metric, value: item.value })) };
}

function rangeResult(value: z.infer<typeof rangeSchema>): RangeResult {
  return { series: value.result.map((item) => ({ labels: item.metric, points: item.values })) };
}

function ruleGroups(value: z.infer<typeof rulesSchema>): readonly ServerRuleGroup[] {
  return value.groups.map(({ name, file, interval, rules }) => ({
    name,
    file,
    intervalSeconds: interval,
    rules: rules.map((rule) => ({
      kind: rule.type,
      name: rule.name,
      query: rule.query,
      labels: rule.labels ?? {},
      durationSeconds: rule.type === 'alerting' ? rule.duration : 0,
      keepFiringForSeconds: rule.type === 'alerting' ? rule.keepFiringFor : undefined,
      annotations: rule.type === 'alerting' ? (rule.annotations ?? {}) : {},
      health: rule.health,
      lastError: rule.lastError,
      evaluated: !rule.lastEvaluation.startsWith('0001-'),
    })),
  }));
}
