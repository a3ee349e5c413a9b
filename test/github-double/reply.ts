/** An answer in the making. `body: undefined` sends no body. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Sent instead of JSON, for the raw and diff media types. */
  readonly raw?: { readonly content: Buffer; readonly type: string };
};

const REFUSAL = Symbol('refusal');
type Refusal = Error & { readonly [REFUSAL]: Reply };

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export const noContent: Reply = { status: 204 };

/** Ends the request with GitHub's error body. */
export function refuse(status: number, message: string, extra: Record<string, unknown> = {}): never {
  const body = { message, ...extra, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  throw Object.assign(new Error(message), { [REFUSAL]: { status, body } satisfies Reply });
}

export function notFound(): never {
  return refuse(404, 'Not Found');
}

/** 422 "Validation Failed" with GitHub's `errors[]`. */
export function invalid(resource: string, field: string, code: string, message?: string): never {
  const error = message === undefined ? { resource, field, code } : { resource, field, code, message };
  return refuse(422, 'Validation Failed', { errors: [error] });
}

/** 422 as GitHub's request schema check words it. */
export function invalidRequest(detail: string): never {
  return refuse(422, `Invalid request.\n\n${detail}`);
}

export function refusalOf(error: unknown): Reply | null {
  return error instanceof Error && REFUSAL in error ? (error as Refusal)[REFUSAL] : null;
}
