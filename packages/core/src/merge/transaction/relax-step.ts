import { applyEdit, sameTarget, targetOf } from '../../protection/index.ts';
import { go, halt, type Step, type StepContext, type StepEnd } from './model.ts';
import { unlessStopped } from './unless-stopped.ts';
import { restore } from './restore.ts';

/** Makes the one edit of the rung, if it has one. From here to the confirmed restore the window is open. */
export const relaxStep: Step = { name: 'relax', act: relax, undo: { name: 'restore', act: restore } };

async function relax({ task, ports, progress, stop }: StepContext): Promise<StepEnd> {
  const { edit } = task.rung;
  if (edit === null) return go();
  const relaxed = applyEdit(task.snapshot, edit);
  if (relaxed === undefined || progress.held === null)
    return halt('error', [{ code: 'simulation_differs', message: 'the snapshot has not what the edit would change' }]);
  const openedAt = ports.clock.now();
  const sent = ports.protection.relax(edit, task.snapshot, progress.held.proof);
  const written = await unlessStopped(sent, stop, ports.clock);
  if (written === undefined)
    return halt('hold', [{ code: 'interrupted', message: 'ended while the edit was being made' }], {
      relax: 'unconfirmed',
      openedAt,
    });
  if (written.kind === 'refused') return halt('error', written.reasons);
  if (written.kind === 'unconfirmed') return halt('hold', written.reasons, { relax: 'unconfirmed', openedAt });
  const done = { relax: 'written', openedAt } as const;
  if (sameTarget(written.target, targetOf(relaxed, edit))) return go(done);
  const message = 'the rule is not what the edit should have made of it: somebody else changed it at the same time';
  return halt('hold', [{ code: 'protection_changed', message, subject: task.branch }], done);
}
