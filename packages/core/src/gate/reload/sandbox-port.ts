import type { Finding, Reason } from '../../kernel/index.ts';
import type { PrometheusServer } from '../../server/index.ts';

/** Files for a sandbox: path relative to its configuration folder, to text. */
export type SandboxFiles = ReadonlyMap<string, string>;

/** One line of the server's log, whatever its version's format. */
export type LogLine = {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'unknown';
  readonly message: string;
  /** The `err` field, or empty. */
  readonly error: string;
};

export type SandboxRequest = {
  readonly files: SandboxFiles;
  /** The configuration among `files`. */
  readonly config: string;
  /** Values for `--enable-feature`. */
  readonly features: readonly string[];
  /** OpenMetrics text that the server has seen before it starts; it ends with `# EOF`. */
  readonly history?: string;
  /** Until ready, in milliseconds. */
  readonly deadlineMs: number;
};

/**
 * A running Prometheus of our own, on the loopback interface, in a folder that goes with it.
 * It is stopped by `stop`, by Ctrl-C, and when the process ends.
 */
export type SandboxServer = {
  readonly version: string;
  readonly api: PrometheusServer;
  /** Absolute path of the folder that holds the files. */
  readonly directory: string;
  /** Puts other files in the place of all that are there; what is not in `files` is removed. */
  replaceFiles(files: SandboxFiles): Promise<void>;
  /** Every line logged so far. */
  log(): readonly LogLine[];
  /** True while the process lives. */
  alive(): boolean;
  stop(): Promise<void>;
};

export type SandboxStart =
  | { readonly kind: 'ready'; readonly server: SandboxServer }
  /** The server ended by itself before it was ready: it refuses the configuration. */
  | { readonly kind: 'refused'; readonly directory: string; readonly log: readonly LogLine[]; readonly exit: string }
  /** It could not be tried: no free port, deadline, no such binary. */
  | { readonly kind: 'failed'; readonly reason: Reason };

/** A Prometheus of one version that can be started as often as needed. */
export type SandboxProgram = { readonly version: string; start(request: SandboxRequest): Promise<SandboxStart> };

/** A wanted version: found, or why it cannot be had. */
export type WantedSandbox =
  | { readonly kind: 'found'; readonly program: SandboxProgram; readonly drift?: Finding }
  | { readonly kind: 'unavailable'; readonly wanted: string; readonly reason: Reason };

/** Clock of the stages that wait for a server. */
export type Clock = {
  /** Monotonic milliseconds. */
  now(): number;
  /** Unix seconds. */
  unixSeconds(): number;
  sleep(ms: number): Promise<void>;
};

/** A Pushgateway of our own on the loopback interface. */
export type Pushgateway = {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Replaces the group's metrics (text exposition format); returns why it could not. */
  push(grouping: Readonly<Record<string, string>>, body: string): Promise<Reason | undefined>;
  stop(): Promise<void>;
};

export type PushgatewayStart =
  | { readonly kind: 'ready'; readonly gateway: Pushgateway }
  | { readonly kind: 'failed'; readonly reason: Reason };
