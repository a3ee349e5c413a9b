import { join } from 'node:path';
import { personFor } from '../domain/people.ts';
import { refMoved } from '../domain/ref-moved.ts';
import { readCommit, writeCommit } from '../git/commits.ts';
import { isAncestor } from '../git/history.ts';
import { readObject, writeObject } from '../git/objects.ts';
import { initBare } from '../git/repository.ts';
import { readRef, writeRef } from '../git/refs.ts';
import { flatten, lookup, writeTree } from '../git/trees.ts';
import type { Repo, RepoSettings, Role, World } from '../state.ts';
import { findRepo, fullName, newId, nowIso } from '../state.ts';
import { ensureOrg, ensureUser } from './accounts.ts';

/** `null` deletes; an object sets the mode (`120000` symlink, `160000` submodule with a SHA as content). */
export type FileSpec = string | Buffer | null | { readonly content: string; readonly mode: string };
export type Files = Readonly<Record<string, FileSpec>>;

export type RepoSpec = {
  readonly owner: string;
  /** Default `Organization`; the kind matters: some protection fields exist only there. */
  readonly ownerType?: 'User' | 'Organization';
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** First commit of the default branch. Default: a README. */
  readonly files?: Files;
  readonly collaborators?: Readonly<Record<string, Role>>;
  readonly teams?: Readonly<Record<string, Role>>;
  readonly settings?: Partial<RepoSettings>;
  /** `owner/name` of the repository this is a fork of; starts with its branches. */
  readonly forkOf?: string;
};

export function createRepo(world: World, spec: RepoSpec): Repo {
  if ((spec.ownerType ?? 'Organization') === 'Organization') ensureOrg(world, spec.owner);
  else ensureUser(world, spec.owner);
  for (const login of Object.keys(spec.collaborators ?? {})) ensureUser(world, login);
  const parent = spec.forkOf === undefined ? null : findRepo(world, ...split(spec.forkOf));
  const id = newId(world);
  const gitDir = join(world.dir, `${id}.git`);
  const defaultBranch = spec.defaultBranch ?? parent?.defaultBranch ?? 'main';
  initBare(gitDir, defaultBranch, parent?.gitDir ?? null);
  const repo = blankRepo(world, spec, { id, gitDir, defaultBranch, parent: parent ? fullName(parent) : null });
  world.repos.set(fullName(repo).toLowerCase(), repo);
  if (parent) {
    const tip = readRef(parent.gitDir, `refs/heads/${defaultBranch}`);
    if (tip) writeRef(gitDir, `refs/heads/${defaultBranch}`, tip, null);
  } else writeFirstCommit(world, repo, spec.files ?? { 'README.md': `# ${spec.name}\n` });
  return repo;
}

function split(full: string): [string, string] {
  const [owner = '', name = ''] = full.split('/');
  return [owner, name];
}

type Given = {
  readonly id: number;
  readonly gitDir: string;
  readonly defaultBranch: string;
  readonly parent: string | null;
};

function blankRepo(world: World, spec: RepoSpec, given: Given): Repo {
  return {
    ...given,
    owner: spec.owner,
    name: spec.name,
    private: spec.private ?? false,
    settings: {
      allowMergeCommit: true,
      allowSquashMerge: true,
      allowRebaseMerge: true,
      allowAutoMerge: false,
      deleteBranchOnMerge: false,
      archived: false,
      ...spec.settings,
    },
    collaborators: new Map(Object.entries(spec.collaborators ?? {})),
    teams: new Map(Object.entries(spec.teams ?? {})),
    labels: new Map(),
    issues: new Map(),
    pulls: new Map(),
    classicRules: [],
    rulesets: new Map(),
    ruleSuites: [],
    activity: [],
    checkSuites: new Map(),
    checkRuns: new Map(),
    statuses: [],
    workflows: new Map(),
    workflowRuns: new Map(),
    variables: new Map(),
    dispatches: [],
    verifiedCommits: new Set(),
    createdAt: nowIso(world),
    nextNumber: 1,
  };
}

function writeFirstCommit(world: World, repo: Repo, files: Files): void {
  const sha = commitFiles(world, repo, [], files, { message: 'Initial commit', author: repo.owner });
  writeRef(repo.gitDir, `refs/heads/${repo.defaultBranch}`, sha, null);
}

export type CommitSpec = {
  readonly message?: string;
  readonly author?: string;
  /** As if signed with a known key. */ readonly verified?: boolean;
};

/** Writes a commit on top of its first parent; moves no ref. */
export function commitFiles(
  world: World,
  repo: Repo,
  parents: readonly string[],
  files: Files,
  spec: CommitSpec = {},
): string {
  const parent = parents[0] === undefined ? null : readCommit(repo.gitDir, parents[0]);
  const known = new Map((parent ? flatten(repo.gitDir, parent.tree) : []).map((file) => [file.path, file]));
  for (const [path, file] of Object.entries(files)) {
    if (file === null) known.delete(path);
    else known.set(path, { path, ...writeFile(repo, file) });
  }
  const author = personFor(world, spec.author ?? repo.owner);
  const tree = writeTree(repo.gitDir, [...known.values()]);
  const message = spec.message ?? `Change ${Object.keys(files).join(', ') || 'nothing'}`;
  const sha = writeCommit(repo.gitDir, { tree, parents, author, committer: author, message });
  if (spec.verified) repo.verifiedCommits.add(sha);
  return sha;
}

function writeFile(repo: Repo, file: Exclude<FileSpec, null>): { readonly mode: string; readonly sha: string } {
  if (typeof file === 'string' || Buffer.isBuffer(file)) {
    return { mode: '100644', sha: writeObject(repo.gitDir, 'blob', Buffer.from(file)) };
  }
  if (file.mode === '160000') return { mode: file.mode, sha: file.content };
  return { mode: file.mode, sha: writeObject(repo.gitDir, 'blob', Buffer.from(file.content)) };
}

export type PushSpec = CommitSpec & {
  /** Login of the pusher; the author unless `author` says otherwise. */
  readonly by?: string;
  /** Branch or SHA to start from when the branch is new, or to restart from with `force`. Default: the default branch. */
  readonly from?: string;
  /** Replaces the branch's history: the commit goes on top of `from`. */
  readonly force?: boolean;
};

/** Pushes a commit to a branch past all protection, with everything that follows from a push. @returns the new tip. */
export async function pushFiles(
  world: World,
  repo: Repo,
  branch: string,
  files: Files,
  spec: PushSpec = {},
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const before = readRef(repo.gitDir, ref);
  const from = spec.from ?? repo.defaultBranch;
  const start = before !== null && !spec.force ? before : (readRef(repo.gitDir, `refs/heads/${from}`) ?? from);
  const actor = spec.by ?? spec.author ?? repo.owner;
  const after = commitFiles(world, repo, [start], files, { author: actor, ...spec });
  await moveBranch(world, repo, branch, after, actor);
  return after;
}

export async function moveBranch(
  world: World,
  repo: Repo,
  branch: string,
  after: string,
  actor: string,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const before = readRef(repo.gitDir, ref);
  if (!writeRef(repo.gitDir, ref, after, before)) throw new Error(`cannot write ${ref}`);
  const fast = before !== null && (await isAncestor(repo.gitDir, before, after));
  const type = before === null ? 'branch_creation' : fast ? 'push' : 'force_push';
  await refMoved(world, repo, { ref, before, after, actor, type });
}

/** Content of a file on a branch or commit, `null` when it is not there. */
export function readFileAt(repo: Repo, at: string, path: string): string | null {
  const sha = readRef(repo.gitDir, `refs/heads/${at}`) ?? at;
  const tree = readCommit(repo.gitDir, sha)?.tree;
  const entry = tree === undefined ? null : lookup(repo.gitDir, tree, path);
  const blob = entry && readObject(repo.gitDir, entry.sha);
  return blob?.type === 'blob' ? blob.content.toString() : null;
}
