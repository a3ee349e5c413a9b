import type { Config } from '@obsgate/core/config';
import type { Reason } from '@obsgate/core/kernel';
import type { MergeFacts } from '@obsgate/core/merge';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';

const REPOSITORY_QUERY = `query ($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) { id }
}`;
const repositoryAnswer = z.looseObject({ repository: z.looseObject({ id: z.string() }) });

const DELETE_REF = `mutation ($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

/** Whether the branch of a merged pull request is there for that pull request alone. */
export function mayDelete({ pull, repository }: MergeFacts, { merge }: Config): boolean {
  const { branch, repositoryId } = pull.head;
  return (
    merge.delete_branch &&
    repositoryId === repository.id &&
    branch !== repository.defaultBranch &&
    branch !== pull.base.branch &&
    !merge.base_branches.includes(branch) &&
    pull.twins.length === 0
  );
}

/** Deletes the merged branch if it still is the merged commit: what somebody pushed since stays. Undefined: done. */
export async function deleteBranch(client: GitHubClient, branch: string, sha: string): Promise<Reason | undefined> {
  const what = 'the merged branch was not deleted';
  const variables = { owner: client.owner, repo: client.repo };
  const found = await client.graphql({ text: REPOSITORY_QUERY, kind: 'read', variables }, repositoryAnswer);
  if (found.kind === 'failed') return reasonOf(found.failure, what);
  const refUpdates = [{ name: `refs/heads/${branch}`, beforeOid: sha, afterOid: '0'.repeat(sha.length) }];
  const input = { repositoryId: found.value.repository.id, refUpdates };
  const answer = await client.graphql({ text: DELETE_REF, kind: 'write', variables: { input } }, z.unknown());
  return answer.kind === 'ok' ? undefined : reasonOf(answer.failure, what);
}
