import type { Finding, Reason, ReasonCode } from '../kernel/index.ts';
import type { KnownDefect, PromtoolFeatures, PromtoolOutput } from '../promtool/index.ts';

/** One run of promtool: `ran` is an answer, whatever the exit code; `failed` is none and is never read as a pass. */
export type PromtoolRun =
  | ({ readonly kind: 'ran'; readonly durationMs: number } & PromtoolOutput)
  | { readonly kind: 'failed'; readonly reason: ReasonCode; readonly message: string };

/** A promtool of one version. Paths are absolute. Features are probed, never derived from the version. */
export type Promtool = {
  /** As the binary says, without `v`: `2.53.3`. */
  readonly version: string;
  readonly features: PromtoolFeatures;
  readonly defects: readonly KnownDefect[];
  checkConfig(path: string, options: { readonly lint: string | undefined }): Promise<PromtoolRun>;
  checkRules(
    paths: readonly [string, ...string[]],
    options: { readonly lint: string | undefined },
  ): Promise<PromtoolRun>;
  testRules(path: string, options: { readonly deadlineMs: number }): Promise<PromtoolRun>;
};

/** A promtool that was wanted: found, or the reason why it can't be had. `drift` warns of a version that is only near. */
export type WantedPromtool =
  | { readonly kind: 'found'; readonly promtool: Promtool; readonly drift?: Finding }
  | { readonly kind: 'unavailable'; readonly reason: Reason };

/** A temporary folder of the run; it goes when the run ends. */
export type Scratch = {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Writes a file below the folder, making folders on the way; returns its absolute path. */
  write(path: string, text: string): Promise<string>;
};

/** What the stages that run promtool need. */
export type PromtoolPorts = {
  /** The server's version: its verdict is the authority. */
  readonly authority: WantedPromtool;
  readonly crossChecks: readonly WantedPromtool[];
  readonly scratch: Scratch;
  /** Absolute path of the repository, without a trailing separator. */
  readonly root: string;
};
