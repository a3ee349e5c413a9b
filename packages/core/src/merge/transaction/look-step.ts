import type { Reason } from '../../kernel/index.ts';
import { differences } from '../../protection/index.ts';
import type { CheckNow, PullNow } from '../pull-port.ts';
import { go, halt, type MergeTask, type Step, type StepContext, type StepEnd } from './model.ts';
import { verify } from './verify.ts';

/** Reads again, under the lease, whatever can have changed since the gates; its counterpart at the end proves the result. */
export const lookStep: Step = { name: 'look', act: look, undo: { name: 'verify', act: verify } };

async function look({ task, ports }: StepContext): Promise<StepEnd> {
  const read = await ports.pull.read(task.pull);
  if (read.kind === 'refused') return halt('hold', read.reasons);
  const seen = { seen: read.pull };
  const moved = whatMoved(task, read.pull);
  if (moved.length > 0) return halt('fail', moved, seen);
  const unready = waiting(task, read.pull);
  if (unready.length > 0) return halt('hold', unready, seen);
  // The history first: a version that is not in it yet then shows in the reading, or in the history at the end.
  const lastVersion = await newestVersion(task, ports);
  const protection = await ports.protection.read(task.branch);
  if (protection.kind === 'refused') return halt('hold', protection.reasons, seen);
  const changed = differences(task.snapshot, protection.snapshot);
  if (changed.length > 0) {
    const message = `the protection changed since the gates looked: ${changed.map(({ path }) => path).join(', ')}`;
    return halt('hold', [{ code: 'protection_changed', message, subject: task.branch }], seen);
  }
  return go({ ...seen, lastVersion });
}

/** Where GitHub keeps a history of the rule, its newest version tells ours from others' afterwards. */
async function newestVersion({ rung }: MergeTask, { protection }: StepContext['ports']): Promise<number | null> {
  if (rung.edit === null || !('rulesetId' in rung.edit)) return null;
  const history = await protection.history(rung.edit.rulesetId);
  return history.kind === 'refused' ? null : Math.max(0, ...history.versions.map(({ id }) => id));
}

/** Changes that make it another merge than the one that was judged. */
function whatMoved(task: MergeTask, now: PullNow): Reason[] {
  const reasons: Reason[] = [];
  if (now.state === 'merged') reasons.push({ code: 'pull_merged', message: `#${task.pull} was merged meanwhile` });
  if (now.state === 'closed') reasons.push({ code: 'pull_closed', message: `#${task.pull} was closed meanwhile` });
  if (now.headSha !== task.headSha)
    reasons.push({ code: 'head_moved', message: `the head is ${now.headSha}; the gates judged ${task.headSha}` });
  if (now.baseBranch !== task.branch)
    reasons.push({
      code: 'base_not_allowed',
      message: `the base is ${JSON.stringify(now.baseBranch)}; the gates judged ${JSON.stringify(task.branch)}`,
    });
  if (now.draft) reasons.push({ code: 'draft', message: `#${task.pull} is a draft now` });
  if (now.queued) reasons.push({ code: 'merge_queue', message: `#${task.pull} waits for GitHub's own merge now` });
  if (now.mergeable === 'conflicting')
    reasons.push({ code: 'merge_conflict', message: `#${task.pull} conflicts with its base now` });
  return [...reasons, ...labelReasons(task, now)];
}

function labelReasons(task: MergeTask, now: PullNow): Reason[] {
  if (now.labels === null) return [{ code: 'label_unproven', message: 'there are more labels than can be read' }];
  const before = new Set(task.labels);
  const after = new Set(now.labels);
  const gone = task.labels.filter((label) => !after.has(label));
  const added = now.labels.filter((label) => !before.has(label));
  return [
    ...gone.map((label): Reason => ({ code: 'label_missing', message: 'a label was removed', subject: label })),
    ...added.map((label): Reason => ({ code: 'label_blocks', message: 'a label was added', subject: label })),
  ];
}

function waiting(task: MergeTask, now: PullNow): Reason[] {
  const { checks } = now;
  if (checks === null) return [{ code: 'checks_incomplete', message: 'there are more checks than can be read' }];
  return task.checks.flatMap((judged) => checkReasons(judged, checks));
}

/** The judged run has to stand as it did, and no newer run of the same name and app may say otherwise. */
function checkReasons(judged: CheckNow, checks: readonly CheckNow[]): Reason[] {
  const { name, appId, id } = judged;
  const reports = checks.filter((check) => check.name === name && check.appId === appId && newerOrSame(check.id, id));
  if (reports.length === 0) return [{ code: 'check_missing', message: 'the check is gone', subject: name }];
  const states = new Set(
    reports.map((check) => (check.id === id && check.state === judged.state ? 'green' : check.state)),
  );
  if (states.has('not_green') || states.has('neutral'))
    return [{ code: 'check_not_green', message: 'the check is no longer green', subject: name }];
  if (states.has('pending')) return [{ code: 'check_pending', message: 'the check runs again', subject: name }];
  return [];
}

function newerOrSame(id: number | null, judged: number | null): boolean {
  return id === judged || (id !== null && judged !== null && id > judged);
}
