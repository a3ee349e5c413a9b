import type { ServerFailure } from '@obsgate/core/server';
import { endpointOf, type Endpoint, type ServerOptions } from './options.ts';

/** An HTTP answer, or why there is none. */
export type HttpAnswer =
  | { readonly ok: true; readonly status: number; readonly body: string }
  | { readonly ok: false; readonly failure: ServerFailure };

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  /** `read`: changes nothing on the server and may be sent again. */
  readonly effect: 'read' | 'write';
};

export type Http = { readonly url: string; send(request: HttpRequest): Promise<HttpAnswer> };

/** A body above this is no answer to any of our questions; reading it whole could exhaust memory. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** A status after which the same read may succeed. 503 of the query API means aborted or timed out, of a proxy: restarting. */
const PASSING = new Set([429, 502, 503, 504]);

/** HTTP to one server: deadline for each request, and reads tried again with jitter. Redirects are not followed. */
export function httpTo(options: ServerOptions): Http {
  const endpoint = endpointOf(options);
  const { deadlineMs = 10_000, tries = 3, signal } = options;
  return {
    url: endpoint.url,
    send: async (request) => {
      const limit = request.effect === 'read' ? tries : 1;
      for (let attempt = 1; ; attempt++) {
        const answer = await sendOnce(endpoint, request, deadlineMs, signal);
        if (attempt >= limit || signal?.aborted === true || !worthAnotherTry(answer)) return answer;
        await pause(backoffMs(attempt));
      }
    },
  };
}

/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): 0 to 200, 400, 800 ms. */
function backoffMs(attempt: number): number {
  return Math.random() * 100 * 2 ** attempt;
}

function worthAnotherTry(answer: HttpAnswer): boolean {
  return answer.ok ? PASSING.has(answer.status) : answer.failure.kind === 'unreachable';
}

async function sendOnce(
  endpoint: Endpoint,
  request: HttpRequest,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(`${endpoint.url}${request.path}`, {
      method: request.method,
      headers: endpoint.headers,
      // A redirect could carry the credentials and the reload to another server.
      redirect: 'manual',
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      ...(request.form === undefined ? {} : { body: new URLSearchParams(request.form) }),
    });
    const body = await readBody(response);
    if (body !== undefined) return { ok: true, status: response.status, body };
    return failed('bad_response', `${request.path} answered with more than ${MAX_BODY_BYTES} bytes`);
  } catch (error) {
    if (deadline.aborted) return failed('deadline', `no answer from ${request.path} within ${deadlineMs / 1000} s`);
    return failed('unreachable', `${endpoint.url} cannot be reached: ${causeOf(error)}`);
  }
}

async function readBody(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failed(kind: ServerFailure['kind'], message: string): HttpAnswer {
  return { ok: false, failure: { kind, message } };
}

// fetch says "fetch failed" and keeps what happened in `cause`.
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause;
  if (cause instanceof AggregateError) return causeOf(cause.errors[0]);
  return cause instanceof Error ? causeOf(cause) : error.message;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
