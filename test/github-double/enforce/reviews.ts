import { readRef } from '../git/refs.ts';
import { atLeast, roleOf } from '../permissions.ts';
import type { PullState, Review } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { isOwner, ownersOf, readCodeOwners } from './code-owners.ts';

/** What a rule of either kind asks of reviews. */
export type ReviewDemand = {
  readonly count: number;
  readonly codeOwner: boolean;
  readonly lastPush: boolean;
  readonly threads: boolean;
};

/** Bots count as writers when their App is installed with write access to contents. */
function mayReview(world: World, repo: Repo, login: string): boolean {
  if (!login.endsWith('[bot]')) return atLeast(roleOf(world, repo, login), 'write');
  const app = [...world.apps.values()].find(({ slug }) => `${slug}[bot]` === login);
  const here = [...world.installations.values()].find((each) => each.appId === app?.id && each.account === repo.owner);
  return here?.permissions.contents === 'write' && here.permissions.pull_requests === 'write';
}

/** The opinion each reviewer with write access holds now: comments do not replace an approval, a dismissal does. */
export function opinions(world: World, repo: Repo, pull: PullState): Review[] {
  const latest = new Map<string, Review>();
  for (const review of pull.reviews) {
    if (review.state === 'COMMENTED' || review.state === 'PENDING') continue;
    if (mayReview(world, repo, review.user)) latest.set(review.user, review);
  }
  return [...latest.values()].filter(({ state }) => state !== 'DISMISSED');
}

export function lastPusher(pull: PullState): string | null {
  return pull.pushes.at(-1)?.actor ?? null;
}

/** GitHub's sentences for what reviews still lack. */
export function reviewViolations(
  world: World,
  repo: Repo,
  pull: PullState,
  demand: ReviewDemand,
  changedPaths: readonly string[],
): string[] {
  const current = opinions(world, repo, pull);
  const approvals = current.filter(({ state }) => state === 'APPROVED');
  const found: string[] = [];
  if (demand.count > 0 && current.some(({ state }) => state === 'CHANGES_REQUESTED')) {
    found.push('Changes have been requested by reviewers with write access.');
  }
  if (approvals.length < demand.count) {
    const noun = demand.count === 1 ? 'approving review is' : 'approving reviews are';
    found.push(`At least ${demand.count} ${noun} required by reviewers with write access.`);
  }
  if (demand.codeOwner) found.push(...codeOwnerViolation(world, repo, pull, approvals, changedPaths));
  if (demand.lastPush && found.length === 0) {
    const pusher = lastPusher(pull);
    const approved = approvals.some(({ user, commitId }) => user !== pusher && commitId === pull.headSha);
    if (!approved) found.push('New changes require approval from someone other than the last pusher.');
  }
  if (demand.threads && pull.threads.some(({ isResolved }) => !isResolved)) {
    found.push('A conversation must be resolved before this pull request can be merged.');
  }
  return found;
}

function codeOwnerViolation(
  world: World,
  repo: Repo,
  pull: PullState,
  approvals: readonly Review[],
  changedPaths: readonly string[],
): string[] {
  const rules = readCodeOwners(repo, readRef(repo.gitDir, `refs/heads/${pull.baseRef}`) ?? pull.baseSha);
  const waiting = new Set<string>();
  for (const path of changedPaths) {
    const owners = ownersOf(rules, path);
    const approved = owners.some((owner) => approvals.some(({ user }) => isOwner(world, owner, user)));
    if (owners.length > 0 && !approved) for (const owner of owners) waiting.add(owner);
  }
  return waiting.size === 0 ? [] : [`Waiting on code owner review from ${[...waiting].join(' and/or ')}.`];
}
