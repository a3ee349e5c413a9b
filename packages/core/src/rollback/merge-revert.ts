import type { Reason } from '../kernel/index.ts';
import {
  approvals,
  climb,
  missingReviews,
  type LadderDecision,
  type MergeFacts,
  type MergeTask,
} from '../merge/index.ts';
import type { Merger, MergeMethod, PullNow } from '../merge/index.ts';
import { relaxLevel, type Rulepack } from '../rulepack/index.ts';
import type { RollbackFacts } from './facts.ts';
import { checkRevertProof, type RevertProof } from './prove.ts';
import { standingChecks } from './standing-checks.ts';

export type RevertTask =
  | { readonly kind: 'task'; readonly task: MergeTask }
  /** `hold`: a later run may merge it. */
  | { readonly kind: 'stop'; readonly outcome: 'fail' | 'hold'; readonly reasons: readonly Reason[] };

export type RevertMergeInput = {
  readonly facts: RollbackFacts;
  readonly merge: MergeFacts;
  readonly now: PullNow;
  readonly pack: Rulepack | null;
  readonly merger: Merger;
  readonly files: MergeTask['files'];
  readonly run: MergeTask['run'];
};

/**
 * The merge of a proven revert: without waiting for checks, since the tree had them when it was the branch's own. What
 * protection asks for besides is lifted as far as the rulepack `revert` says, by the same ladder as any merge.
 */
export function revertTask(proof: RevertProof, input: RevertMergeInput): RevertTask {
  const { merge, now, pack, merger, facts } = input;
  const mismatch = checkRevertProof(proof, merge.pull.head.sha);
  if (mismatch !== undefined) return stop('fail', [mismatch]);
  if (merge.protection.kind === 'unreadable')
    return stop('hold', [
      { code: 'protection_unreadable', message: merge.protection.why, subject: facts.pull.baseBranch },
    ]);
  const against = standing(merge, now, proof);
  if (against.length > 0) return stop('hold', against);
  const { snapshot } = merge.protection;
  const method = methodOf(facts);
  if (method === undefined)
    return stop('hold', [{ code: 'method_not_allowed', message: 'the repository allows no way of merging' }]);
  const decision = ladder(input, merge.protection.snapshot, method);
  if (decision.kind === 'stop') return stop('hold', decision.reasons);
  const checks = standingChecks(snapshot, merger, decision.rung, now.checks);
  if (checks.length > 0) return stop('hold', checks);
  const task: MergeTask = {
    repositoryId: merge.repository.id,
    pull: merge.pull.number,
    headSha: proof.revertSha,
    branch: merge.pull.base.branch,
    method,
    rung: decision.rung,
    snapshot,
    merger,
    labels: now.labels ?? [],
    // The proof stands for the checks.
    checks: [],
    files: input.files,
    scenario: pack?.scenario ?? 'revert',
    actor: 'obsgate',
    run: input.run,
    treeSha: proof.tree,
  };
  return { kind: 'task', task };
}

function ladder(
  { merge, pack, merger }: RevertMergeInput,
  snapshot: MergeTask['snapshot'],
  method: MergeMethod,
): LadderDecision {
  const causes = missingReviews(merge, snapshot);
  return climb({
    snapshot,
    cause: causes.length === 0 ? { kind: 'none' } : { kind: 'review', causes },
    merger,
    method,
    defaultBranch: merge.repository.defaultBranch,
    approvals: approvals(merge).length,
    relaxable: pack?.relaxable ?? false,
    relax: pack === null ? 'none' : relaxLevel(pack),
  });
}

function methodOf({ config, repository }: RollbackFacts): MergeMethod | undefined {
  const { method } = config.merge;
  return repository.methods.includes(method) ? method : repository.methods[0];
}

/** What people said about the revert, or what stops all merges. */
function standing({ pull, reviews, threads, freeze }: MergeFacts, now: PullNow, proof: RevertProof): Reason[] {
  const reasons: Reason[] = [];
  const add = (code: Reason['code'], message: string): void => void reasons.push({ code, message });
  if (pull.state !== 'open') add('pull_closed', `the revert #${pull.number} is ${pull.state}`);
  if (pull.draft) add('draft', `the revert #${pull.number} is a draft`);
  if (now.baseSha !== proof.baseSha)
    add('base_modified', `the base branch moved on to ${now.baseSha}; the revert is proven for ${proof.baseSha}`);
  if (now.headSha !== proof.revertSha) add('head_moved', `the revert's head is ${now.headSha}, not ${proof.revertSha}`);
  if (pull.queued) add('merge_queue', `the revert #${pull.number} waits for GitHub's own merge`);
  if (now.mergeable === 'conflicting') add('merge_conflict', 'GitHub says that the revert conflicts');
  if (now.mergeable === 'unknown') add('mergeable_unknown', 'GitHub has not worked out yet whether the revert merges');
  if (reviews.some(({ state }) => state === 'changes_requested') || pull.reviewDecision === 'changes_requested')
    add('changes_requested', 'changes of the revert are requested');
  if (threads.kind === 'incomplete' || threads.unresolved > 0)
    add('threads_unresolved', 'the revert has review threads that are not resolved');
  if (freeze.kind === 'frozen') add('frozen', `merges are frozen by ${freeze.by}`);
  if (freeze.kind === 'unreadable') add('frozen', `nobody can say whether merges are frozen: ${freeze.why}`);
  return reasons;
}

function stop(outcome: 'fail' | 'hold', reasons: readonly Reason[]): RevertTask {
  return { kind: 'stop', outcome, reasons };
}
