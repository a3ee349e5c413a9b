import { isAncestor } from '../git/history.ts';
import { readRef, writeRef, ZERO } from '../git/refs.ts';
import { activeRulesets, classicRuleFor } from '../enforce/match.ts';
import { dismissesStale } from '../enforce/parameters.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState } from '../state/pull.ts';
import type { ActivityType, Repo, World } from '../state.ts';
import { fullName, newId, nowIso } from '../state.ts';
import { addEvent, closeIssue } from './events.ts';

export type RefMove = {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly actor: string;
  readonly type: ActivityType;
};

/** Everything that follows from a ref having moved: activity, pull request heads, stale approvals, indirect merges. */
export async function refMoved(world: World, repo: Repo, move: RefMove): Promise<void> {
  const { ref, before, after, actor, type } = move;
  const timestamp = nowIso(world);
  repo.activity.push({ id: newId(world), before: before ?? ZERO, after: after ?? ZERO, ref, timestamp, type, actor });
  if (!ref.startsWith('refs/heads/')) return;
  const branch = ref.slice('refs/heads/'.length);
  for (const home of world.repos.values()) {
    for (const pull of home.pulls.values()) {
      if (pull.mergedAt !== null || issueOf(home, pull).state === 'closed') continue;
      if (pull.headRepo === fullName(repo) && pull.headRef === branch) headMoved(world, home, pull, move);
      else if (home === repo && pull.baseRef === branch && after !== null)
        await baseMoved(world, repo, pull, after, move);
    }
  }
}

function headMoved(world: World, repo: Repo, pull: PullState, { after, actor, type }: RefMove): void {
  const issue = issueOf(repo, pull);
  if (after === null) {
    closeIssue(world, issue, actor);
    addEvent(world, issue, 'head_ref_deleted', actor);
    return;
  }
  pull.pushes.push({ before: pull.headSha, after, actor, at: nowIso(world) });
  pull.headSha = after;
  pull.baseSha = readRef(repo.gitDir, `refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  writeRef(repo.gitDir, pullRef(pull), after, readRef(repo.gitDir, pullRef(pull)));
  if (type === 'force_push') addEvent(world, issue, 'head_ref_force_pushed', actor, { commitId: after });
  issue.updatedAt = nowIso(world);
  if (!dismissesStaleReviews(world, repo, pull)) return;
  for (const review of pull.reviews) {
    if (review.state !== 'APPROVED' || review.commitId === after) continue;
    review.state = 'DISMISSED';
    const dismissed_review = {
      state: 'approved',
      review_id: review.id,
      dismissal_message: null,
      dismissal_commit_id: after,
    };
    addEvent(world, issue, 'review_dismissed', actor, { extra: { dismissed_review } });
  }
}

function dismissesStaleReviews(world: World, repo: Repo, pull: PullState): boolean {
  if (classicRuleFor(repo, pull.baseRef)?.reviews?.dismissStale) return true;
  return activeRulesets(world, repo, `refs/heads/${pull.baseRef}`).some(({ rules }) => rules.some(dismissesStale));
}

/** A base that already contains the head marks the pull request as merged, whoever pushed it. */
async function baseMoved(world: World, repo: Repo, pull: PullState, after: string, move: RefMove): Promise<void> {
  if (move.type === 'pr_merge' || !(await isAncestor(repo.gitDir, pull.headSha, after))) return;
  pull.mergedAt = nowIso(world);
  pull.mergedBy = move.actor;
  pull.mergeCommitSha = after;
  pull.baseBeforeMerge = move.before;
  addEvent(world, issueOf(repo, pull), 'merged', move.actor, { commitId: after });
  closeIssue(world, issueOf(repo, pull), move.actor);
}

export function pullRef(pull: PullState): string {
  return `refs/pull/${pull.number}/head`;
}
