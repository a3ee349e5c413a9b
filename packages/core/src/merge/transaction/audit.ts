import type { AuditFacts } from '../../ledger/index.ts';
import type { Reason } from '../../kernel/index.ts';
import type { MergeOutcome, MergeTask, Progress, StepReport } from './model.ts';

/** What goes on record: one entry for the edit, one for the merge, one for the restore, in the order of events. */
export function auditFacts(
  task: MergeTask,
  progress: Progress,
  steps: readonly StepReport[],
  outcome: MergeOutcome,
): AuditFacts[] {
  const ctx = contextOf(task, progress);
  const entry = (stage: AuditFacts['stage'], result: AuditFacts['result'], step: StepReport): AuditFacts => ({
    stage,
    result,
    reasons: codes(step.reasons),
    actor: task.actor,
    ts: new Date(step.at).toISOString(),
    ctx,
  });
  return steps.flatMap((step): AuditFacts[] => {
    if (step.step === 'relax' && task.rung.edit !== null)
      return [entry('relax', progress.relax === 'written' ? 'done' : 'error', step)];
    if (step.step === 'restore' && progress.relax !== 'none')
      return [entry('restore', progress.restore === 'restored' ? 'done' : 'error', step)];
    if (step.step === 'verify') {
      const all = steps.filter(({ step: name }) => name !== 'relax' && name !== 'restore');
      return [{ ...entry('merge', outcome, step), reasons: codes(all.flatMap(({ reasons }) => reasons)) }];
    }
    return [];
  });
}

function contextOf(task: MergeTask, { merge, openedAt, closedAt }: Progress): AuditFacts['ctx'] {
  return {
    pr: task.pull,
    sha: merge?.kind === 'merged' ? merge.sha : task.headSha,
    head: task.headSha,
    base: task.branch,
    merged: merge?.kind === 'merged',
    ...(task.scenario === null ? {} : { scenario: task.scenario }),
    rung: task.rung.name,
    ...(openedAt === null || closedAt === null ? {} : { window_ms: closedAt - openedAt }),
  };
}

export function codes(reasons: readonly Reason[]): AuditFacts['reasons'] {
  return [...new Set(reasons.map(({ code }) => code))];
}
