import type { Finding, Reason } from '../kernel/index.ts';

/** One run of promtool to its end, or why there was none. */
export type PromtoolRun =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** A promtool of one version. Paths are absolute. Features are probed, never derived from the version. */
export type Promtool = {
  /** As the binary says, without `v`: `2.53.3`. */
  readonly version: string;
  /** What the binary's own help says it can do. */
  readonly features: PromtoolFeatures;
  checkConfig(path: string, options: { readonly lint?: string }): Promise<PromtoolRun>;
  checkRules(
    paths: readonly string[],
    options: { readonly lint?: string; readonly lintFatal: boolean },
  ): Promise<PromtoolRun>;
  testRules(
    paths: readonly string[],
    options: { readonly junit?: string; readonly diff: boolean; readonly run?: readonly string[] },
  ): Promise<PromtoolRun>;
};

export type PromtoolFeatures = {
  /** `test rules --junit`, from 2.55. */
  readonly junit: boolean;
  /** `test rules --diff`, from 2.50. */
  readonly diff: boolean;
  /** `test rules --run`, from 2.49. */
  readonly run: boolean;
  /** `check rules --lint-fatal`. */
  readonly lintFatal: boolean;
};

/** A promtool that was wanted: found, or the reason why it can't be had. `drift` warns of a version that is only near. */
export type WantedPromtool =
  | { readonly kind: 'found'; readonly promtool: Promtool; readonly drift?: Finding }
  | { readonly kind: 'unavailable'; readonly wanted: string; readonly reason: Reason };

/** A temporary folder of the run; it goes when the run ends. */
export type Scratch = {
  /** Writes a file below the folder, making folders on the way; returns its absolute path. */
  write(path: string, text: string): Promise<string>;
};

/** What the stages that run promtool need. */
export type PromtoolPorts = {
  /** The server's version: its verdict is the authority. */
  readonly authority: WantedPromtool;
  readonly crossChecks: readonly WantedPromtool[];
  readonly scratch: Scratch;
  /** Absolute path of the repository. */
  readonly root: string;
};
