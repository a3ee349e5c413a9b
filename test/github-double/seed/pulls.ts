import { createPull } from '../domain/create-pull.ts';
import { addLabels } from '../domain/conversation.ts';
import { addReview } from '../domain/reviews.ts';
import { issueOf } from '../shapes/pull.ts';
import type { PullState, Review, ReviewThread } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { findRepo, newId, nowIso } from '../state.ts';
import type { Files, PushSpec } from './repository.ts';
import { pushFiles } from './repository.ts';
import { ensureUser } from './accounts.ts';

export type PullSpec = {
  readonly title?: string;
  readonly body?: string | null;
  /** Default `change-<n>`. */
  readonly branch?: string;
  readonly base?: string;
  readonly author?: string;
  /** Who pushes the branch; the author unless given. */
  readonly pusher?: string;
  readonly files?: Files;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  /** `owner/name` of the fork the branch is pushed to. */
  readonly fromFork?: string;
};

/** Pushes a branch with files and opens a pull request for it. */
export async function openPull(world: World, repo: Repo, spec: PullSpec = {}): Promise<PullState> {
  const author = spec.author ?? 'author';
  ensureUser(world, author);
  const [owner = '', name = ''] = (spec.fromFork ?? `${repo.owner}/${repo.name}`).split('/');
  const home = findRepo(world, owner, name);
  if (!home) throw new Error(`no repository ${owner}/${name}`);
  const branch = spec.branch ?? `change-${repo.nextNumber}`;
  const base = spec.base ?? repo.defaultBranch;
  await pushFiles(world, home, branch, spec.files ?? { [`${branch}.md`]: 'text\n' }, {
    by: spec.pusher ?? author,
    author,
    from: base,
  });
  const pull = await createPull(world, repo, {
    title: spec.title ?? `Change ${branch}`,
    body: spec.body ?? null,
    author,
    head: `${owner}:${branch}`,
    base,
    draft: spec.draft ?? false,
    maintainerCanModify: true,
  });
  addLabels(world, repo, issueOf(repo, pull), spec.labels ?? [], author, null);
  return pull;
}

export async function pushToPull(
  world: World,
  repo: Repo,
  pull: PullState,
  files: Files,
  spec: PushSpec = {},
): Promise<string> {
  const [owner = '', name = ''] = pull.headRepo.split('/');
  const home = findRepo(world, owner, name) ?? repo;
  return pushFiles(world, home, pull.headRef, files, { by: issueOf(repo, pull).user, from: pull.baseRef, ...spec });
}

export type ReviewSpec = {
  readonly user: string;
  readonly state?: Review['state'];
  readonly body?: string;
  readonly sha?: string;
};

export function review(world: World, repo: Repo, pull: PullState, spec: ReviewSpec): Review {
  return addReview(world, repo, pull, { state: 'APPROVED', body: '', ...spec });
}

export function thread(
  world: World,
  pull: PullState,
  spec: { readonly path: string; readonly user: string; readonly resolved?: boolean },
): ReviewThread {
  const comment = { id: newId(world), user: spec.user, body: 'Please look.', createdAt: nowIso(world) };
  const made: ReviewThread = {
    id: newId(world),
    path: spec.path,
    line: 1,
    isResolved: spec.resolved ?? false,
    isOutdated: false,
    resolvedBy: spec.resolved ? spec.user : null,
    comments: [comment],
  };
  pull.threads.push(made);
  return made;
}
