import type { AuditEntry } from '../ledger/index.ts';
import type { Outcome, Reason } from '../kernel/index.ts';
import type { WatchVerdict } from '../slo/index.ts';

/** One merged change that is to be watched. */
export type WatchWindow = {
  readonly pr: number;
  /** The commit that it was merged as. */
  readonly sha: string;
  readonly base: string;
  /** Null: a person merged it, under no scenario. */
  readonly scenario: string | null;
  /** Unix seconds. */
  readonly mergedAt: number;
};

/** A merged pull request as GitHub tells it. */
export type MergedPull = Omit<WatchWindow, 'scenario'>;

/** What is on record of a window that is not closed. */
export type OpenWindow = WatchWindow & {
  /** What the last entry said, and how many there are; undefined: nothing yet. */
  readonly last: { readonly key: string; readonly told: boolean; readonly entries: number } | undefined;
  /** Unix seconds since when it could not be judged; undefined: it could be, or was not tried. */
  readonly failingSince: number | undefined;
  /** A rollback has dealt with its breach. */
  readonly rolledBack: boolean;
};

export type WatchSources = { readonly entries: readonly AuditEntry[]; readonly pulls: readonly MergedPull[] };

/** All in seconds. */
export type WatchPolicy = {
  /** Time after a merge that is not judged. */
  readonly settle: number;
  /** The longest window of all SLO files. */
  readonly window: number;
  /** How long data of the window's end may take to arrive. */
  readonly grace: number;
  /** How much longer than its window a watch waits for a server, and how late a breach may still be acted on. */
  readonly extension: number;
};

/**
 * `open`: judged, and to be judged again. `extended`: past its end, and waits for a server. `unreachable`: the same
 * within its time. `breach`: handed to the rollback, until that is on record. `closed`: judged for the last time.
 */
export type DecisionKind = 'open' | 'unreachable' | 'extended' | 'breach' | 'closed';

export type Decision = {
  readonly window: OpenWindow;
  readonly kind: DecisionKind;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  readonly verdicts: readonly WatchVerdict[];
  /** Names of the metrics in breach. */
  readonly metrics: readonly string[];
  /** Digest of the verdict; the same for the same judgement. */
  readonly digest: string;
  /** What sets this decision apart from another; on record, it is not told again. */
  readonly key: string;
  readonly failingSince: number | undefined;
  /** Whether people have to be called. */
  readonly alarm: boolean;
};

/** One entry of the matrix that the rollback job is run over. */
export type BreachEntry = {
  readonly pr: number;
  readonly merge_sha: string;
  readonly scenario: string | null;
  readonly metrics: string[];
  readonly verdict: string;
};
