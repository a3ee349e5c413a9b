import type { Reason } from '@obsgate/core/kernel';
import { baseOfGlob, matchesGlob } from '@obsgate/core/watch';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';

export type SloFiles =
  | { readonly kind: 'read'; readonly files: readonly { readonly path: string; readonly text: string }[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

const entry = z.looseObject({ type: z.string(), path: z.string() });
const listing = z.union([z.array(entry), entry]);
const ROUTE = 'GET /repos/{owner}/{repo}/contents/{path}';

/** The SLO files of the default branch that match one of the globs, by their paths. */
export async function readSloFiles(client: GitHubClient, globs: readonly string[]): Promise<SloFiles> {
  const paths = new Set<string>();
  for (const glob of globs) {
    const found: string[] = [];
    // oxlint-disable-next-line no-await-in-loop -- a few globs, often in one folder
    const refused = await listBelow(client, baseOfGlob(glob), glob, found);
    if (refused !== undefined) return { kind: 'refused', reasons: [refused] };
    for (const path of found) paths.add(path);
  }
  const files: { path: string; text: string }[] = [];
  for (const path of [...paths].toSorted()) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await client.send({ route: ROUTE, params: { path }, format: 'raw' });
    if (answer.kind === 'failed')
      return { kind: 'refused', reasons: [reasonOf(answer.failure, `${path} could not be read`)] };
    files.push({ path, text: String(answer.value) });
  }
  return { kind: 'read', files };
}

async function listBelow(
  client: GitHubClient,
  folder: string,
  glob: string,
  found: string[],
): Promise<Reason | undefined> {
  const answer = await client.call({ route: ROUTE, params: { path: folder } }, listing);
  if (answer.kind === 'failed') {
    if (answer.failure.kind === 'not-found') return undefined;
    return reasonOf(answer.failure, `${folder || 'the repository'} could not be listed`);
  }
  const entries = Array.isArray(answer.value) ? answer.value : [answer.value];
  for (const { type, path } of entries) {
    if (type === 'file' && matchesGlob(glob, path)) found.push(path);
    if (type !== 'dir' || !/\*\*|\*.*\//.test(glob)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const refused = await listBelow(client, path, glob, found);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
