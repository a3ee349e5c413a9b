import { mergeBase } from '../git/history.ts';
import { readRef, writeRef } from '../git/refs.ts';
import { invalid, refuse } from '../reply.ts';
import type { PullState } from '../state/pull.ts';
import type { IssueState } from '../state/issue.ts';
import type { Repo, World } from '../state.ts';
import { findRepo, fullName, newId, nowIso } from '../state.ts';
import { pullRef } from './ref-moved.ts';

export type NewPull = {
  readonly title: string;
  readonly body: string | null;
  readonly author: string;
  /** `branch` or `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
};

export function newIssue(
  world: World,
  repo: Repo,
  fields: Pick<IssueState, 'title' | 'body' | 'user' | 'isPull'>,
): IssueState {
  const now = nowIso(world);
  const issue: IssueState = {
    ...fields,
    id: newId(world),
    number: repo.nextNumber,
    state: 'open',
    stateReason: null,
    locked: false,
    labels: [],
    assignees: [],
    comments: [],
    events: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
  };
  repo.nextNumber += 1;
  repo.issues.set(issue.number, issue);
  return issue;
}

/** The repository and branch that `owner:branch` names: this one, or a fork of it. */
function resolveHead(world: World, repo: Repo, head: string): { readonly home: Repo; readonly ref: string } | null {
  const colon = head.indexOf(':');
  const owner = colon < 0 ? repo.owner : head.slice(0, colon);
  const ref = head.slice(colon + 1);
  if (owner === repo.owner) return { home: repo, ref };
  const family = [...world.repos.values()].filter((each) => each.owner === owner);
  const home =
    family.find((each) => each.parent?.toLowerCase() === fullName(repo).toLowerCase()) ??
    findRepo(world, owner, repo.name);
  return home ? { home, ref } : null;
}

export async function createPull(world: World, repo: Repo, fields: NewPull): Promise<PullState> {
  const head = resolveHead(world, repo, fields.head);
  const headSha = head && readRef(head.home.gitDir, `refs/heads/${head.ref}`);
  if (!head || headSha === null) return invalid('PullRequest', 'head', 'invalid');
  const baseSha = readRef(repo.gitDir, `refs/heads/${fields.base}`);
  if (baseSha === null) return invalid('PullRequest', 'base', 'invalid');
  await refuseUseless(repo, head, fields, headSha, baseSha);
  const { title, body, author: user } = fields;
  const issue = newIssue(world, repo, { title, body, user, isPull: true });
  const pull: PullState = {
    id: newId(world),
    number: issue.number,
    headRepo: fullName(head.home),
    headRef: head.ref,
    headSha,
    baseRef: fields.base,
    baseSha,
    draft: fields.draft,
    maintainerCanModify: fields.maintainerCanModify,
    pushes: [{ before: baseSha, after: headSha, actor: pusherOf(head.home, head.ref) ?? user, at: issue.createdAt }],
    reviews: [],
    threads: [],
    requestedReviewers: [],
    requestedTeams: [],
    autoMerge: null,
    inMergeQueue: false,
    asyncMerges: new Map(),
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    baseBeforeMerge: null,
    mergeability: { head: '', base: '', nullReadsLeft: 0, value: null, rebaseable: false },
  };
  repo.pulls.set(pull.number, pull);
  writeRef(repo.gitDir, pullRef(pull), headSha, null);
  return pull;
}

/** Whoever pushed the branch last is not always the one who opens the pull request. */
function pusherOf(home: Repo, branch: string): string | null {
  return home.activity.findLast(({ ref }) => ref === `refs/heads/${branch}`)?.actor ?? null;
}

async function refuseUseless(
  repo: Repo,
  head: { readonly home: Repo; readonly ref: string },
  fields: NewPull,
  headSha: string,
  baseSha: string,
): Promise<void> {
  const name = `${head.home.owner}:${head.ref}`;
  const twin = [...repo.pulls.values()].find(
    (each) =>
      each.headRepo === fullName(head.home) &&
      each.headRef === head.ref &&
      each.baseRef === fields.base &&
      repo.issues.get(each.number)?.state === 'open',
  );
  const problem = (message: string): never =>
    refuse(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] });
  if (twin) problem(`A pull request already exists for ${name}.`);
  const ancestor = await mergeBase(repo.gitDir, baseSha, headSha);
  if (ancestor === headSha)
    problem(`No commits between ${fields.base} and ${name === `${repo.owner}:${head.ref}` ? head.ref : name}`);
  if (ancestor === null) problem(`The ${head.ref} branch has no history in common with ${fields.base}`);
}
