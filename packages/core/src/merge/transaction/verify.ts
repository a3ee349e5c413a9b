import { differences } from '../../protection/index.ts';
import { landedReasons } from './landed.ts';
import { alarm, go, halt, type Progress, type StepContext, type StepEnd } from './model.ts';
import { settleMerge } from './settle-merge.ts';
import { windowReasons } from './window.ts';

/**
 * Proves the result with the window closed: what an unanswered merge came to, that the protection is the snapshot,
 * that nobody else moved the branch through the window, and that what landed is what the gates judged.
 */
export async function verify(context: StepContext): Promise<StepEnd> {
  const { progress, stop } = context;
  if (progress.merge === null && progress.relax === 'none') return go();
  const settled = await settleMerge(context);
  const now = { ...context, progress: { ...progress, ...settled.patch } };
  // The runner leaves seconds: the guard and the next run look again.
  const proved = stop.aborted ? go() : await prove(now);
  const reasons = [...settled.reasons, ...proved.reasons];
  const patch: Partial<Progress> = { ...settled.patch, ...proved.patch };
  if (proved.kind === 'alarm' || settled.kind === 'alarm') return alarm(reasons, patch);
  return settled.kind === 'halt' ? halt(settled.outcome ?? 'hold', reasons, patch) : go(patch, reasons);
}

async function prove(context: StepContext): Promise<StepEnd> {
  const restored = await protectionReasons(context);
  const reasons = [...restored.reasons, ...(await windowReasons(context)), ...(await landedReasons(context))];
  return reasons.length > 0 ? alarm(reasons, restored.patch) : go(restored.patch);
}

async function protectionReasons({ task, ports, progress }: StepContext): Promise<StepEnd> {
  if (progress.relax === 'none') return go();
  const read = await ports.protection.read(task.branch);
  if (read.kind === 'refused') return go({}, read.reasons);
  const left = differences(task.snapshot, read.snapshot);
  const patch = { after: read.snapshot };
  if (left.length === 0) return go(patch);
  const paths = left.map(({ path }) => path).join(', ');
  const message = `the protection is not what it was before the merge: ${paths}`;
  return go(patch, [{ code: 'protection_changed', message, subject: task.branch }]);
}
