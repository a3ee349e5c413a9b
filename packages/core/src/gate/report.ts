import type { Finding, Range, Reason } from '../kernel/index.ts';

export const STAGE_NAMES = [
  'promtool-check',
  'promql-unit',
  'heartbeat-rules-lint',
  'reload-dry-run',
  'smoke-query',
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** `skipped` only by `--stage` or by config, always with a reason. */
export type StageOutcome = 'pass' | 'fail' | 'error' | 'skipped';

/** One named check inside a stage: a unit-test group, a smoke query. Feeds JUnit and the summaries. */
export type CaseReport = {
  readonly name: string;
  /** Suite within the stage: the test file, the profile. */
  readonly suite: string;
  readonly file?: string;
  readonly range?: Range;
  readonly outcome: 'pass' | 'fail' | 'error' | 'skipped';
  readonly durationMs: number;
  /** Why it did not pass; multi-line text such as a diff is allowed. */
  readonly message?: string;
};

export type Fact = number | string | boolean | readonly string[];

export type StageReport = {
  readonly name: StageName;
  readonly outcome: StageOutcome;
  readonly durationMs: number;
  /** Why the stage is an error or was skipped. */
  readonly reasons: readonly Reason[];
  /** Counts and names of what was looked at: `files`, `groups`, `rules`, `tests`, `server`. */
  readonly facts: Readonly<Record<string, Fact>>;
  readonly findings: readonly Finding[];
  readonly cases: readonly CaseReport[];
};

/** What a stage hands back before its outcome and time are set by `stageReport`. */
export type StageResult = {
  readonly reasons?: readonly Reason[];
  readonly facts?: Readonly<Record<string, Fact>>;
  readonly findings?: readonly Finding[];
  readonly cases?: readonly CaseReport[];
};

/**
 * The outcome follows from the result alone: any reason is an `error`, any error finding or failed case a `fail`,
 * everything else a `pass`. A stage never chooses its outcome.
 */
export function stageReport(name: StageName, result: StageResult, durationMs: number): StageReport {
  const { reasons = [], facts = {}, findings = [], cases = [] } = result;
  return { name, outcome: outcomeOf(reasons, findings, cases), durationMs, reasons, facts, findings, cases };
}

export function skippedStage(name: StageName, reason: Reason): StageReport {
  return { name, outcome: 'skipped', durationMs: 0, reasons: [reason], facts: {}, findings: [], cases: [] };
}

function outcomeOf(
  reasons: readonly Reason[],
  findings: readonly Finding[],
  cases: readonly CaseReport[],
): 'pass' | 'fail' | 'error' {
  if (reasons.length > 0 || cases.some((item) => item.outcome === 'error')) return 'error';
  const failed = findings.some((item) => item.severity === 'error') || cases.some((item) => item.outcome === 'fail');
  return failed ? 'fail' : 'pass';
}

/** The report of a whole gate run: what `obsgate.gate/1` is written from. */
export type GateReport = {
  readonly outcome: 'pass' | 'fail' | 'error';
  readonly durationMs: number;
  /** Versions used, by tool. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  readonly stages: readonly StageReport[];
};

/**
 * The gate's verdict: error if any stage could not judge, else fail if any failed, else pass.
 * No stage, or only skipped stages, proves nothing: that is an error, never a pass.
 */
export function gateVerdict(stages: readonly StageReport[]): 'pass' | 'fail' | 'error' {
  const ran = stages.filter((stage) => stage.outcome !== 'skipped');
  if (ran.length === 0 || ran.some((stage) => stage.outcome === 'error')) return 'error';
  return ran.some((stage) => stage.outcome === 'fail') ? 'fail' : 'pass';
}
