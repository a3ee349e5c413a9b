import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Until the answer begins: an offline machine must not wait long. */
const CONNECT_MS = 5000;
/** A transfer that stands still for so long is given up. */
const STALL_MS = 30_000;

/** What a server answered. `unreachable` says that no answer came, so that asking it again is in vain. */
export type HttpAnswer =
  | { readonly kind: 'ok'; readonly response: Response; readonly keepAlive: () => void; readonly done: () => void }
  | { readonly kind: 'status'; readonly status: number; readonly location: string | undefined }
  | { readonly kind: 'unreachable'; readonly detail: string };

export type RequestOptions = {
  readonly method?: 'GET' | 'HEAD';
  readonly redirect?: 'follow' | 'manual';
  readonly signal: AbortSignal | undefined;
  readonly connectMs?: number;
};

/** One request with a short deadline until the headers, then one for standing still. Call `done` when the body is read. */
export async function request(url: string, options: RequestOptions): Promise<HttpAnswer> {
  const controller = new AbortController();
  const connectMs = options.connectMs ?? CONNECT_MS;
  let timer = setTimeout(() => controller.abort(new Error(`no answer within ${connectMs / 1000} s`)), connectMs);
  const signals = options.signal === undefined ? [controller.signal] : [controller.signal, options.signal];
  const keepAlive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error(`no data for ${STALL_MS / 1000} s`)), STALL_MS);
  };
  const done = (): void => clearTimeout(timer);
  try {
    const response = await fetch(url, {
      method: options.method ?? 'GET',
      redirect: options.redirect ?? 'follow',
      signal: AbortSignal.any(signals),
    });
    keepAlive();
    if (response.status === 200) return { kind: 'ok', response, keepAlive, done };
    done();
    await response.body?.cancel();
    return { kind: 'status', status: response.status, location: response.headers.get('location') ?? undefined };
  } catch (error) {
    done();
    return { kind: 'unreachable', detail: reasonOf(error) };
  }
}

/** Reads a small text. */
export async function requestText(
  url: string,
  options: RequestOptions,
): Promise<{ kind: 'text'; text: string } | Exclude<HttpAnswer, { kind: 'ok' }>> {
  const answer = await request(url, options);
  if (answer.kind !== 'ok') return answer;
  try {
    return { kind: 'text', text: await answer.response.text() };
  } catch (error) {
    return { kind: 'unreachable', detail: reasonOf(error) };
  } finally {
    answer.done();
  }
}

/** Writes the body to `file` and computes its SHA-256 on the way. */
export async function download(
  url: string,
  file: string,
  options: RequestOptions,
): Promise<{ kind: 'written'; sha256: string; bytes: number } | Exclude<HttpAnswer, { kind: 'ok' }>> {
  const answer = await request(url, options);
  if (answer.kind !== 'ok') return answer;
  const { response, keepAlive, done } = answer;
  const hash = createHash('sha256');
  let bytes = 0;
  async function* chunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      keepAlive();
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  try {
    if (response.body === null) return { kind: 'unreachable', detail: 'an empty answer' };
    await pipeline(chunks(response.body), createWriteStream(file));
    return { kind: 'written', sha256: hash.digest('hex'), bytes };
  } catch (error) {
    return { kind: 'unreachable', detail: reasonOf(error) };
  } finally {
    done();
  }
}

// fetch hides the cause ("fetch failed"); the cause's code (ENOTFOUND, ECONNREFUSED) is what helps.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
