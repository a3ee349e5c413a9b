import { deleteRef, readRef, writeRef } from '../git/refs.ts';
import { isAncestor } from '../git/history.ts';
import { diff } from '../git/diff.ts';
import { EMPTY_TREE } from '../git/trees.ts';
import { judgePush } from '../enforce/push-rules.ts';
import type { Verdict } from '../enforce/verdict.ts';
import { evaluations, isBypassed, refusalMessage } from '../enforce/verdict.ts';
import type { Caller } from '../permissions.ts';
import { actorOf, can } from '../permissions.ts';
import type { ActivityType, Repo, World } from '../state.ts';
import { newId, nowIso } from '../state.ts';
import { refMoved } from './ref-moved.ts';

export type RefUpdate = {
  readonly ref: string;
  /** What the caller believes the ref is; the write fails if it is not. */
  readonly before: string | null;
  readonly after: string | null;
};

export type RefOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'rules' | 'workflows' | 'raced'; readonly message: string };

/**
 * Moves a ref on behalf of a caller: asks the rules, checks the `workflows` permission, compares and swaps, and lets
 * everything follow. The one door for all direct ref writes.
 */
export async function updateRef(world: World, repo: Repo, caller: Caller, update: RefUpdate): Promise<RefOutcome> {
  const verdicts = await judgePush(world, repo, caller, update);
  const message = refusalMessage(verdicts);
  recordSuite(world, repo, actorOf(caller), update, verdicts);
  if (message !== null) return { ok: false, why: 'rules', message };
  const file = await forbiddenWorkflow(world, repo, caller, update.before, update.after);
  if (file !== null) return { ok: false, why: 'workflows', message: workflowRefusal(file) };
  const type = await activityType(repo, update);
  if (!(await swap(repo, update))) return { ok: false, why: 'raced', message: 'Reference cannot be updated' };
  await refMoved(world, repo, { ...update, actor: actorOf(caller), type });
  return { ok: true };
}

async function swap(repo: Repo, { ref, before, after }: RefUpdate): Promise<boolean> {
  if (after !== null) return writeRef(repo.gitDir, ref, after, before);
  if (readRef(repo.gitDir, ref) !== before) return false;
  await deleteRef(repo.gitDir, ref);
  return true;
}

async function activityType(repo: Repo, { before, after }: RefUpdate): Promise<ActivityType> {
  if (before === null) return 'branch_creation';
  if (after === null) return 'branch_deletion';
  return (await isAncestor(repo.gitDir, before, after)) ? 'push' : 'force_push';
}

export function recordSuite(
  world: World,
  repo: Repo,
  actor: string,
  update: RefUpdate,
  verdicts: readonly Verdict[],
): void {
  if (verdicts.length === 0) return;
  const zero = '0'.repeat(40);
  repo.ruleSuites.push({
    id: newId(world),
    actor,
    beforeSha: update.before ?? zero,
    afterSha: update.after ?? zero,
    ref: update.ref,
    pushedAt: nowIso(world),
    result: refusalMessage(verdicts) !== null ? 'fail' : isBypassed(verdicts) ? 'bypass' : 'pass',
    evaluations: evaluations(verdicts),
  });
}

/** The first workflow file a change touches that this token may not write, `null` when all is well. */
export async function forbiddenWorkflow(
  world: World,
  repo: Repo,
  caller: Caller,
  before: string | null,
  after: string | null,
): Promise<string | null> {
  if (after === null || mayWriteWorkflows(world, repo, caller)) return null;
  if (before === null && existsElsewhere(repo, after)) return null;
  const changes = await diff(repo.gitDir, before ?? EMPTY_TREE, after);
  const isWorkflow = (path: string | null): boolean => path?.startsWith('.github/workflows/') ?? false;
  return changes.find(({ path, previousPath }) => isWorkflow(path) || isWorkflow(previousPath))?.path ?? null;
}

function mayWriteWorkflows(world: World, repo: Repo, caller: Caller): boolean {
  if (caller.kind === 'user' && caller.grants === null)
    return caller.scopes.length === 0 || caller.scopes.includes('workflow');
  return can(world, caller, repo, 'workflows', 'write');
}

/** A new branch on a commit that another branch already has brings no new workflow files. */
function existsElsewhere(repo: Repo, sha: string): boolean {
  return (
    repo.activity.some(({ after }) => after === sha) || readRef(repo.gitDir, `refs/heads/${repo.defaultBranch}`) === sha
  );
}

export function workflowRefusal(file: string): string {
  return `refusing to allow a GitHub App to create or update workflow \`${file}\` without \`workflows\` permission`;
}
