import { readObject } from '../git/objects.ts';
import { readCommit } from '../git/commits.ts';
import { lookup } from '../git/trees.ts';
import type { Repo, World } from '../state.ts';
import { fnmatch } from './match.ts';

export type OwnerRule = { readonly pattern: string; readonly owners: readonly string[] };

/** The first CODEOWNERS file of the base commit, in the order GitHub looks for it. */
export function readCodeOwners(repo: Repo, baseSha: string): OwnerRule[] {
  const tree = readCommit(repo.gitDir, baseSha)?.tree;
  if (tree === undefined) return [];
  for (const path of ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']) {
    const entry = lookup(repo.gitDir, tree, path);
    const blob = entry && readObject(repo.gitDir, entry.sha);
    if (blob?.type === 'blob') return parse(blob.content.toString());
  }
  return [];
}

function parse(text: string): OwnerRule[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim().split(/\s+/))
    .filter(([pattern]) => pattern !== undefined && pattern !== '')
    .map(([pattern = '', ...owners]) => ({ pattern, owners: owners.map((owner) => owner.replace(/^@/, '')) }));
}

/** Owners of a path: the last matching line wins, as in .gitignore without negation. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  return rules.findLast(({ pattern }) => covers(pattern, path))?.owners ?? [];
}

function covers(pattern: string, path: string): boolean {
  const anchored = pattern.startsWith('/') || pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const head = anchored ? body : `**/${body}`;
  if (pattern.endsWith('/')) return fnmatch(`${head}/**/*`, path);
  return fnmatch(head, path) || (!pattern.endsWith('/*') && fnmatch(`${head}/**/*`, path));
}

export function isOwner(world: World, owner: string, login: string): boolean {
  return owner === login || (world.teams.get(owner)?.members.has(login) ?? false);
}
