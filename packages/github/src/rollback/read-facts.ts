import type { Reason } from '@obsgate/core/kernel';
import type { LedgerPort } from '@obsgate/core/ledger';
import {
  revertBranch,
  STOP_LABEL,
  STOP_VARIABLE,
  type MergedPull,
  type ReadRollbackFacts,
  type RollbackRequest,
  type StopFacts,
} from '@obsgate/core/rollback';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { CONFIG_PATH, readPolicy, RULEPACK_FOLDER } from '../facts/policy.ts';
import { PULL_FACTS_QUERY, pullFactsAnswer, type PullFactsAnswer } from '../facts/pull-query.ts';
import { readVariable, type VariableResult } from '../variables/index.ts';
import { readBefore, readSince } from './before.ts';
import { readLedger } from './ledger.ts';
import { ROLLBACK_QUERY, rollbackAnswer, type RollbackAnswer } from './query.ts';
import { revertPulls, shape } from './shapes.ts';

export type RollbackFactsPorts = { readonly ledger: LedgerPort; now(): number };

const OFF = new Set(['', '0', 'false', 'no', 'off']);
const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

/**
 * Reads what a rollback is planned by: two GraphQL requests, the switch, two months of the ledger, and up to four
 * requests about the merge.
 * @throws ConfigError when the configuration on the base branch is wrong
 */
export async function readRollbackFacts(
  client: GitHubClient,
  request: RollbackRequest,
  { ledger, now }: RollbackFactsPorts,
): Promise<ReadRollbackFacts> {
  const at = now();
  const [common, special, variable, entries] = await Promise.all([
    readCommon(client, request.pull),
    readSpecial(client, request),
    readVariable(client, STOP_VARIABLE),
    readLedger(ledger, at),
  ]);
  const failed = [common, special].flatMap((answer) =>
    answer.kind === 'failed' ? [reasonOf(answer.failure, `pull request #${request.pull} could not be read`)] : [],
  );
  if (common.kind === 'failed' || special.kind === 'failed') return { kind: 'refused', reasons: failed };
  const { repository } = common.value;
  const { config, rulepacks } = await readPolicy(client, repository);
  const found = special.value.repository;
  const pull = mergedPull(repository, found);
  const base = found.pullRequest.baseRef === null ? null : shape(found.pullRequest.baseRef.target);
  const [{ before, files }, since] = await Promise.all([
    readBefore(client, pull),
    pull.merge === null || base === null
      ? ({ kind: 'not_on_base' } as const)
      : readSince(client, pull.merge.sha, base.sha),
  ]);
  const merged = { pull: pull.number, mergeSha: request.mergeSha, headBranch: pull.headBranch };
  return {
    kind: 'ok',
    facts: {
      schema: 'obsgate.rollback-facts/1',
      readAt: new Date(at).toISOString(),
      repository: repositoryFacts(client, repository),
      pull,
      before,
      base,
      since,
      files,
      reverts: revertPulls(found, merged),
      branch: found.ref === null ? null : shape(found.ref.target),
      ledger: entries,
      stop: stopFacts(variable, found),
      config,
      rulepacks,
    },
  };
}

function readCommon(client: GitHubClient, number: number) {
  const variables = {
    owner: client.owner,
    repo: client.repo,
    number,
    config: CONFIG_PATH,
    rulepacks: RULEPACK_FOLDER,
  };
  return client.graphql({ text: PULL_FACTS_QUERY, kind: 'read', variables }, pullFactsAnswer);
}

function readSpecial(client: GitHubClient, { pull, mergeSha }: RollbackRequest) {
  const branch = revertBranch(pull, mergeSha);
  const variables = {
    owner: client.owner,
    repo: client.repo,
    number: pull,
    branch,
    ref: `refs/heads/${branch}`,
    stop: STOP_LABEL,
  };
  return client.graphql({ text: ROLLBACK_QUERY, kind: 'read', variables }, rollbackAnswer);
}

function repositoryFacts({ owner, repo }: GitHubClient, repository: PullFactsAnswer) {
  const { mergeCommitAllowed, squashMergeAllowed, rebaseMergeAllowed } = repository;
  return {
    id: repository.databaseId,
    owner,
    name: repo,
    defaultBranch: repository.defaultBranchRef?.name ?? '',
    methods: [
      ...(squashMergeAllowed ? (['squash'] as const) : []),
      ...(mergeCommitAllowed ? (['merge'] as const) : []),
      ...(rebaseMergeAllowed ? (['rebase'] as const) : []),
    ],
  };
}

function mergedPull({ pullRequest: pull }: PullFactsAnswer, { pullRequest }: RollbackAnswer): MergedPull {
  const { mergeCommit, mergedAt } = pullRequest;
  return {
    number: pull.number,
    nodeId: pull.id,
    title: pull.title,
    state: STATES[pull.state],
    baseBranch: pull.baseRefName,
    headBranch: pull.headRefName,
    labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
    mergedAt,
    commits: pull.commits.totalCount,
    merge: mergeCommit === null ? null : { ...shape(mergeCommit), message: mergeCommit.message },
  };
}

function stopFacts(variable: VariableResult, { issues }: RollbackAnswer): StopFacts {
  const [issue] = issues.nodes;
  if (issue !== undefined) return { kind: 'stopped', by: `issue #${issue.number} with the label ${STOP_LABEL}` };
  if (variable.kind === 'refused') return { kind: 'unreadable', why: whyOf(variable.reasons) };
  const value = variable.value?.trim().toLowerCase() ?? '';
  return OFF.has(value) ? { kind: 'none' } : { kind: 'stopped', by: `the variable ${STOP_VARIABLE}` };
}

function whyOf(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join('; ');
}
