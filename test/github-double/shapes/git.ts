import { readCommit } from '../git/commits.ts';
import type { Commit, Person } from '../git/commits.ts';
import type { Ref } from '../git/refs.ts';
import type { FileChange } from '../git/diff.ts';
import { nodeId } from '../ids.ts';
import { refuse } from '../reply.ts';
import type { Schema } from '../schema.ts';
import type { Repo, World } from '../state.ts';
import { fullName } from '../state.ts';
import { readObject } from '../git/objects.ts';
import { user } from './account.ts';
import { htmlUrl, repoUrl, urlPath } from './repo.ts';

export function isoOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function person({ name, email, at }: Person): { name: string; email: string; date: string } {
  return { name, email, date: isoOf(at) };
}

export function verification(repo: Repo, each: Commit): NonNullable<Schema<'commit'>['commit']['verification']> {
  if (repo.verifiedCommits.has(each.sha)) {
    return {
      verified: true,
      reason: 'valid',
      signature: each.signature ?? '-----BEGIN PGP SIGNATURE-----\n\ndouble\n-----END PGP SIGNATURE-----\n',
      payload: `tree ${each.tree}\n`,
      verified_at: isoOf(each.committer.at),
    };
  }
  if (each.signature === null) {
    return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  }
  const payload = `tree ${each.tree}\n`;
  return { verified: false, reason: 'gpgverify_error', signature: each.signature, payload, verified_at: null };
}

export function needCommit(repo: Repo, sha: string): Commit {
  return readCommit(repo.gitDir, sha) ?? refuse(422, `No commit found for SHA: ${sha}`);
}

/** `/git/commits/{sha}`: the object itself. */
export function gitCommit(world: World, repo: Repo, each: Commit): Schema<'git-commit'> {
  const { sha } = each;
  return {
    sha,
    node_id: nodeId('C', `${fullName(repo)}:${sha}`),
    url: `${repoUrl(world, repo)}/git/commits/${sha}`,
    html_url: `${htmlUrl(repo)}/commit/${sha}`,
    author: person(each.author),
    committer: person(each.committer),
    tree: { sha: each.tree, url: `${repoUrl(world, repo)}/git/trees/${each.tree}` },
    message: each.message.trimEnd(),
    parents: each.parents.map((parent) => ({
      sha: parent,
      url: `${repoUrl(world, repo)}/git/commits/${parent}`,
      html_url: `${htmlUrl(repo)}/commit/${parent}`,
    })),
    verification: verification(repo, each),
  };
}

/** The account that a commit's e-mail belongs to, `null` for an address nobody registered. */
export function accountOfPerson(world: World, { email }: Person): string | null {
  if (email === 'noreply@github.com') return 'web-flow';
  const match = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email);
  return match?.[1] && (world.accounts.has(match[1]) || match[1].endsWith('[bot]')) ? match[1] : null;
}

/** `/commits/{ref}`: the commit with accounts. */
export function commit(world: World, repo: Repo, each: Commit): Schema<'commit'> {
  const { sha } = each;
  const base = repoUrl(world, repo);
  const author = accountOfPerson(world, each.author);
  const committer = accountOfPerson(world, each.committer);
  return {
    sha,
    node_id: nodeId('C', `${fullName(repo)}:${sha}`),
    commit: {
      author: person(each.author),
      committer: person(each.committer),
      message: each.message.trimEnd(),
      tree: { sha: each.tree, url: `${base}/git/trees/${each.tree}` },
      url: `${base}/git/commits/${sha}`,
      comment_count: 0,
      verification: verification(repo, each),
    },
    url: `${base}/commits/${sha}`,
    html_url: `${htmlUrl(repo)}/commit/${sha}`,
    comments_url: `${base}/commits/${sha}/comments`,
    author: author === null ? null : user(world, author),
    committer: committer === null ? null : user(world, committer),
    parents: each.parents.map((parent) => ({
      sha: parent,
      url: `${base}/commits/${parent}`,
      html_url: `${htmlUrl(repo)}/commit/${parent}`,
    })),
  };
}

export function simpleCommit(each: Commit): Schema<'simple-commit'> {
  return {
    id: each.sha,
    tree_id: each.tree,
    message: each.message.trimEnd(),
    timestamp: isoOf(each.committer.at),
    author: { name: each.author.name, email: each.author.email },
    committer: { name: each.committer.name, email: each.committer.email },
  };
}

export function gitRef(world: World, repo: Repo, { name, sha }: Ref): Schema<'git-ref'> {
  const type = readObject(repo.gitDir, sha)?.type ?? 'commit';
  return {
    ref: name,
    node_id: nodeId('REF', `${fullName(repo)}:${name}`),
    url: `${repoUrl(world, repo)}/git/${urlPath(name)}`,
    object: { sha, type, url: `${repoUrl(world, repo)}/git/${type}s/${sha}` },
  };
}

export function diffEntry(world: World, repo: Repo, sha: string, change: FileChange): Schema<'diff-entry'> {
  const path = urlPath(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${htmlUrl(repo)}/blob/${sha}/${path}`,
    raw_url: `${htmlUrl(repo)}/raw/${sha}/${path}`,
    contents_url: `${repoUrl(world, repo)}/contents/${path}?ref=${sha}`,
    ...(change.patch === null ? {} : { patch: change.patch }),
    ...(change.previousPath === null ? {} : { previous_filename: change.previousPath }),
  };
}
