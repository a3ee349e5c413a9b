/**
 * One request and its answer, as the double saw them. The conformance check reads these and compares both sides with
 * GitHub's OpenAPI description, so that a test cannot pass against an API that GitHub does not have.
 */
export type Exchange = {
  /** Upper case. */
  readonly method: string;
  /** Path and query exactly as requested, still percent-encoded: `/repos/o/r/pulls?state=open`. */
  readonly path: string;
  /** Path template as in GitHub's OpenAPI description, `null` when no route matched: `/repos/{owner}/{repo}/pulls`. */
  readonly route: string | null;
  /** Parsed JSON; `undefined` when the request had no body. */
  readonly requestBody: unknown;
  readonly status: number;
  /** Parsed JSON; `undefined` when the answer had no body. */
  readonly responseBody: unknown;
  /** `injected` answers come from the fault plan, not from the modelled API. */
  readonly origin: 'api' | 'injected';
};

/** Throws to fail the test; the double keeps the error and throws it from `close()`. */
export type ExchangeObserver = (exchange: Exchange) => void;
