import { git } from './cli.ts';
import { readCommit } from './commits.ts';

export async function mergeBase(gitDir: string, a: string, b: string): Promise<string | null> {
  if (a === b) return a;
  const { code, stdout } = await git(gitDir, ['merge-base', a, b], [0, 1]);
  return code === 0 ? stdout.toString().trim() : null;
}

export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true;
  // The common case, a commit on top of the tip, needs no child process.
  if (readCommit(gitDir, descendant)?.parents.includes(ancestor)) return true;
  return (await git(gitDir, ['merge-base', '--is-ancestor', ancestor, descendant], [0, 1])).code === 0;
}

/** Commits in `to` that are not in `from`, oldest first. */
export async function commitsBetween(gitDir: string, from: string, to: string): Promise<string[]> {
  if (from === to) return [];
  const { stdout } = await git(gitDir, ['rev-list', '--reverse', '--topo-order', to, `^${from}`]);
  return stdout.toString().split('\n').filter(Boolean);
}

/** Newest first, optionally only those that touch a path. */
export async function log(gitDir: string, from: string, path: string | null): Promise<string[]> {
  const { stdout } = await git(gitDir, ['rev-list', from, ...(path === null ? [] : ['--', path])]);
  return stdout.toString().split('\n').filter(Boolean);
}
