import type { Reason } from '../../kernel/index.ts';
import {
  applyEdit,
  planUndo,
  sameTarget,
  targetOf,
  type Edit,
  type EditTarget,
  type RulesetVersion,
} from '../../protection/index.ts';
import type { MergePorts, MergeTask, Progress } from './model.ts';

/** Versions that are looked into: more changes than these within a minute are for a person. */
const MOST = 20;

/**
 * GitHub takes a whole ruleset without asking which version it was made from. What somebody else wrote between our
 * reading and our write is overwritten then, and only the history shows it: their last version is put back, without
 * our edit. Nothing of that kind is on record for classic rules, of which only the edited field is ever sent.
 */
export async function othersVersions(
  task: MergeTask,
  ports: MergePorts,
  { lastVersion, held, relax }: Progress,
): Promise<Reason[]> {
  const { edit } = task.rung;
  if (edit === null || !('rulesetId' in edit) || lastVersion === null || held === null) return [];
  const history = await ports.protection.history(edit.rulesetId);
  if (history.kind === 'refused') return [...history.reasons];
  const since = history.versions.filter(({ id }) => id > lastVersion);
  if (since.length === 0 || (since.length === 2 && relax === 'written' && sameActor(since))) return [];
  const others = await foreignAmong(since.slice(-MOST), edit, task, ports);
  const last = others.at(-1);
  if (last === undefined) return [];
  const message = `version ${last.id} of ruleset ${edit.rulesetId} is somebody else's (${last.actorId ?? 'unknown'}), written during the merge`;
  const reasons: Reason[] = [{ code: 'protection_changed', message, subject: task.branch }];
  const theirs = undone(last.target, edit, task);
  const live = await ports.protection.readTarget(edit, task.branch);
  if (live.kind === 'refused') return [...reasons, ...live.reasons];
  if (live.target.kind === 'ruleset' && live.target.ruleset === null) return reasons;
  if (sameTarget(live.target, theirs)) return reasons;
  const written = await ports.protection.restore({ edit, branch: task.branch, target: theirs }, held.proof);
  return written.kind === 'written' ? reasons : [...reasons, ...written.reasons];
}

function sameActor([first, second]: readonly RulesetVersion[]): boolean {
  return first?.actorId === second?.actorId && first?.actorType === second?.actorType;
}

type Foreign = { readonly id: number; readonly actorId: number | null; readonly target: EditTarget };

/** The versions that are neither what our edit makes nor what its undoing makes. */
async function foreignAmong(
  versions: readonly RulesetVersion[],
  edit: Edit & { readonly rulesetId: number },
  task: MergeTask,
  ports: MergePorts,
): Promise<Foreign[]> {
  const relaxed = applyEdit(task.snapshot, edit) ?? task.snapshot;
  const ours = [targetOf(task.snapshot, edit), targetOf(relaxed, edit)];
  const found: Foreign[] = [];
  for (const { id, actorId } of versions) {
    // oxlint-disable-next-line no-await-in-loop -- a few, and only when something is wrong
    const read = await ports.pull.rulesetVersion(edit.rulesetId, id);
    if (read.kind === 'refused') continue;
    if (!ours.some((target) => sameTarget(target, read.target))) found.push({ id, actorId, target: read.target });
  }
  return found;
}

/** Their version without what is left of our edit in it. */
function undone(theirs: EditTarget, edit: Edit, { snapshot, branch }: MergeTask): EditTarget {
  const before = targetOf(snapshot, edit);
  const plan = planUndo(edit, branch, { before, written: theirs, live: theirs });
  return plan.kind === 'write' ? plan.undo.target : theirs;
}
