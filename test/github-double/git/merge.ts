import { git } from './cli.ts';
import { readCommit, writeCommit } from './commits.ts';
import type { Person } from './commits.ts';
import { commitsBetween, mergeBase } from './history.ts';

export type TreeMerge =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly conflicts: readonly string[] };

/** Three-way merge of two commits, as `git merge` would, without a working tree. */
export async function mergeCommits(gitDir: string, ours: string, theirs: string): Promise<TreeMerge> {
  const base = await mergeBase(gitDir, ours, theirs);
  // One side has nothing of its own: nothing to merge.
  const ahead = base === ours ? theirs : base === theirs ? ours : null;
  const tip = ahead === null ? null : readCommit(gitDir, ahead);
  return tip ? { clean: true, tree: tip.tree } : runMergeTree(gitDir, ours, theirs);
}

async function runMergeTree(gitDir: string, ours: string, theirs: string): Promise<TreeMerge> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', '--allow-unrelated-histories'];
  const { code, stdout } = await git(gitDir, [...args, ours, theirs], [0, 1]);
  const [tree = '', ...conflicts] = stdout.toString().split('\0').filter(Boolean);
  return code === 0 ? { clean: true, tree } : { clean: false, conflicts };
}

const nobody: Person = { name: 'double', email: 'double@localhost', at: 0 };

/**
 * Three-way merge of trees with a base of our choice (cherry-pick, revert). `merge-tree --merge-base` came with git 2.40,
 * so the base is given as a common parent of two throw-away commits.
 */
export async function mergeTrees(gitDir: string, base: string, ours: string, theirs: string): Promise<TreeMerge> {
  if (base === ours || ours === theirs) return { clean: true, tree: theirs };
  if (base === theirs) return { clean: true, tree: ours };
  const commit = (tree: string, parents: string[]): string =>
    writeCommit(gitDir, { tree, parents, author: nobody, committer: nobody, message: `${tree}\n` });
  const root = commit(base, []);
  return runMergeTree(gitDir, commit(ours, [root]), commit(theirs, [root]));
}

export type Rebase =
  | { readonly clean: true; readonly tip: string; readonly commits: readonly string[] }
  | { readonly clean: false };

/** Replays the commits of `head` that `base` lacks onto `base`; merge commits are left out, as GitHub's rebase does. */
export async function rebase(gitDir: string, base: string, head: string, committer: Person): Promise<Rebase> {
  if ((await mergeBase(gitDir, base, head)) === null) return { clean: false };
  let tip = base;
  const commits: string[] = [];
  for (const sha of await commitsBetween(gitDir, base, head)) {
    const commit = readCommit(gitDir, sha);
    const parent = commit?.parents[0] === undefined ? null : readCommit(gitDir, commit.parents[0]);
    const onto = readCommit(gitDir, tip);
    if (!commit || !parent || !onto || commit.parents.length > 1) continue;
    const merged = await mergeTrees(gitDir, parent.tree, onto.tree, commit.tree);
    if (!merged.clean) return { clean: false };
    const { author, message } = commit;
    tip = writeCommit(gitDir, { tree: merged.tree, parents: [tip], author, committer, message });
    commits.push(tip);
  }
  return { clean: true, tip, commits };
}
