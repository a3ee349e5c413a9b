import type * as z from 'zod';
import { classify, type Failure, type Refusal } from './failure.ts';
import type { Answer, GitHubClient, RequestRecord, Send } from './model.ts';

export type ConnectOptions = {
  /** `GITHUB_API_URL`; GitHub's own by default. */
  readonly apiUrl?: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** Time for one request, 10 s by default. */
  readonly timeoutMs?: number;
  readonly onRequest?: (record: RequestRecord) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
};

const DEFAULT_URL = 'https://api.github.com';
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const FIRST_DELAY_MS = 200;
/** A read waits out a limit that is this short, and no longer: a job must not stand still for an hour. */
const LONGEST_WAIT_MS = 20_000;
const PAGE = 100;

type Raw = { readonly status: number; readonly data: unknown };
type Transport = (request: Send, signal: AbortSignal) => Promise<Raw>;
type Context = Required<Pick<ConnectOptions, 'owner' | 'repo' | 'timeoutMs' | 'now' | 'sleep'>> & {
  readonly transport: Transport;
  readonly records: RequestRecord[];
  readonly onRequest: ((record: RequestRecord) => void) | undefined;
  readonly signal: AbortSignal | undefined;
};

/** Opens a client for one repository. Octokit is loaded here, when the first client is asked for. */
export async function connect(options: ConnectOptions): Promise<GitHubClient> {
  const { Octokit } = await import('@octokit/rest');
  const baseUrl = (options.apiUrl ?? DEFAULT_URL).replace(/\/+$/, '');
  const quiet = (): void => undefined;
  const octokit = new Octokit({
    auth: options.token,
    baseUrl,
    userAgent: 'obsgate',
    // Failures are answers here and are reported by whoever asked.
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const transport: Transport = async ({ route, params, format }, signal) => {
    // GitHub Enterprise Server has REST below /api/v3 and GraphQL below /api.
    const url = route === 'POST /graphql' ? { baseUrl: baseUrl.replace(/\/api\/v3$/, '/api') } : {};
    const { status, data } = await octokit.request(route, {
      ...(route.includes('{owner}') ? { owner: options.owner, repo: options.repo } : {}),
      ...params,
      ...url,
      ...(format === undefined ? {} : { mediaType: { format } }),
      request: { signal },
    });
    return { status, data: data as unknown };
  };
  return clientOf({
    owner: options.owner,
    repo: options.repo,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? sleepFor,
    onRequest: options.onRequest,
    transport,
    records: [],
    signal: undefined,
  });
}

function clientOf(context: Context): GitHubClient {
  const send = (request: Send): Promise<Answer<unknown>> => sendWithRetries(context, request, isRead(request));
  return {
    owner: context.owner,
    repo: context.repo,
    requests: context.records,
    send,
    call: async (request, schema) => shaped(request.route, await send(request), schema, isRead(request)),
    list: (request, item) => listAll(send, request, item),
    graphql: async (document, schema) => {
      const reads = document.kind === 'read';
      const request: Send = {
        route: 'POST /graphql',
        params: { query: document.text, variables: document.variables ?? {} },
      };
      return unwrap(await sendWithRetries(context, request, reads), schema, reads, document.optional ?? []);
    },
    until: (signal) => clientOf({ ...context, signal }),
  };
}

function isRead({ route }: Send): boolean {
  return route.startsWith('GET ');
}

async function sendWithRetries(context: Context, request: Send, reads: boolean): Promise<Answer<unknown>> {
  for (let attempt = 1; ; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await attemptOnce(context, request, reads, attempt);
    if (answer.kind === 'ok' || !reads || attempt === ATTEMPTS) return answer;
    const wait = retryDelay(answer.failure, attempt);
    if (wait === undefined) return answer;
    // oxlint-disable-next-line no-await-in-loop
    await context.sleep(wait, context.signal);
  }
}

function retryDelay(failure: Failure, attempt: number): number | undefined {
  if (failure.kind === 'unavailable') return FIRST_DELAY_MS * 2 ** (attempt - 1);
  if (failure.kind !== 'rate-limited' || failure.retryAfterMs === undefined) return undefined;
  return failure.retryAfterMs <= LONGEST_WAIT_MS ? failure.retryAfterMs : undefined;
}

async function attemptOnce(context: Context, request: Send, reads: boolean, attempt: number): Promise<Answer<unknown>> {
  const started = context.now();
  const timeout = AbortSignal.timeout(context.timeoutMs);
  const signal = context.signal === undefined ? timeout : AbortSignal.any([context.signal, timeout]);
  const record = (status: number | undefined): void => {
    const entry = { request: request.route, status, ms: context.now() - started, attempt };
    context.records.push(entry);
    context.onRequest?.(entry);
  };
  try {
    context.signal?.throwIfAborted();
    const { status, data } = await context.transport(request, signal);
    record(status);
    return { kind: 'ok', value: data, status };
  } catch (error) {
    const refusal = refusalOf(error, {
      cancelled: context.signal?.aborted === true,
      timedOut: timeout.aborted,
      context,
    });
    record(refusal.status);
    return { kind: 'failed', failure: classify(request.route, refusal, reads, context.now()) };
  }
}

type Ended = { readonly cancelled: boolean; readonly timedOut: boolean; readonly context: Context };

function refusalOf(error: unknown, { cancelled, timedOut, context }: Ended): Refusal {
  const response = responseOf(error);
  if (response !== undefined) {
    return {
      status: response.status,
      message: messageOf(response.data, response.status),
      headers: response.headers,
      cancelled: false,
    };
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  const message = cancelled
    ? 'cancelled'
    : timedOut
      ? `no answer within ${context.timeoutMs} ms`
      : `no answer: ${text}`;
  return { status: undefined, message, headers: {}, cancelled };
}

type ErrorResponse = { readonly status: number; readonly data: unknown; readonly headers: Refusal['headers'] };

/** Octokit's RequestError carries the response; for a broken connection it has a made-up status and no response. */
function responseOf(error: unknown): ErrorResponse | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  // The shape is Octokit's: https://github.com/octokit/request-error.js
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return error.response as ErrorResponse | undefined;
}

/** GitHub's sentence with its details; a 5xx of the edge is a page, of which the status says all. */
function messageOf(data: unknown, status: number): string {
  if (typeof data !== 'object' || data === null || !('message' in data) || typeof data.message !== 'string') {
    return `answered without a message (${status})`;
  }
  const errors = 'errors' in data && Array.isArray(data.errors) ? (data.errors as readonly unknown[]) : [];
  const details = errors.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return [data.message, ...details].join('; ');
}

function shaped<T>(request: string, answer: Answer<unknown>, schema: z.ZodType<T>, reads: boolean): Answer<T> {
  if (answer.kind === 'failed') return answer;
  const result = schema.safeParse(answer.value, { jitless: true });
  if (result.success) return { ...answer, value: result.data };
  const issue = result.error.issues[0];
  const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not of the documented shape'}`;
  // A write whose answer can't be read was made all the same.
  const effect = reads ? 'none' : 'unknown';
  return { kind: 'failed', failure: { kind: 'unexpected', status: answer.status, message, request, effect } };
}

async function listAll<T>(
  send: (request: Send) => Promise<Answer<unknown>>,
  request: Send,
  item: z.ZodType<T>,
): Promise<Answer<T[]>> {
  const items: T[] = [];
  for (let page = 1; ; page++) {
    const params = { ...request.params, per_page: PAGE, page };
    // oxlint-disable-next-line no-await-in-loop -- whether there is a next page is known after this one
    const answer = shaped(request.route, await send({ ...request, params }), item.array(), true);
    if (answer.kind === 'failed') return answer;
    items.push(...answer.value);
    if (answer.value.length < PAGE) return { kind: 'ok', value: items, status: answer.status };
  }
}

type GraphqlError = { readonly type?: string; readonly message: string; readonly path?: readonly unknown[] };

function unwrap<T>(
  answer: Answer<unknown>,
  schema: z.ZodType<T>,
  reads: boolean,
  optional: readonly string[],
): Answer<T> {
  if (answer.kind === 'failed') return answer;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const body = answer.value as { readonly data?: unknown; readonly errors?: readonly GraphqlError[] } | null;
  const [error] = body?.errors?.filter(({ path }) => !optional.includes(String(path?.[0]))) ?? [];
  if (error !== undefined) {
    const messages = body?.errors?.map(({ message }) => message).join('; ') ?? error.message;
    const failure: Failure = {
      kind: graphqlKind(error),
      status: answer.status,
      message: messages,
      request: 'POST /graphql',
      // Errors beside data: one of several mutations may have been made.
      effect: reads || body?.data === undefined || body.data === null || isEmpty(body.data) ? 'none' : 'unknown',
    };
    return { kind: 'failed', failure };
  }
  return shaped('POST /graphql', { ...answer, value: body?.data }, schema, reads);
}

function isEmpty(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).every((value) => value === null);
}

function graphqlKind({ type, message }: GraphqlError): Failure['kind'] {
  if (type === 'NOT_FOUND') return 'not-found';
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') return 'forbidden';
  if (type === 'RATE_LIMITED' || /rate limit/i.test(message)) return 'rate-limited';
  if (/something went wrong|timeout|try again/i.test(message)) return 'unavailable';
  return 'invalid';
}

function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
