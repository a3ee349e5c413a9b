import type { BranchMove, MergeAnswer, MergeOrder, PullPort } from '@obsgate/core/merge';
import { parseRuleset, type ReadTarget } from '@obsgate/core/protection';
import * as z from 'zod';
import { reasonOf, type Failure, type GitHubClient } from '../client/index.ts';
import { pullNow } from './pull-now.ts';
import { PULL_QUERY, pullAnswer } from './pull-query.ts';

const mergeAnswer = z.looseObject({ sha: z.string().nullish(), merged: z.boolean().optional(), message: z.string() });

const moves = z.array(
  z.looseObject({
    id: z.int(),
    before: z.string(),
    after: z.string(),
    timestamp: z.string(),
    activity_type: z.string(),
    actor: z.looseObject({ id: z.int(), login: z.string() }).nullable(),
  }),
);

const comparison = z.looseObject({
  files: z.array(z.looseObject({ filename: z.string(), status: z.string(), sha: z.string().nullish() })).optional(),
});

/** GitHub's compare lists up to 300 files: https://docs.github.com/en/rest/commits/commits#compare-two-commits */
const COMPARE_LIMIT = 300;

/** The pull request side of the merge transaction, over GitHub's API. */
export function pullPort(client: GitHubClient): PullPort {
  return {
    read: async (pull) => {
      const variables = { owner: client.owner, repo: client.repo, number: pull };
      const answer = await client.graphql({ text: PULL_QUERY, kind: 'read', variables }, pullAnswer);
      return answer.kind === 'failed'
        ? { kind: 'refused', reasons: [reasonOf(answer.failure, `pull request #${pull} could not be read`)] }
        : { kind: 'ok', pull: pullNow(answer.value.repository.pullRequest) };
    },
    merge: async (order) => sendMerge(client, order),
    moves: async (branch) => {
      const params = { ref: `refs/heads/${branch}`, per_page: 30 };
      const answer = await client.call({ route: 'GET /repos/{owner}/{repo}/activity', params }, moves);
      return answer.kind === 'failed'
        ? { kind: 'refused', reasons: [reasonOf(answer.failure, 'who moved the branch could not be read')] }
        : { kind: 'ok', moves: answer.value.map(moveOf) };
    },
    compare: async (base, head) => {
      const params = { basehead: `${base}...${head}` };
      const route = 'GET /repos/{owner}/{repo}/compare/{basehead}' as const;
      const answer = await client.call({ route, params }, comparison);
      if (answer.kind === 'failed')
        return { kind: 'refused', reasons: [reasonOf(answer.failure, 'what landed could not be read')] };
      const files = answer.value.files ?? [];
      return {
        kind: 'ok',
        complete: answer.value.files !== undefined && files.length < COMPARE_LIMIT,
        files: files.map(({ filename, status, sha }) => ({ path: filename, status, blob: sha ?? null })),
      };
    },
    rulesetVersion: async (rulesetId, versionId) => readVersion(client, rulesetId, versionId),
  };
}

async function readVersion(client: GitHubClient, rulesetId: number, versionId: number): Promise<ReadTarget> {
  const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}/history/{version_id}';
  const params = { ruleset_id: rulesetId, version_id: versionId };
  const what = `version ${versionId} of ruleset ${rulesetId} could not be read`;
  const answer = await client.call({ route, params }, z.looseObject({ state: z.unknown() }));
  if (answer.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
  try {
    return { kind: 'ok', target: { kind: 'ruleset', ruleset: parseRuleset(answer.value.state) } };
  } catch (error) {
    const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'refused', reasons: [{ code: 'unexpected_answer', message }] };
  }
}

async function sendMerge(client: GitHubClient, { pull, sha, method }: MergeOrder): Promise<MergeAnswer> {
  const answer = await client.call(
    {
      route: 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
      // No title: GitHub makes it from the pull request's, and null is refused.
      params: { pull_number: pull, sha, merge_method: method },
    },
    mergeAnswer,
  );
  if (answer.kind === 'failed') return failedMerge(answer.failure);
  const { message } = answer.value;
  return { kind: 'answered', status: answer.status, message, sha: answer.value.sha ?? null };
}

function failedMerge({ status, message }: Failure): MergeAnswer {
  return status === undefined ? { kind: 'no_answer', why: message } : { kind: 'answered', status, message, sha: null };
}

function moveOf(each: z.infer<typeof moves>[number]): BranchMove {
  return {
    id: each.id,
    before: each.before,
    after: each.after,
    actorId: each.actor?.id ?? null,
    actor: each.actor?.login ?? null,
    type: each.activity_type,
    at: each.timestamp,
  };
}
