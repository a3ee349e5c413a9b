import type { Reason } from '@obsgate/core/kernel';
import { INCIDENT_LABEL, type RevertWriter, type TreeEdit, type Written } from '@obsgate/core/rollback';
import * as z from 'zod';
import { reasonOf, type Answer, type Failure, type GitHubClient } from '../client/index.ts';
import { writeSticky } from '../comments/index.ts';
import { raiseAlarm } from '../issues/index.ts';
import { addLabels } from '../labels/index.ts';
import { readCommit } from './before.ts';
import { OPEN_PULL_QUERY, openPullAnswer } from './query.ts';
import { revertPull } from './shapes.ts';

const commitMade = z.looseObject({
  sha: z.string(),
  tree: z.looseObject({ sha: z.string() }),
  parents: z.array(z.looseObject({ sha: z.string() })),
});
const shaMade = z.looseObject({ sha: z.string() });
const refAnswer = z.looseObject({ object: z.looseObject({ sha: z.string() }) });
const numberMade = z.looseObject({ number: z.int() });
const revertMade = z.looseObject({
  revertPullRequest: z.looseObject({ revertPullRequest: z.looseObject({ number: z.int() }).nullable() }).nullable(),
});

const REVERT_MUTATION = `mutation ($input: RevertPullRequestInput!) {
  revertPullRequest(input: $input) { revertPullRequest { number } }
}`;

/** Writes of a rollback over GitHub's API, each sent once. `login`: who writes comments; undefined with a token. */
export function revertWriter(client: GitHubClient, login: string | undefined): RevertWriter {
  return {
    commit: async ({ tree, parent, message }) => {
      // No author or committer: GitHub signs what an App commits in its own name.
      const params = { tree, parents: [parent], message };
      const answer = await client.call({ route: 'POST /repos/{owner}/{repo}/git/commits', params }, commitMade);
      return written(answer, 'the commit of the revert could not be written', (made) => ({
        sha: made.sha,
        tree: made.tree.sha,
        parents: made.parents.map((each) => each.sha),
      }));
    },
    tree: (base, edits) => writeTree(client, base, edits),
    createBranch: async (name, sha) => {
      const params = { ref: `refs/heads/${name}`, sha };
      const answer = await client.call({ route: 'POST /repos/{owner}/{repo}/git/refs', params }, refAnswer);
      return written(answer, `the branch ${name} could not be made`, () => null);
    },
    branch: (name) => readBranch(client, name),
    advance: async (branch, sha) => {
      const params = { ref: `heads/${branch}`, sha, force: false };
      const answer = await client.call({ route: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}', params }, refAnswer);
      return written(answer, `the branch ${branch} could not be moved`, () => null);
    },
    openPull: async ({ title, body, branch, base }) => {
      const params = { title, body, head: branch, base, maintainer_can_modify: false };
      const answer = await client.call({ route: 'POST /repos/{owner}/{repo}/pulls', params }, numberMade);
      return written(answer, 'the pull request of the revert could not be opened', ({ number }) => number);
    },
    findPull: async (branch) => {
      const variables = { owner: client.owner, repo: client.repo, branch };
      const answer = await client.graphql({ text: OPEN_PULL_QUERY, kind: 'read', variables }, openPullAnswer);
      if (answer.kind === 'failed')
        return {
          kind: 'refused',
          reasons: [reasonOf(answer.failure, 'the pull request of the revert could not be found')],
        };
      const found = answer.value.repository.pullRequests.nodes
        .filter(({ isCrossRepository }) => !isCrossRepository)
        .map((each) => revertPull(each, true))
        .at(-1);
      const head = found?.head ?? null;
      return { kind: 'ok', open: found === undefined || head === null ? null : { number: found.number, head } };
    },
    revertPull: async (nodeId, { title, body }) => {
      const variables = { input: { pullRequestId: nodeId, title, body } };
      const answer = await client.graphql({ text: REVERT_MUTATION, kind: 'write', variables }, revertMade);
      const what = 'GitHub could not revert it';
      const number = answer.kind === 'ok' ? answer.value.revertPullRequest?.revertPullRequest?.number : undefined;
      if (answer.kind === 'ok' && number === undefined)
        return {
          kind: 'unconfirmed',
          reasons: [{ code: 'unexpected_answer', message: `${what}: no pull request is named` }],
        };
      return written(answer, what, () => number ?? 0);
    },
    addLabels: async (pull, labels) => asList(await addLabels(client, pull, labels)),
    deleteBranch: async (name) => {
      const answer = await client.send({
        route: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
        params: { ref: `heads/${name}` },
      });
      // GitHub answers 422 for a branch that is gone already.
      const gone = answer.kind === 'failed' && ['invalid', 'not-found'].includes(answer.failure.kind);
      return answer.kind === 'ok' || gone ? [] : [reasonOf(answer.failure, `the branch ${name} could not be deleted`)];
    },
    comment: async (on, name, body) => {
      const result = await writeSticky(client, {
        number: on,
        name,
        body,
        ...(login === undefined ? {} : { author: login }),
      });
      return result.kind === 'refused' ? result.reasons : [];
    },
    incident: async (issue) => {
      const result = await raiseAlarm(client, { ...issue, label: INCIDENT_LABEL });
      return result.kind === 'raised' ? { kind: 'written', value: result.number } : result;
    },
  };
}

async function readBranch(client: GitHubClient, name: string): ReturnType<RevertWriter['branch']> {
  const what = `the branch ${name} could not be read`;
  const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
  const ref = await client.call({ route, params: { ref: `heads/${name}` } }, refAnswer);
  if (ref.kind === 'failed') {
    if (ref.failure.kind === 'not-found') return { kind: 'ok', commit: null };
    return { kind: 'refused', reasons: [reasonOf(ref.failure, what)] };
  }
  const commit = await readCommit(client, ref.value.object.sha);
  return commit.kind === 'failed'
    ? { kind: 'refused', reasons: [reasonOf(commit.failure, what)] }
    : { kind: 'ok', commit: commit.value };
}

/** New contents first, then one tree that names them; blobs that the repository has are named alone. */
async function writeTree(client: GitHubClient, base: string, edits: readonly TreeEdit[]): Promise<Written<string>> {
  const what = 'the tree of the revert could not be written';
  const tree: { path: string; mode: string; type: string; sha: string | null }[] = [];
  for (const { path, mode, blob } of edits) {
    const type = mode === '160000' ? 'commit' : 'blob';
    if (blob === null || 'sha' in blob) {
      tree.push({ path, mode, type, sha: blob?.sha ?? null });
      continue;
    }
    const params = { content: Buffer.from(blob.content).toString('base64'), encoding: 'base64' };
    // oxlint-disable-next-line no-await-in-loop -- GitHub wants writes of one account one after the other
    const made = await client.call({ route: 'POST /repos/{owner}/{repo}/git/blobs', params }, shaMade);
    if (made.kind === 'failed') return unwritten(made.failure, what);
    tree.push({ path, mode, type, sha: made.value.sha });
  }
  const params = { base_tree: base, tree };
  return written(
    await client.call({ route: 'POST /repos/{owner}/{repo}/git/trees', params }, shaMade),
    what,
    ({ sha }) => sha,
  );
}

function written<A, T>(answer: Answer<A>, what: string, value: (answer: A) => T): Written<T> {
  return answer.kind === 'ok' ? { kind: 'written', value: value(answer.value) } : unwritten(answer.failure, what);
}

function unwritten(failure: Failure, what: string): Exclude<Written<never>, { kind: 'written' }> {
  const reasons = [reasonOf(failure, what)];
  if (failure.effect === 'unknown') return { kind: 'unconfirmed', reasons };
  return failure.kind === 'invalid' && /already exists/i.test(failure.message)
    ? { kind: 'exists' }
    : { kind: 'refused', reasons };
}

function asList(reason: Reason | undefined): readonly Reason[] {
  return reason === undefined ? [] : [reason];
}
