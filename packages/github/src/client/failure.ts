import type { Reason, ReasonCode } from '@obsgate/core/kernel';

/**
 * Why a request gave no usable answer.
 *
 * - `not-found`: not there, or hidden: GitHub answers 404 for what a token may not see;
 * - `rate-limited`: a primary or secondary limit; nothing was done;
 * - `unavailable`: 5xx, a timeout, a broken connection;
 * - `unexpected`: an answer that is not of the documented shape.
 */
export type FailureKind =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'rate-limited'
  | 'invalid'
  | 'conflict'
  | 'not-allowed'
  | 'unavailable'
  | 'cancelled'
  | 'refused'
  | 'unexpected';

export type Failure = {
  readonly kind: FailureKind;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** GitHub's own words, or what went wrong on the way. */
  readonly message: string;
  /** Method and route, `PATCH /repos/{owner}/{repo}/…`. */
  readonly request: string;
  /** Whether the request may have taken effect all the same. Reads have none. */
  readonly effect: 'none' | 'unknown';
  /** How long GitHub asked to wait. */
  readonly retryAfterMs?: number;
  /** The permission that the request needs, such as `administration: write`. */
  readonly permission?: string;
};

/** What came back for a request that got no usable answer. */
export type Refusal = {
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly cancelled: boolean;
};

/** Tells the kinds of failure apart; `request` is method and route. */
export function classify(request: string, refusal: Refusal, reads: boolean, now: number): Failure {
  const { status, message, headers } = refusal;
  const kind = kindOf(refusal);
  const answered = status !== undefined && status < 500;
  const retryAfterMs = kind === 'rate-limited' ? retryAfter(headers, now) : undefined;
  const permission = kind === 'forbidden' || kind === 'not-found' ? neededPermission(request, headers) : undefined;
  return {
    kind,
    status,
    message,
    request,
    effect: reads || answered ? 'none' : 'unknown',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(permission === undefined ? {} : { permission }),
  };
}

function kindOf({ status, message, headers, cancelled }: Refusal): FailureKind {
  if (cancelled) return 'cancelled';
  if (status === undefined || status >= 500) return 'unavailable';
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return isLimit(message, headers) ? 'rate-limited' : 'forbidden';
    case 404:
      return 'not-found';
    case 405:
      return 'not-allowed';
    case 409:
      return 'conflict';
    case 422:
      return 'invalid';
    case 429:
      return 'rate-limited';
    default:
      return 'refused';
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function isLimit(message: string, headers: Refusal['headers']): boolean {
  return (
    headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)
  );
}

function retryAfter(headers: Refusal['headers'], now: number): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  // GitHub asks to wait a minute when it says nothing else.
  return reset >= 0 ? Math.max(0, reset * 1000 - now) : 60_000;
}

/** GitHub names the permission in a header for Apps and fine-grained tokens; elsewhere the route tells. */
function neededPermission(request: string, headers: Refusal['headers']): string | undefined {
  const named = headers['x-accepted-github-permissions'];
  if (typeof named === 'string' && named !== '') return named.replaceAll('=', ': ');
  const level = request.startsWith('GET ') ? 'read' : 'write';
  const scope = SCOPES.find(([pattern]) => pattern.test(request))?.[1];
  return scope === undefined ? undefined : `${scope}: ${level}`;
}

const SCOPES: readonly (readonly [RegExp, string])[] = [
  [/\/protection|\/rulesets/, 'administration'],
  [/\/actions\/variables/, 'variables'],
  [/\/actions\//, 'actions'],
  [/\/check-(runs|suites)/, 'checks'],
  [/\/(statuses|status)\b/, 'statuses'],
  [/\/pulls/, 'pull_requests'],
  [/\/issues|\/labels/, 'issues'],
  [/\/git\/|\/contents|\/branches|\/commits|\/compare/, 'contents'],
];

const CODES: Readonly<Record<FailureKind, ReasonCode>> = {
  'not-found': 'not_found',
  unauthorized: 'token_rejected',
  forbidden: 'permission_missing',
  'rate-limited': 'rate_limited',
  invalid: 'request_refused',
  conflict: 'request_refused',
  'not-allowed': 'request_refused',
  refused: 'request_refused',
  unavailable: 'github_unavailable',
  cancelled: 'github_unavailable',
  unexpected: 'unexpected_answer',
};

/** A failure as a reason; `what` begins the sentence: "the protection of main could not be read". */
export function reasonOf(failure: Failure, what: string): Reason {
  const { kind, permission, message, status, request } = failure;
  const answer = status === undefined ? message : `${status} ${message}`;
  const hint =
    permission === undefined
      ? ''
      : kind === 'forbidden'
        ? `; the token needs the permission "${permission}"`
        : `; either it is not there, or the token lacks the permission "${permission}"`;
  return { code: CODES[kind], message: `${what}: ${request} answered ${answer}${hint}`, subject: request };
}
