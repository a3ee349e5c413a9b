import { classicRuleFor, activeRulesets } from '../enforce/match.ts';
import { reviewDemand } from '../enforce/parameters.ts';
import { opinions, reviewViolations } from '../enforce/reviews.ts';
import { baseTip, pullCommits, pullFiles, pullTotals } from '../domain/mergeability.ts';
import { nodeId } from '../ids.ts';
import { roleOf } from '../permissions.ts';
import { association } from '../shapes/account.ts';
import { issueOf } from '../shapes/pull.ts';
import type { IssueEvent, Label } from '../state/issue.ts';
import type { PullState, Review, ReviewThread } from '../state/pull.ts';
import type { Repo } from '../state.ts';
import { findRepo, fullName } from '../state.ts';
import { actor } from './actors.ts';
import { rollup } from './checks.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';
import { commitNode } from './git-objects.ts';
import { isRecord } from '../http/body.ts';

export function pullId(repo: Repo, pull: PullState): string {
  return nodeId('PR', `${fullName(repo)}:${pull.number}`);
}

export function threadId(repo: Repo, pull: PullState, thread: ReviewThread): string {
  return nodeId('PRRT', `${fullName(repo)}:${pull.number}:${thread.id}`);
}

export function labelNode(repo: Repo, { id, name, color, description }: Label): Node {
  return {
    __typename: 'Label',
    id: nodeId('LA', `${fullName(repo)}:${name}`),
    databaseId: id,
    name,
    color,
    description,
  };
}

export function reviewNode(context: Context, repo: Repo, pull: PullState, each: Review): Node {
  const { world } = context;
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', `${fullName(repo)}:${pull.number}:${each.id}`),
    databaseId: each.id,
    fullDatabaseId: String(each.id),
    state: each.state,
    body: each.body,
    author: actor(world, each.user),
    authorAssociation: association(world, repo, each.user),
    authorCanPushToRepository: ['write', 'maintain', 'admin'].includes(roleOf(world, repo, each.user)),
    submittedAt: each.submittedAt,
    commit: () => commitNode(context, repo, each.commitId),
    url: `https://github.com/${fullName(repo)}/pull/${pull.number}#pullrequestreview-${each.id}`,
  };
}

export function threadNode({ world }: Context, repo: Repo, pull: PullState, thread: ReviewThread): Node {
  return {
    __typename: 'PullRequestReviewThread',
    id: threadId(repo, pull, thread),
    isResolved: thread.isResolved,
    isOutdated: thread.isOutdated,
    isCollapsed: thread.isResolved,
    path: thread.path,
    line: thread.line,
    resolvedBy: thread.resolvedBy === null ? null : actor(world, thread.resolvedBy),
    comments: (args: unknown) =>
      connection('comments', thread.comments, args, (each) => ({
        __typename: 'PullRequestReviewComment',
        id: nodeId('PRRC', each.id),
        databaseId: each.id,
        body: each.body,
        author: actor(world, each.user),
        createdAt: each.createdAt,
      })),
  };
}

/** What the review rules of the base branch make of the reviews; `null` where no rule asks for any. */
function reviewDecision({ world }: Context, repo: Repo, pull: PullState, paths: readonly string[]): string | null {
  const reviews = classicRuleFor(repo, pull.baseRef)?.reviews;
  const demands = reviews
    ? [{ count: reviews.count, codeOwner: reviews.codeOwner, lastPush: reviews.lastPush, threads: false }]
    : [];
  for (const ruleset of activeRulesets(world, repo, `refs/heads/${pull.baseRef}`)) {
    for (const rule of ruleset.rules)
      if (rule.type === 'pull_request') demands.push({ ...reviewDemand(rule), threads: false });
  }
  if (demands.length === 0) return null;
  if (opinions(world, repo, pull).some(({ state }) => state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  const missing = demands.some((demand) => reviewViolations(world, repo, pull, demand, paths).length > 0);
  return missing ? 'REVIEW_REQUIRED' : 'APPROVED';
}

const EVENT_TYPES: Record<string, string> = {
  labeled: 'LabeledEvent',
  unlabeled: 'UnlabeledEvent',
  merged: 'MergedEvent',
  closed: 'ClosedEvent',
  reopened: 'ReopenedEvent',
  renamed: 'RenamedTitleEvent',
  review_dismissed: 'ReviewDismissedEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent',
  head_ref_deleted: 'HeadRefDeletedEvent',
  base_ref_changed: 'BaseRefChangedEvent',
};

function eventNode({ world }: Context, repo: Repo, each: IssueEvent): Node[] {
  const type = EVENT_TYPES[each.event];
  if (type === undefined) return [];
  const label = isRecord(each.extra['label'])
    ? repo.labels.get(String(each.extra['label']['name']).toLowerCase())
    : undefined;
  const node = {
    id: nodeId('EV', `${fullName(repo)}:${each.id}`),
    actor: actor(world, each.actor),
    createdAt: each.createdAt,
  };
  return [{ __typename: type, ...node, ...(label ? { label: labelNode(repo, label) } : {}) }];
}

function timeline(context: Context, repo: Repo, pull: PullState, args: unknown): unknown {
  const all = issueOf(repo, pull).events.flatMap((each) => eventNode(context, repo, each));
  const wanted: unknown = isRecord(args) ? args['itemTypes'] : undefined;
  const name = (node: Node): string => node.__typename.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const chosen = Array.isArray(wanted) ? all.filter((node) => wanted.includes(name(node))) : all;
  return connection('timelineItems', chosen, args, (node) => node);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

export function pullNode(context: Context, repo: Repo, pull: PullState): Node {
  const { world } = context;
  const issue = issueOf(repo, pull);
  // One computation for all fields of one answer: reading mergeability has the effect of starting it.
  let known: ReturnType<typeof pullTotals> | undefined;
  const totals = (): ReturnType<typeof pullTotals> => (known ??= pullTotals(world, repo, pull, context.caller));
  const [owner = '', name = ''] = pull.headRepo.split('/');
  const home = findRepo(world, owner, name);
  const paths = async (): Promise<string[]> => (await pullFiles(repo, pull)).map(({ path }) => path);
  return {
    __typename: 'PullRequest',
    id: pullId(repo, pull),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: issue.title,
    body: issue.body ?? '',
    url: `https://github.com/${fullName(repo)}/pull/${pull.number}`,
    state: pull.mergedAt === null ? issue.state.toUpperCase() : 'MERGED',
    closed: issue.state === 'closed',
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: pull.mergedBy === null ? null : actor(world, pull.mergedBy),
    isDraft: pull.draft,
    isCrossRepository: pull.headRepo !== fullName(repo),
    isInMergeQueue: pull.inMergeQueue,
    locked: issue.locked,
    maintainerCanModify: pull.maintainerCanModify,
    author: actor(world, issue.user),
    authorAssociation: association(world, repo, issue.user),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    baseRefName: pull.baseRef,
    baseRefOid: pull.mergedAt === null ? baseTip(repo, pull) : pull.baseSha,
    baseRef: () => context.nodes.ref(context, repo, `refs/heads/${pull.baseRef}`),
    baseRepository: () => context.nodes.repository(context, repo),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRef: () => (home ? context.nodes.ref(context, home, `refs/heads/${pull.headRef}`) : null),
    headRepository: () => (home ? context.nodes.repository(context, home) : null),
    headRepositoryOwner: actor(world, owner),
    repository: () => context.nodes.repository(context, repo),
    autoMergeRequest: pull.autoMerge && {
      enabledBy: actor(world, pull.autoMerge.enabledBy),
      mergeMethod: pull.autoMerge.method.toUpperCase(),
    },
    mergeCommit: () =>
      pull.mergedAt !== null && pull.mergeCommitSha !== null ? commitNode(context, repo, pull.mergeCommitSha) : null,
    potentialMergeCommit: () =>
      pull.mergedAt === null && pull.mergeCommitSha !== null ? commitNode(context, repo, pull.mergeCommitSha) : null,
    mergeable: async () => {
      const { mergeable } = await totals();
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    mergeStateStatus: async () => (await totals()).mergeableState.toUpperCase(),
    additions: async () => sum((await pullFiles(repo, pull)).map((file) => file.additions)),
    deletions: async () => sum((await pullFiles(repo, pull)).map((file) => file.deletions)),
    changedFiles: async () => (await pullFiles(repo, pull)).length,
    reviewDecision: async () => reviewDecision(context, repo, pull, await paths()),
    statusCheckRollup: () => rollup(context, repo, pull.headSha),
    labels: (args: unknown) =>
      connection('labels', issue.labels, args, (each) => {
        const label = repo.labels.get(each.toLowerCase());
        return label ? labelNode(repo, label) : null;
      }),
    reviews: (args: unknown) =>
      connection('reviews', pull.reviews, args, (each) => reviewNode(context, repo, pull, each)),
    latestOpinionatedReviews: (args: unknown) =>
      connection('latestOpinionatedReviews', opinions(world, repo, pull), args, (each) =>
        reviewNode(context, repo, pull, each),
      ),
    reviewThreads: (args: unknown) =>
      connection('reviewThreads', pull.threads, args, (each) => threadNode(context, repo, pull, each)),
    commits: async (args: unknown) =>
      connection('commits', await pullCommits(repo, pull), args, (sha) => ({
        __typename: 'PullRequestCommit',
        id: nodeId('PURC', `${pull.number}:${sha}`),
        commit: commitNode(context, repo, sha),
      })),
    files: async (args: unknown) =>
      connection('files', await pullFiles(repo, pull), args, ({ path, additions, deletions, status }) => ({
        path,
        additions,
        deletions,
        changeType: status === 'removed' ? 'DELETED' : status.toUpperCase(),
      })),
    comments: (args: unknown) =>
      connection('comments', issue.comments, args, (each) => ({
        __typename: 'IssueComment',
        id: nodeId('IC', `${fullName(repo)}:${each.id}`),
        databaseId: each.id,
        body: each.body,
        author: actor(world, each.user),
        createdAt: each.createdAt,
        lastEditedAt: each.updatedAt === each.createdAt ? null : each.updatedAt,
      })),
    timelineItems: (args: unknown) => timeline(context, repo, pull, args),
  };
}
