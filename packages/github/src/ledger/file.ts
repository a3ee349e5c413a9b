import { CHAIN_START, headOf } from '@obsgate/core/ledger';
import * as z from 'zod';
import type { Answer, Failure, GitHubClient } from '../client/index.ts';

/** How the ledger stands before a write. */
export type Stand = {
  readonly branchExists: boolean;
  /** Blob of the month's file; undefined when there is none yet. */
  readonly sha: string | undefined;
  readonly text: string;
  /** Hash of the last line of all, the months before included. */
  readonly head: string;
};

const CONTENTS = 'GET /repos/{owner}/{repo}/contents/{path}';
const file = z.looseObject({ type: z.literal('file'), sha: z.string(), encoding: z.string(), content: z.string() });
const entries = z.array(z.looseObject({ type: z.string(), name: z.string(), path: z.string() }));

type File = { readonly sha: string; readonly text: string };

/** A file of a branch, undefined when it (or the branch) is not there. */
export async function readFile(client: GitHubClient, branch: string, path: string): Promise<Answer<File | undefined>> {
  const answer = await client.call({ route: CONTENTS, params: { path, ref: branch } }, file);
  if (answer.kind === 'failed') {
    return answer.failure.kind === 'not-found' ? { kind: 'ok', value: undefined, status: 404 } : answer;
  }
  const { sha, encoding, content } = answer.value;
  if (encoding === 'base64')
    return { ...answer, value: { sha, text: Buffer.from(content, 'base64').toString('utf8') } };
  // Above 1 MB the content is left out: the blob has it, and is the one that was just named.
  const blob = await client.call(
    { route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}', params: { file_sha: sha } },
    z.looseObject({ content: z.string(), encoding: z.literal('base64') }),
  );
  return blob.kind === 'ok'
    ? { ...blob, value: { sha, text: Buffer.from(blob.value.content, 'base64').toString('utf8') } }
    : blob;
}

/** One request while the month's file exists; more on the first write of a month, and on the first of all. */
export async function readStand(client: GitHubClient, branch: string, path: string): Promise<Answer<Stand>> {
  const month = await readFile(client, branch, path);
  if (month.kind === 'failed') return month;
  const text = month.value?.text ?? '';
  const head = headOf(text);
  if (month.value !== undefined && head !== undefined) {
    return { ...month, value: { branchExists: true, sha: month.value.sha, text, head } };
  }
  const ref = await client.send({
    route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
    params: { ref: `heads/${branch}` },
  });
  if (ref.kind === 'failed') {
    if (ref.failure.kind !== 'not-found') return ref;
    return { kind: 'ok', status: 404, value: { branchExists: false, sha: undefined, text: '', head: CHAIN_START } };
  }
  const before = await headBefore(client, branch, path);
  if (before.kind === 'failed') return before;
  return { ...before, value: { branchExists: true, sha: month.value?.sha, text, head: before.value } };
}

/** The last line of the newest month before this one. */
async function headBefore(client: GitHubClient, branch: string, path: string): Promise<Answer<string>> {
  const folder = await client.call({ route: CONTENTS, params: { path: 'audit', ref: branch } }, entries);
  if (folder.kind === 'failed') {
    return folder.failure.kind === 'not-found' ? { kind: 'ok', value: CHAIN_START, status: 404 } : folder;
  }
  const older = folder.value
    .filter((entry) => entry.type === 'file' && /^\d{4}-\d{2}\.ndjson$/.test(entry.name) && entry.path < path)
    .map((entry) => entry.path)
    .toSorted();
  const newest = older.at(-1);
  if (newest === undefined) return { ...folder, value: CHAIN_START };
  const text = await readFile(client, branch, newest);
  return text.kind === 'ok' ? { ...text, value: headOf(text.value?.text ?? '') ?? CHAIN_START } : text;
}

/** Replaces the file if it still is the blob `sha` (or still is not there). Undefined: written. */
export async function writeFile(
  client: GitHubClient,
  change: {
    readonly branch: string;
    readonly path: string;
    readonly text: string;
    readonly message: string;
    readonly sha: string | undefined;
  },
): Promise<Failure | undefined> {
  const { branch, path, text, message, sha } = change;
  const params = {
    path,
    branch,
    message,
    content: Buffer.from(text, 'utf8').toString('base64'),
    ...(sha === undefined ? {} : { sha }),
  };
  const answer = await client.send({ route: 'PUT /repos/{owner}/{repo}/contents/{path}', params });
  return answer.kind === 'failed' ? answer.failure : undefined;
}
