import type { Reason } from '../../kernel/index.ts';
import { auditFacts } from './audit.ts';
import { leaseStep } from './lease-step.ts';
import { lookStep } from './look-step.ts';
import { mergeStep } from './merge-step.ts';
import {
  alarm,
  go,
  halt,
  NOTHING_YET,
  type Act,
  type MergeOutcome,
  type MergePorts,
  type MergeReport,
  type MergeTask,
  type Progress,
  type Step,
  type StepEnd,
  type StepName,
  type StepReport,
} from './model.ts';
import { relaxStep } from './relax-step.ts';

/** The transaction: each step is begun when the one before it went well, and undone in reverse order in any case. */
export const STEPS: readonly Step[] = [leaseStep, lookStep, relaxStep, mergeStep];

type Run = { progress: Progress; readonly steps: StepReport[]; readonly ends: StepEnd[] };

/**
 * Merges one pull request at one commit, and leaves the protection as it was.
 * `stop` ends it early: no further step is begun, and what was begun is undone. It never throws.
 */
export async function runMerge(task: MergeTask, ports: MergePorts, stop: AbortSignal): Promise<MergeReport> {
  const run: Run = { progress: NOTHING_YET, steps: [], ends: [] };
  const begun: Step[] = [];
  for (const step of STEPS) {
    if (stop.aborted) {
      run.ends.push(halt('hold', [{ code: 'interrupted', message: `ended before the step ${step.name}` }]));
      break;
    }
    begun.push(step);
    const end = await perform(run, step.name, step.act, task, ports, stop);
    if (end.kind === 'halt') break;
  }
  for (const { undo } of begun.toReversed()) {
    if (undo !== null) await perform(run, undo.name, undo.act, task, ports, stop);
  }
  const audit = auditFacts(task, run.progress, run.steps, outcomeOf(run));
  await perform(run, 'audit', recorder(audit), task, ports, stop);
  return { ...reportOf(task, run), audit };
}

/** A step that throws has failed as any other; that it may have had an effect is what its undoing is for. */
async function perform(
  run: Run,
  name: StepName,
  act: Act,
  task: MergeTask,
  ports: MergePorts,
  stop: AbortSignal,
): Promise<StepEnd> {
  const at = ports.clock.now();
  const end = await act({ task, ports, progress: run.progress, stop }).catch((error: unknown) => thrown(name, error));
  run.progress = { ...run.progress, ...end.patch };
  run.ends.push(end);
  run.steps.push({ step: name, end: end.kind, reasons: end.reasons, at, ms: ports.clock.now() - at });
  return end;
}

function thrown(name: StepName, error: unknown): StepEnd {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const reasons: Reason[] = [{ code: 'internal', message: `the step ${name} broke down: ${what}` }];
  switch (name) {
    case 'relax':
      return halt('error', reasons, { relax: 'unconfirmed' });
    case 'merge':
      return halt('error', reasons, { merge: { kind: 'ambiguous', message: what } });
    case 'restore':
      return alarm(reasons, { restore: 'open' });
    case 'lease':
    case 'look':
      return halt('error', reasons);
    case 'verify':
    case 'release':
    case 'audit':
      return alarm(reasons);
  }
}

function recorder(facts: MergeReport['audit']): Act {
  return async ({ ports }) => {
    if (facts.length === 0) return go();
    const result = await ports.ledger.append(facts);
    return result.kind === 'appended' ? go() : alarm(result.reasons);
  };
}

/** An alarm outweighs everything; a halt outweighs a merge; only a merge without either is a pass. */
function outcomeOf({ progress, ends }: Run): MergeOutcome {
  if (ends.some(({ kind }) => kind === 'alarm')) return 'error';
  const halted = ends.find(({ kind }) => kind === 'halt');
  if (progress.merge?.kind === 'merged') return halted?.outcome === 'error' ? 'error' : 'pass';
  return halted?.outcome ?? 'error';
}

function reportOf(task: MergeTask, run: Run): Omit<MergeReport, 'audit'> {
  const { progress, steps } = run;
  const { merge, openedAt, closedAt, relax, restore, after } = progress;
  return {
    outcome: outcomeOf(run),
    merged: merge?.kind === 'merged',
    sha: merge?.kind === 'merged' ? merge.sha : null,
    rung: task.rung.name,
    windowMs: openedAt === null || closedAt === null ? null : closedAt - openedAt,
    relax,
    restore,
    reasons: run.ends.flatMap(({ reasons }) => reasons),
    steps,
    before: task.snapshot,
    after,
  };
}
