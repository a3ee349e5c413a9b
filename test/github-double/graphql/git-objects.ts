import { readCommit } from '../git/commits.ts';
import type { Commit, Person } from '../git/commits.ts';
import { log } from '../git/history.ts';
import { readObject } from '../git/objects.ts';
import { entryType, lookup, readTree } from '../git/trees.ts';
import type { TreeEntry } from '../git/trees.ts';
import { isRecord } from '../http/body.ts';
import { nodeId } from '../ids.ts';
import { accountOfPerson, isoOf } from '../shapes/git.ts';
import type { Repo } from '../state.ts';
import { fullName } from '../state.ts';
import { actor } from './actors.ts';
import { rollup } from './checks.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';

export function gitObject(context: Context, repo: Repo, oid: string): Node | null {
  const object = readObject(repo.gitDir, oid);
  if (!object) return null;
  if (object.type === 'commit') return commitNode(context, repo, oid);
  if (object.type === 'tree') return treeNode(context, repo, oid, '');
  return object.type === 'blob' ? blobNode(repo, oid, object.content) : null;
}

function common(repo: Repo, kind: string, oid: string): Record<string, unknown> {
  return { id: nodeId(kind, `${fullName(repo)}:${oid}`), oid, abbreviatedOid: oid.slice(0, 7) };
}

function person({ world }: Context, each: Person): Record<string, unknown> {
  const login = accountOfPerson(world, each);
  const date = isoOf(each.at);
  return {
    name: each.name,
    email: each.email,
    date,
    user: login === null || login.endsWith('[bot]') ? null : actor(world, login),
  };
}

export function commitNode(context: Context, repo: Repo, oid: string): Node | null {
  const commit = readCommit(repo.gitDir, oid);
  if (!commit) return null;
  const [headline = ''] = commit.message.split('\n');
  return {
    __typename: 'Commit',
    ...common(repo, 'C', oid),
    message: commit.message.trimEnd(),
    messageHeadline: headline,
    messageBody: commit.message.split('\n').slice(2).join('\n').trimEnd(),
    url: `https://github.com/${fullName(repo)}/commit/${oid}`,
    authoredDate: isoOf(commit.author.at),
    committedDate: isoOf(commit.committer.at),
    author: person(context, commit.author),
    committer: person(context, commit.committer),
    tree: () => treeNode(context, repo, commit.tree, ''),
    parents: (args: unknown) => connection('parents', commit.parents, args, (sha) => commitNode(context, repo, sha)),
    signature: signature(repo, commit),
    statusCheckRollup: () => rollup(context, repo, oid),
    file: (args: unknown) => file(context, repo, commit.tree, isRecord(args) ? String(args['path']) : ''),
    history: async (args: unknown) => {
      const path = isRecord(args) && typeof args['path'] === 'string' ? args['path'] : null;
      return connection('history', await log(repo.gitDir, oid, path), args, (sha) => commitNode(context, repo, sha));
    },
  };
}

function signature(repo: Repo, commit: Commit): Node | null {
  const verified = repo.verifiedCommits.has(commit.sha);
  if (!verified && commit.signature === null) return null;
  return {
    __typename: 'GpgSignature',
    isValid: verified,
    state: verified ? 'VALID' : 'GPGVERIFY_ERROR',
    wasSignedByGitHub: verified && commit.committer.email === 'noreply@github.com',
    signature: commit.signature ?? '',
    payload: `tree ${commit.tree}\n`,
    email: commit.committer.email,
    verifiedAt: null,
  };
}

function treeNode(context: Context, repo: Repo, oid: string, prefix: string): Node {
  return {
    __typename: 'Tree',
    ...common(repo, 'T', oid),
    entries: () =>
      (readTree(repo.gitDir, oid) ?? []).map((entry) => entryNode(context, repo, entry, prefix + entry.name)),
  };
}

function entryNode(context: Context, repo: Repo, entry: TreeEntry, path: string): Node {
  const type = entryType(entry.mode);
  return {
    __typename: 'TreeEntry',
    name: entry.name,
    path,
    mode: Number.parseInt(entry.mode, 8),
    oid: entry.sha,
    type,
    size: type === 'blob' ? (readObject(repo.gitDir, entry.sha)?.content.length ?? 0) : 0,
    object: () =>
      type === 'tree' ? treeNode(context, repo, entry.sha, `${path}/`) : gitObject(context, repo, entry.sha),
  };
}

function file(context: Context, repo: Repo, tree: string, path: string): Node | null {
  const entry = lookup(repo.gitDir, tree, path);
  return entry ? entryNode(context, repo, entry, path) : null;
}

function blobNode(repo: Repo, oid: string, content: Buffer): Node {
  const binary = content.subarray(0, 8000).includes(0);
  return {
    __typename: 'Blob',
    ...common(repo, 'B', oid),
    byteSize: content.length,
    isBinary: binary,
    isTruncated: content.length > 512_000,
    text: binary ? null : content.subarray(0, 512_000).toString(),
  };
}

/** `main:rules/a.yml`, `main`, `refs/heads/main`, a SHA. */
export function byExpression(
  context: Context,
  repo: Repo,
  expression: string,
  commitOf: (name: string) => string | null,
): Node | null {
  const colon = expression.indexOf(':');
  const sha = commitOf(colon < 0 ? expression : expression.slice(0, colon));
  if (sha === null) return null;
  const commit = readCommit(repo.gitDir, sha);
  if (colon < 0 || !commit) return gitObject(context, repo, sha);
  const entry = lookup(repo.gitDir, commit.tree, expression.slice(colon + 1));
  return entry ? gitObject(context, repo, entry.sha) : null;
}
