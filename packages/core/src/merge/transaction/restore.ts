import type { Reason } from '../../kernel/index.ts';
import { closeWindow } from '../../protection/index.ts';
import { othersVersions } from './others-versions.ts';
import { alarm, go, type StepContext, type StepEnd } from './model.ts';

const PAUSES_MS = [0, 0, 200, 800, 1500];

/**
 * Takes our edit back, on the rule as it is now: reads it, plans three-way, writes, and believes only an answer that
 * shows the rule as it must be. Listens to no deadline: this is what deadlines are for.
 */
export async function restore({ task, ports, progress }: StepContext): Promise<StepEnd> {
  const { snapshot, branch, rung } = task;
  const { held, relax } = progress;
  if (relax === 'none' || rung.edit === null || held === null) return go();
  const closed = await closeWindow(ports.protection, snapshot, rung.edit, held.proof, {
    pause: (attempt) => ports.clock.sleep(PAUSES_MS[attempt] ?? 0),
  });
  if (closed.kind === 'open') {
    const message = `the protection of ${JSON.stringify(branch)} could not be restored: protection-guard will go on`;
    return alarm([{ code: 'restore_unconfirmed', message, subject: branch }, ...closed.reasons], { restore: 'open' });
  }
  // A write that nobody confirmed and nobody sees may still arrive.
  const unseen = relax === 'unconfirmed' && !closed.wrote;
  const patch = { restore: unseen ? 'unseen' : 'restored', closedAt: ports.clock.now() } as const;
  const foreign: Reason[] = closed.foreign.map(({ path }) => ({
    code: 'protection_changed',
    message: `somebody else changed ${path} while the window was open; it stays as they left it`,
    subject: branch,
  }));
  const reasons = [...closed.reasons, ...foreign, ...(await othersVersions(task, ports, progress))];
  return reasons.length > 0 ? alarm(reasons, patch) : go(patch);
}
