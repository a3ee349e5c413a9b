import type { Reason } from '@obsgate/core/kernel';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { writeSticky, type StickyComment } from '../comments/index.ts';

const comment = z.looseObject({
  id: z.int(),
  body: z.string().nullish(),
  user: z.looseObject({ login: z.string(), type: z.string() }).nullish(),
});

/**
 * Writes the one comment of the watch. Two watches at the same time may both find none and add one: the oldest stays,
 * whichever of them looks last.
 *
 * @param first Whether nothing was told of this pull request before, so that there may be two.
 * @returns Why it is not written; undefined when it is.
 */
export async function tellPull(
  client: GitHubClient,
  sticky: StickyComment,
  first: boolean,
): Promise<readonly Reason[] | undefined> {
  const written = await writeSticky(client, sticky);
  if (written.kind === 'refused') return written.reasons;
  if (first) await removeDoubles(client, sticky);
  return undefined;
}

/** A double that cannot be removed is untidy and no more; the next change is written to the oldest all the same. */
async function removeDoubles(client: GitHubClient, { number, name, author }: StickyComment): Promise<void> {
  const params = { issue_number: number };
  const all = await client.list({ route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', params }, comment);
  if (all.kind === 'failed') return;
  const marker = `<!-- obsgate:${name} -->`;
  const ours = all.value
    .filter(({ body }) => body?.startsWith(marker) === true)
    .filter(({ user }) => (author === undefined ? user?.type === 'Bot' : user?.login === author));
  const [, ...doubles] = ours.toSorted((a, b) => a.id - b.id);
  for (const { id } of doubles) {
    const route = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
    // oxlint-disable-next-line no-await-in-loop -- GitHub wants writes of one account one after the other
    await client.send({ route, params: { comment_id: id } });
  }
}
