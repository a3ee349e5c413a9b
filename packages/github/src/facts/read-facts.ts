import type { Config } from '@obsgate/core/config';
import type { Reason } from '@obsgate/core/kernel';
import type {
  Account,
  FreezeFacts,
  LabelFacts,
  MergeFacts,
  MergeRequest,
  PullFacts,
  RepositoryFacts,
  ReviewFacts,
  ThreadsFacts,
} from '@obsgate/core/merge';
import { demandedChecks, isNamed } from '@obsgate/core/merge';
import type { ReadProtection } from '@obsgate/core/protection';
import { foldersAboveNew, type RulepackSet } from '@obsgate/core/rulepack';
import type { GitHubClient } from '../client/index.ts';
import { accountOf } from './account.ts';
import { readChecks } from './checks.ts';
import { readContents, type Contents } from './contents.ts';
import { refused } from './failed.ts';
import { changedFiles, filesFacts, listFiles, type ListedFiles } from './files.ts';
import { readFolders } from './folders.ts';
import { readFreezeVariable } from './freeze.ts';
import { readComment, readPush, readStandings } from './people.ts';
import { CONFIG_PATH, RULEPACK_FOLDER, readPolicy } from './policy.ts';
import { PULL_FACTS_QUERY, pullFactsAnswer, type PullFactsAnswer } from './pull-query.ts';

export type FactsPorts = {
  /** Both kinds of protection of a branch. */
  readProtection(branch: string): Promise<ReadProtection>;
  /** Milliseconds since 1970. */
  now(): number;
};

export type ReadFacts =
  | { readonly kind: 'ok'; readonly facts: MergeFacts; readonly config: Config; readonly rulepacks: RulepackSet }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/**
 * Reads all that the six gates look at, with the policy of the base commit: two GraphQL requests, one for each hundred
 * files, one each for the last push, every person, every workflow run that reports required checks, and the protection's.
 *
 * @throws ConfigError when the configuration on the base branch is wrong
 */
export async function readMergeFacts(
  client: GitHubClient,
  request: MergeRequest,
  ports: FactsPorts,
): Promise<ReadFacts> {
  const readAt = new Date(ports.now()).toISOString();
  const variables = {
    owner: client.owner,
    repo: client.repo,
    number: request.pull,
    config: CONFIG_PATH,
    rulepacks: RULEPACK_FOLDER,
  };
  const answer = await client.graphql({ text: PULL_FACTS_QUERY, kind: 'read', variables }, pullFactsAnswer);
  if (answer.kind === 'failed') return refused(answer, `pull request #${request.pull} could not be read`);
  const { repository } = answer.value;
  const { config, rulepacks } = await readPolicy(client, repository);
  const pull = repository.pullRequest;
  const limit = Math.max(0, ...rulepacks.rulepacks.map((pack) => pack.max_files));
  const [listed, push, protection, variable, comment] = await Promise.all([
    listFiles(client, pull.number, pull.changedFiles, limit),
    readPush(client, pull.headRefName),
    ports.readProtection(pull.baseRefName),
    readFreezeVariable(client, config),
    request.trigger.kind === 'comment' ? readComment(client, pull.number, request.trigger.id) : null,
  ]);
  const snapshot = protection.kind === 'ok' ? protection.snapshot : null;
  const demands = [...rulepacks.rulepacks, null].flatMap((pack) => demandedChecks(pack, snapshot));
  const isDemanded = (name: string): boolean => demands.some((demand) => isNamed(demand, name));
  const labels = labelFacts(repository);
  const newPaths = foldersAboveNew(changedFiles(listed, new Map(), new Map()));
  const [contents, folders, checks, standings] = await Promise.all([
    readContents(client, wanted(pull, listed, config)),
    readFolders(client, pull.baseRef?.target.oid ?? pull.headRefOid, newPaths),
    readChecks(client, repository, isDemanded),
    readStandings(client, people(repository, request, push.kind === 'known' ? push.by : null, asking(labels, config))),
  ]);
  const facts: MergeFacts = {
    schema: 'obsgate.merge-facts/1',
    readAt,
    repository: repositoryFacts(client, repository),
    pull: pullFacts(repository, contents),
    push,
    files: filesFacts(listed, contents.before, contents.after, contents.why ?? folders.why),
    folders: folders.folders,
    standings,
    labels,
    reviews: reviewFacts(repository),
    threads: threadFacts(repository),
    checks,
    protection:
      protection.kind === 'ok'
        ? { kind: 'read', snapshot: protection.snapshot }
        : { kind: 'unreadable', why: protection.reasons.map(({ message }) => message).join('; ') },
    freeze: freezeFacts(variable, contents, config),
    comment,
  };
  return { kind: 'ok', facts, config, rulepacks };
}

type Pull = PullFactsAnswer['pullRequest'];

function wanted(pull: Pull, { files }: ListedFiles, { merge }: Config): Parameters<typeof readContents>[1] {
  return {
    baseSha: pull.baseRef?.target.oid ?? pull.headRefOid,
    headSha: pull.headRefOid,
    baseBranch: pull.baseRefName,
    headBranch: pull.headRefName,
    basePaths: [...new Set(files.map(({ filename, previous_filename: previous }) => previous ?? filename))],
    headPaths: files.flatMap(({ filename, status }) => (status === 'removed' ? [] : [filename])),
    freezeLabel: merge.freeze.label,
  };
}

/** The labels that ask for a merge: only who added these is asked about. */
function asking(labels: readonly LabelFacts[], { merge }: Config): LabelFacts[] {
  return labels.filter(({ name }) => merge.labels.includes(name));
}

/** Author, pusher, who asked, and who added the labels that ask. */
function people(
  { pullRequest }: PullFactsAnswer,
  { trigger }: MergeRequest,
  pusher: Account | null,
  labels: readonly LabelFacts[],
): (Account | null)[] {
  const actor = trigger.kind === 'checks' ? null : trigger.actor;
  return [accountOf(pullRequest.author), pusher, actor, ...labels.map(({ added }) => added?.by ?? null)];
}

function repositoryFacts({ owner, repo }: GitHubClient, repository: PullFactsAnswer): RepositoryFacts {
  const { mergeCommitAllowed, squashMergeAllowed, rebaseMergeAllowed } = repository;
  return {
    id: repository.databaseId,
    owner,
    name: repo,
    defaultBranch: repository.defaultBranchRef?.name ?? '',
    archived: repository.isArchived,
    methods: [
      ...(mergeCommitAllowed ? (['merge'] as const) : []),
      ...(squashMergeAllowed ? (['squash'] as const) : []),
      ...(rebaseMergeAllowed ? (['rebase'] as const) : []),
    ],
  };
}

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;
const MERGEABLE = { MERGEABLE: 'mergeable', CONFLICTING: 'conflicting', UNKNOWN: 'unknown' } as const;
const DECISIONS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
  REVIEW_REQUIRED: 'review_required',
} as const;

function pullFacts({ pullRequest: pull }: PullFactsAnswer, { behindBy, twins }: Contents): PullFacts {
  return {
    number: pull.number,
    nodeId: pull.id,
    title: pull.title,
    state: STATES[pull.state],
    draft: pull.isDraft,
    author: accountOf(pull.author),
    base: {
      branch: pull.baseRefName,
      sha: pull.baseRef?.target.oid ?? '',
      changedAt:
        pull.timelineItems.nodes.findLast(({ __typename: type }) => type === 'BaseRefChangedEvent')?.createdAt ?? null,
    },
    head: {
      branch: pull.headRefName,
      sha: pull.headRefOid,
      repositoryId: pull.headRepository?.databaseId ?? null,
      behindBy,
    },
    mergeable: MERGEABLE[pull.mergeable],
    commits: pull.commits.totalCount,
    changedFiles: pull.changedFiles,
    additions: pull.additions,
    deletions: pull.deletions,
    reviewDecision: pull.reviewDecision === null ? null : DECISIONS[pull.reviewDecision],
    twins,
    queued: pull.isInMergeQueue || (pull.autoMergeRequest !== null && pull.autoMergeRequest !== undefined),
  };
}

/** The labels that are there now, each with the last event that added one of its name. */
function labelFacts({ pullRequest }: PullFactsAnswer): LabelFacts[] {
  const events = pullRequest.timelineItems.nodes.flatMap((node) => (node.__typename === 'LabeledEvent' ? [node] : []));
  return (pullRequest.labels?.nodes ?? []).map(({ name }) => {
    const event = events.findLast(({ label }) => label.name === name);
    return { name, added: event === undefined ? null : { at: event.createdAt, by: accountOf(event.actor) } };
  });
}

const REVIEW_STATES: Readonly<Record<string, ReviewFacts['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
};

function reviewFacts({ pullRequest }: PullFactsAnswer): ReviewFacts[] {
  return (pullRequest.latestOpinionatedReviews?.nodes ?? []).map((review) => ({
    author: accountOf(review.author),
    state: REVIEW_STATES[review.state] ?? 'commented',
    commit: review.commit?.oid ?? null,
    submittedAt: review.submittedAt,
    mayPush: review.authorCanPushToRepository,
  }));
}

function threadFacts({ pullRequest: { reviewThreads } }: PullFactsAnswer): ThreadsFacts {
  const unresolved = reviewThreads.nodes.filter(({ isResolved }) => !isResolved).length;
  if (!reviewThreads.pageInfo.hasNextPage) return { kind: 'complete', unresolved };
  return { kind: 'incomplete', unresolved, why: `there are more than ${reviewThreads.nodes.length}` };
}

function freezeFacts(variable: FreezeFacts, contents: Contents, { merge }: Config): FreezeFacts {
  if (variable.kind !== 'none' || merge.freeze.label === undefined) return variable;
  const [issue] = contents.freezing;
  if (issue !== undefined)
    return { kind: 'frozen', by: `issue #${issue} with the label ${JSON.stringify(merge.freeze.label)}` };
  return contents.why === undefined ? { kind: 'none' } : { kind: 'unreadable', why: contents.why };
}
