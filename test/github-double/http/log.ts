/** One request as the double got it, in order of arrival. */
export type LoggedRequest = {
  /** 1 for the first request. */
  readonly index: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly route: string | null;
  /** For GraphQL the name of the first top-level field: `revertPullRequest`. */
  readonly operation: string | null;
  readonly body: unknown;
  readonly token: string | null;
  /** Login, `<slug>[bot]`, `app:<slug>` for a JWT, `null` without credentials. */
  readonly actor: string | null;
  /** `null` when the connection was dropped or hung. */
  status: number | null;
  /** What the fault plan did, if anything. */
  readonly fault: string | null;
  /** Milliseconds of the wall clock at arrival and at the end. */
  readonly startedAt: number;
  endedAt: number | null;
};
