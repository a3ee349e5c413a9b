import * as z from 'zod';
import type { Failure, GitHubClient } from '../client/index.ts';

const README = `This branch is Obsgate's ledger: one line of JSON for each thing that happened, chained by hashes.
It is written by Obsgate alone. Nothing in it is trusted for changing protection.
`;

const object = z.looseObject({ sha: z.string() });

/** Begins the ledger as a branch without ancestors. Whoever comes second is told so by `invalid` and reads again. */
export async function createBranch(
  client: GitHubClient,
  change: { readonly branch: string; readonly path: string; readonly text: string; readonly message: string },
): Promise<Failure | undefined> {
  const { branch, path, text, message } = change;
  const tree = [
    { path, mode: '100644', type: 'blob', content: text },
    { path: 'README.md', mode: '100644', type: 'blob', content: README },
  ];
  const made = await client.call({ route: 'POST /repos/{owner}/{repo}/git/trees', params: { tree } }, object);
  if (made.kind === 'failed') return made.failure;
  const commit = await client.call(
    { route: 'POST /repos/{owner}/{repo}/git/commits', params: { message, tree: made.value.sha, parents: [] } },
    object,
  );
  if (commit.kind === 'failed') return commit.failure;
  const ref = `refs/heads/${branch}`;
  const created = await client.send({
    route: 'POST /repos/{owner}/{repo}/git/refs',
    params: { ref, sha: commit.value.sha },
  });
  return created.kind === 'failed' ? created.failure : undefined;
}
