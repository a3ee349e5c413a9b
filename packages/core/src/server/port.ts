import type {
  BuildInfo,
  ExposedSample,
  InstantResult,
  RangeResult,
  RuntimeInfo,
  ServerAlert,
  ServerRuleGroup,
  ServerTarget,
} from './model.ts';

/**
 * Why a request has no answer.
 * `unreachable`: no HTTP answer at all. `http`: a status that is not the API's. `api_error`: the API refused, such as
 * a query that does not parse. `bad_response`: an answer that is not what the API promises. `deadline`: too late.
 */
export const SERVER_FAILURES = ['unreachable', 'http', 'api_error', 'bad_response', 'deadline'] as const;
export type ServerFailureKind = (typeof SERVER_FAILURES)[number];

export type ServerFailure = {
  readonly kind: ServerFailureKind;
  /** One line; holds no credential. */
  readonly message: string;
  readonly status?: number;
};

/** An answer with the warnings and infos that the API gave beside it, or the failure. */
export type ServerAnswer<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly string[]; readonly infos: readonly string[] }
  | { readonly ok: false; readonly failure: ServerFailure };

export type RangeQuery = {
  readonly expr: string;
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
};

/** A Prometheus server as its HTTP API shows it. Reads are tried again on a passing failure; `reload` never is. */
export type PrometheusServer = {
  /** Base URL for messages, without credentials. */
  readonly url: string;
  /** `at` in Unix seconds; absent: the server's now. */
  query(expr: string, at?: number): Promise<ServerAnswer<InstantResult>>;
  queryRange(query: RangeQuery): Promise<ServerAnswer<RangeResult>>;
  formatQuery(expr: string): Promise<ServerAnswer<string>>;
  rules(): Promise<ServerAnswer<readonly ServerRuleGroup[]>>;
  alerts(): Promise<ServerAnswer<readonly ServerAlert[]>>;
  targets(): Promise<ServerAnswer<readonly ServerTarget[]>>;
  buildInfo(): Promise<ServerAnswer<BuildInfo>>;
  runtimeInfo(): Promise<ServerAnswer<RuntimeInfo>>;
  /** The loaded configuration as YAML, secrets masked by the server. */
  configText(): Promise<ServerAnswer<string>>;
  flags(): Promise<ServerAnswer<Readonly<Record<string, string>>>>;
  /** The server's own metrics, from its `/metrics`. */
  metrics(): Promise<ServerAnswer<readonly ExposedSample[]>>;
  /** Answers false for 503 (still starting). */
  ready(): Promise<ServerAnswer<boolean>>;
  /** One `POST /-/reload`; any HTTP status is an answer. */
  reload(): Promise<ServerAnswer<{ readonly status: number; readonly body: string }>>;
};

/** The value of the server's own metric `name` without further labels, or undefined. */
export function exposedValue(samples: readonly ExposedSample[], name: string): number | undefined {
  return samples.find((sample) => sample.name === name)?.value;
}
