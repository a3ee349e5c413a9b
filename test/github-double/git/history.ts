import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './cli.ts';
import { readCommit } from './commits.ts';

// Histories of tests are short and their objects loose: walking them here costs microseconds where a git child costs
// milliseconds, and every request asks several such questions. Packed repositories are left to git.

function isPacked(gitDir: string): boolean {
  const packs = join(gitDir, 'objects', 'pack');
  return existsSync(packs) && readdirSync(packs).some((name) => name.endsWith('.pack'));
}

function parentsOf(gitDir: string, sha: string): readonly string[] {
  return readCommit(gitDir, sha)?.parents ?? [];
}

/** A commit and everything before it. */
function ancestors(gitDir: string, sha: string): Set<string> {
  const seen = new Set([sha]);
  const queue = [sha];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const parent of parentsOf(gitDir, next)) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      queue.push(parent);
    }
  }
  return seen;
}

/** Of several commits the one that no other one has among its ancestors; the newest where there are several such. */
function best(gitDir: string, candidates: ReadonlySet<string>): string | null {
  const covered = new Set<string>();
  for (const sha of candidates) {
    for (const parent of parentsOf(gitDir, sha)) if (candidates.has(parent)) covered.add(parent);
  }
  const tips = [...candidates].filter((sha) => !covered.has(sha));
  const date = (sha: string): number => readCommit(gitDir, sha)?.committer.at ?? 0;
  return tips.toSorted((a, b) => date(b) - date(a))[0] ?? null;
}

export async function mergeBase(gitDir: string, a: string, b: string): Promise<string | null> {
  if (a === b) return a;
  if (isPacked(gitDir)) {
    const { code, stdout } = await git(gitDir, ['merge-base', a, b], [0, 1]);
    return code === 0 ? stdout.toString().trim() : null;
  }
  const others = ancestors(gitDir, b);
  return best(gitDir, new Set([...ancestors(gitDir, a)].filter((sha) => others.has(sha))));
}

export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant || parentsOf(gitDir, descendant).includes(ancestor)) return true;
  if (!isPacked(gitDir)) return ancestors(gitDir, descendant).has(ancestor);
  return (await git(gitDir, ['merge-base', '--is-ancestor', ancestor, descendant], [0, 1])).code === 0;
}

/** Parents before children. */
function inOrder(gitDir: string, tip: string, leaveOut: ReadonlySet<string>): string[] {
  const done = new Set(leaveOut);
  const order: string[] = [];
  const stack = [{ sha: tip, open: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (done.has(next.sha)) continue;
    if (next.open) {
      done.add(next.sha);
      order.push(next.sha);
    } else {
      stack.push({ sha: next.sha, open: true });
      for (const sha of parentsOf(gitDir, next.sha).toReversed()) stack.push({ sha, open: false });
    }
  }
  return order;
}

/** Commits in `to` that are not in `from`, oldest first. */
export async function commitsBetween(gitDir: string, from: string, to: string): Promise<string[]> {
  if (from === to) return [];
  if (!isPacked(gitDir)) return inOrder(gitDir, to, ancestors(gitDir, from));
  const { stdout } = await git(gitDir, ['rev-list', '--reverse', '--topo-order', to, `^${from}`]);
  return stdout.toString().split('\n').filter(Boolean);
}

/** Newest first, optionally only those that touch a path. */
export async function log(gitDir: string, from: string, path: string | null): Promise<string[]> {
  if (path === null && !isPacked(gitDir)) return inOrder(gitDir, from, new Set()).toReversed();
  const { stdout } = await git(gitDir, ['rev-list', '--topo-order', from, ...(path === null ? [] : ['--', path])]);
  return stdout.toString().split('\n').filter(Boolean);
}
