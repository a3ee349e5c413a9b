import type { Outcome, Reason } from '../../kernel/index.ts';
import type { MetricJudgement } from '../metric/index.ts';
import type { Role, SloSpec } from '../spec/index.ts';

/** A merged change. Times in Unix seconds. */
export type Merge = {
  readonly pr: number | undefined;
  readonly sha: string | undefined;
  readonly mergedAt: number;
  /** When it began to run, where a deploy marker says so. */
  readonly deployedAt: number | undefined;
};

/** What the server said, one body of `/api/v1/query_range` for each metric and role; undefined: no answer. */
export type WatchData = {
  readonly scrapeSeconds: number;
  readonly merges: readonly Merge[];
  body(metric: string, role: Role): string | undefined;
};

export type JudgeOptions = {
  /** Unix seconds. */
  readonly mergedAt: number;
  readonly now: number;
  /** Overrides the window of the SLO file. */
  readonly windowSeconds?: number;
  /** No pass before this much of the window has passed; default 30 minutes. */
  readonly minWindowSeconds?: number;
};

/** The answer for one merged change: the outcome and everything it rests on. */
export type WatchVerdict = {
  readonly spec: SloSpec;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** What a reader should know beside it; never part of the outcome. */
  readonly remarks: readonly Reason[];
  readonly mergedAt: number;
  readonly now: number;
  readonly windowSeconds: number;
  readonly minWindowSeconds: number;
  readonly merges: readonly Merge[];
  readonly metrics: readonly MetricJudgement[];
};
