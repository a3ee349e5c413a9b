import type * as z from 'zod';
import type { Failure } from './failure.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Send = {
  /** Method and template; `{owner}` and `{repo}` are filled in by the client. */
  readonly route: `${Method} /${string}`;
  /** Parameters of the template, of the query (GET) or of the body. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** `raw` for files as they are. */
  readonly format?: 'raw';
};

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** One request as it went: what budgets are counted with, and what debug logs show. Never holds bodies. */
export type RequestRecord = {
  readonly request: string;
  readonly status: number | undefined;
  readonly ms: number;
  readonly attempt: number;
};

/**
 * A repository of GitHub. Reads are tried up to three times; writes are sent once, and a write without an answer is
 * a failure with `effect: 'unknown'`: the caller reads what became of it.
 */
export type GitHubClient = {
  readonly owner: string;
  readonly repo: string;
  send(request: Send): Promise<Answer<unknown>>;
  /** As `send`, and the answer must be of the schema's shape. */
  call<T>(request: Send, schema: z.ZodType<T>): Promise<Answer<T>>;
  /** All pages of a list of which each page is an array. */
  list<T>(request: Send, item: z.ZodType<T>): Promise<Answer<T[]>>;
  /**
   * A GraphQL document; `write` for mutations. An answer with errors is a failure, whatever data it brings, unless all
   * of them are of the fields named in `optional`: those are null then.
   */
  graphql<T>(
    document: {
      readonly text: string;
      readonly kind: 'read' | 'write';
      readonly optional?: readonly string[];
      readonly variables?: Readonly<Record<string, unknown>>;
    },
    schema: z.ZodType<T>,
  ): Promise<Answer<T>>;
  /** The same client, with requests that end when `signal` aborts. */
  until(signal: AbortSignal): GitHubClient;
  /** Every request so far, retries included. */
  readonly requests: readonly RequestRecord[];
};
