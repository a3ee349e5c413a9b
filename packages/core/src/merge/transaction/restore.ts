import type { Reason } from '../../kernel/index.ts';
import { applyEdit, planUndo, sameTarget, targetOf, type Edit } from '../../protection/index.ts';
import type { HeldLease } from '../../ledger/index.ts';
import { alarm, go, type StepContext, type StepEnd } from './model.ts';

const PAUSES_MS = [0, 200, 800, 1500];

/**
 * Takes our edit back, on the rule as it is now: reads it, plans three-way, writes, and believes only an answer that
 * shows the rule as it must be. Listens to no deadline: this is what deadlines are for.
 */
export async function restore(context: StepContext): Promise<StepEnd> {
  const { task, ports, progress } = context;
  const { edit } = task.rung;
  if (progress.relax === 'none' || edit === null || progress.held === null) return go();
  let failed: readonly Reason[] = [];
  for (const pause of PAUSES_MS) {
    if (pause > 0) await ports.clock.sleep(pause);
    const tried = await tryOnce(context, edit, progress.held);
    if (tried.kind === 'end') return tried.end;
    failed = tried.reasons;
  }
  const message = `the protection of ${JSON.stringify(task.branch)} could not be restored: protection-guard will go on`;
  return alarm([{ code: 'restore_unconfirmed', message, subject: task.branch }, ...failed], { restore: 'open' });
}

type Try =
  | { readonly kind: 'end'; readonly end: StepEnd }
  | { readonly kind: 'again'; readonly reasons: readonly Reason[] };

async function tryOnce({ task, ports, progress }: StepContext, edit: Edit, held: HeldLease): Promise<Try> {
  const read = await ports.protection.readTarget(edit, task.branch);
  if (read.kind === 'refused') return { kind: 'again', reasons: read.reasons };
  const relaxed = applyEdit(task.snapshot, edit) ?? task.snapshot;
  const before = targetOf(task.snapshot, edit);
  const plan = planUndo(edit, task.branch, { before, written: targetOf(relaxed, edit), live: read.target });
  if (plan.kind === 'stopped') {
    const restored = plan.left === 'nothing' ? 'restored' : 'open';
    return end(alarm([plan.reason], { restore: restored, closedAt: ports.clock.now() }));
  }
  const foreign: Reason[] = plan.foreign.map(({ path }) => ({
    code: 'protection_changed',
    message: `somebody else changed ${path} while the window was open; it stays as they left it`,
    subject: task.branch,
  }));
  if (plan.kind === 'nothing') {
    // A write that nobody confirmed and nobody sees may still arrive.
    const seen = progress.relax === 'unconfirmed' ? 'unseen' : 'restored';
    return end({ ...go({ restore: seen, closedAt: ports.clock.now() }, foreign), ...alarmIf(foreign) });
  }
  const written = await ports.protection.restore(plan.undo, held.proof);
  if (written.kind !== 'written') return { kind: 'again', reasons: written.reasons };
  if (!sameTarget(written.target, plan.undo.target)) {
    const message = 'the rule is not what restoring should have made of it';
    return { kind: 'again', reasons: [{ code: 'protection_changed', message, subject: task.branch }] };
  }
  return end({ ...go({ restore: 'restored', closedAt: ports.clock.now() }, foreign), ...alarmIf(foreign) });
}

function end(stepEnd: StepEnd): Try {
  return { kind: 'end', end: stepEnd };
}

function alarmIf(foreign: readonly Reason[]): { kind: 'alarm' | 'go' } {
  return { kind: foreign.length > 0 ? 'alarm' : 'go' };
}
