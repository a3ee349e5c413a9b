import type { StageName, StageReport } from '@obsgate/core/gate';
import type { Duration } from '@obsgate/core/kernel';

/** What a gate run is asked to do, the same for the command and the actions. Undefined means: as configured. */
export type GateOptions = {
  /** Absolute path of the repository. */
  readonly directory: string;
  /** Configuration file, relative to the repository; undefined: `.obsgate.yml` if there is one. */
  readonly config?: string;
  /** Stages to run; the others are skipped as not selected. */
  readonly stages?: readonly StageName[];
  /** Leaves stages that were not selected out of the report, for what runs one stage only. */
  readonly onlySelected?: boolean;
  readonly realm?: string;
  /** A promtool, or a folder that holds the tools. */
  readonly promtoolPath?: string;
  readonly prometheusVersion?: string;
  readonly crossCheck?: readonly string[];
  readonly allowVersionDrift?: boolean;
  readonly lintFatal?: boolean;
  /** Git ref of the configuration that reload-dry-run starts from. */
  readonly baseRef?: string;
  /** Server for smoke-query (default: a sandbox), and for the live reload. */
  readonly prometheusUrl?: string;
  /** `live` reloads the running server at `prometheusUrl` instead of a sandbox. */
  readonly reloadMode?: 'sandbox' | 'live';
  /** Only the smoke queries of this profile. */
  readonly smokeProfile?: string;
  readonly smokeDeadline?: Duration;
  /** Starts a real Pushgateway beside the sandbox of the smoke queries, and sends it two ticks. */
  readonly pushgateway?: boolean;
  /** Percent. */
  readonly minCoverage?: number;
  /** `i/n`: run the i-th of n parts of the unit tests. */
  readonly shard?: string;
  /** Only findings on lines changed since `baseRef`. */
  readonly changedOnly?: boolean;
  /** File of accepted lint findings; false: none, whatever the configuration says. */
  readonly baseline?: string | false;
};

/** What a gate run takes from its surroundings. */
export type GateContext = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line of progress, such as what is fetched and from where. */
  progress(line: string): void;
  /** Told before a stage starts and after it ended. */
  onStage?(event: { readonly name: StageName; readonly report?: StageReport }): void;
  /** Ends children and removes temporary folders when aborted. */
  readonly signal: AbortSignal;
};
