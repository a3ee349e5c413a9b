import type { CheckNow, CommitShape, PullNow } from '@obsgate/core/merge';
import type { CommitAnswer, ContextAnswer, PullAnswer } from './pull-query.ts';

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;
const MERGEABLE = { MERGEABLE: 'mergeable', CONFLICTING: 'conflicting', UNKNOWN: 'unknown' } as const;

/** The pull request in the domain's words. A list that was cut off is no list. */
export function pullNow(answer: PullAnswer): PullNow {
  const { labels, baseRef } = answer;
  return {
    state: STATES[answer.state],
    title: answer.title,
    headSha: answer.headRefOid,
    baseBranch: answer.baseRefName,
    baseSha: baseRef?.target.oid ?? '',
    draft: answer.isDraft,
    queued: answer.isInMergeQueue || (answer.autoMergeRequest ?? null) !== null,
    mergeable: MERGEABLE[answer.mergeable],
    labels: labels === null || labels.totalCount !== labels.nodes.length ? null : labels.nodes.map(({ name }) => name),
    checks: checksOf(answer),
    trial: answer.potentialMergeCommit && shape(answer.potentialMergeCommit),
    landed: answer.mergeCommit && shape(answer.mergeCommit),
  };
}

/** The checks of the head commit; null when the newest commit that is listed is not the head. */
function checksOf({ commits, headRefOid }: PullAnswer): readonly CheckNow[] | null {
  const commit = commits.nodes.at(-1)?.commit;
  if (commit?.oid !== headRefOid) return null;
  if (commit.statusCheckRollup === null) return [];
  const { totalCount, nodes } = commit.statusCheckRollup.contexts;
  return nodes.length === totalCount ? nodes.map(checkNow) : null;
}

function checkNow(node: ContextAnswer): CheckNow {
  if (node.__typename === 'StatusContext') {
    const state = node.state === 'SUCCESS' ? 'green' : isPending(node.state) ? 'pending' : 'not_green';
    return { name: node.context, id: null, appId: null, state };
  }
  const { name, databaseId: id, checkSuite } = node;
  return { name, id, appId: checkSuite.app?.databaseId ?? null, state: runState(node.status, node.conclusion) };
}

function isPending(state: string): boolean {
  return state === 'PENDING' || state === 'EXPECTED';
}

function runState(status: string, conclusion: string | null): CheckNow['state'] {
  if (status !== 'COMPLETED') return 'pending';
  if (conclusion === 'SUCCESS') return 'green';
  return conclusion === 'NEUTRAL' || conclusion === 'SKIPPED' ? 'neutral' : 'not_green';
}

function shape({ oid, tree, parents }: CommitAnswer): CommitShape {
  return { sha: oid, tree: tree.oid, parents: parents.nodes.map((parent) => parent.oid) };
}
