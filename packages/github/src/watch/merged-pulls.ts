import type { Reason } from '@obsgate/core/kernel';
import type { MergedPull } from '@obsgate/core/watch';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';

export type MergedPulls =
  | { readonly kind: 'read'; readonly pulls: readonly MergedPull[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

const pull = z.looseObject({
  number: z.int().positive(),
  merged_at: z.iso.datetime().nullable(),
  merge_commit_sha: z.string().nullable(),
  updated_at: z.iso.datetime(),
  base: z.looseObject({ ref: z.string() }),
});

const PAGE = 100;

/**
 * Pull requests that were merged to one of the branches at or after `since` (Unix seconds): one request for each
 * hundred that were changed since. A merge changes a pull request, so the list by the last change holds every one.
 */
export async function readMergedPulls(
  client: GitHubClient,
  branches: readonly string[],
  since: number,
): Promise<MergedPulls> {
  const found = new Map<number, MergedPull>();
  for (const base of branches) {
    for (let page = 1; ; page++) {
      const params = { state: 'closed', base, sort: 'updated', direction: 'desc', per_page: PAGE, page };
      // oxlint-disable-next-line no-await-in-loop -- whether another page is needed is known after this one
      const answer = await client.call({ route: 'GET /repos/{owner}/{repo}/pulls', params }, pull.array());
      if (answer.kind === 'failed')
        return { kind: 'refused', reasons: [reasonOf(answer.failure, 'the merged pull requests could not be read')] };
      for (const { number, merged_at, merge_commit_sha: sha, base: into } of answer.value) {
        if (merged_at === null || sha === null || into.ref !== base) continue;
        const mergedAt = Date.parse(merged_at) / 1000;
        if (mergedAt >= since) found.set(number, { pr: number, sha, base, mergedAt });
      }
      const last = answer.value.at(-1);
      if (last === undefined || answer.value.length < PAGE || Date.parse(last.updated_at) / 1000 < since) break;
    }
  }
  return { kind: 'read', pulls: [...found.values()] };
}
