import { ConfigError, type Reason } from '../kernel/index.ts';
import type { Project } from './project.ts';
import {
  gateVerdict,
  skippedStage,
  stageReport,
  type GateReport,
  type StageName,
  type StageReport,
  type StageResult,
} from './report.ts';

/** A stage wired to its tools, ready to judge a project. */
export type Stage = { readonly name: StageName; run(project: Project): Promise<StageResult> };

export type GatePorts = {
  /** Monotonic milliseconds. */
  now(): number;
  /** Told before a stage starts and after it ended, for progress on a terminal. */
  onStage?(event: { readonly name: StageName; readonly report?: StageReport }): void;
};

/**
 * Runs the stages in order; each runs even if an earlier one failed. `skip` names stages to leave out, with the reason.
 * A stage that throws becomes an `error` of that stage, so that one defect hides no other verdict;
 * a {@link ConfigError} ends the run, since it is the user's to mend first.
 */
export async function runStages(
  project: Project,
  stages: readonly Stage[],
  skip: ReadonlyMap<StageName, Reason>,
  ports: GatePorts,
): Promise<readonly StageReport[]> {
  const reports: StageReport[] = [];
  for (const stage of stages) {
    const reason = skip.get(stage.name);
    ports.onStage?.({ name: stage.name });
    const report = reason === undefined ? await runStage(stage, project, ports) : skippedStage(stage.name, reason);
    ports.onStage?.({ name: stage.name, report });
    reports.push(report);
  }
  return reports;
}

async function runStage(stage: Stage, project: Project, ports: GatePorts): Promise<StageReport> {
  const start = ports.now();
  try {
    const result = await stage.run(project);
    return stageReport(stage.name, result, ports.now() - start);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const message = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    return stageReport(stage.name, { reasons: [{ code: 'internal', message }] }, ports.now() - start);
  }
}

/** Puts the stages' reports together to the gate's. */
export function gateReport(
  stages: readonly StageReport[],
  tools: Readonly<Record<string, readonly string[]>>,
  durationMs: number,
): GateReport {
  return { outcome: gateVerdict(stages), durationMs, tools, stages };
}
