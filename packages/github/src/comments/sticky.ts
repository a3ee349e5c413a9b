import type { Reason } from '@obsgate/core/kernel';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { capBody } from './cap.ts';

export type StickyComment = {
  /** Number of the pull request or issue. */
  readonly number: number;
  /** One comment for each name, such as `merge` or `watch`. */
  readonly name: string;
  /** Markdown in which everything that came from outside is escaped already. */
  readonly body: string;
  /** Login of the writer, `<slug>[bot]` for an App. Only their comments are updated; without it only those of bots. */
  readonly author?: string;
};

export type CommentResult =
  | { readonly kind: 'written'; readonly id: number; readonly url: string }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

const comment = z.looseObject({
  id: z.int(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.looseObject({ login: z.string(), type: z.string() }).nullish(),
});
type Comment = z.infer<typeof comment>;

/**
 * Writes the one comment of that name: updates it in place, or adds it. It is found by a hidden marker; a marker in
 * somebody else's comment counts for nothing.
 */
export async function writeSticky(client: GitHubClient, sticky: StickyComment): Promise<CommentResult> {
  const marker = markerOf(sticky.name);
  const body = `${marker}\n${capBody(sticky.body, marker.length + 1)}`;
  const what = `the comment on #${sticky.number} could not be written`;
  const params = { issue_number: sticky.number };
  const all = await client.list({ route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', params }, comment);
  if (all.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(all.failure, what)] };
  const known = all.value.find((each) => each.body?.startsWith(marker) === true && isOurs(each, sticky.author));
  if (known?.body === body) return { kind: 'written', id: known.id, url: known.html_url };
  const written =
    known === undefined
      ? await client.call(
          { route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments', params: { ...params, body } },
          comment,
        )
      : await client.call(
          { route: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', params: { comment_id: known.id, body } },
          comment,
        );
  if (written.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(written.failure, what)] };
  return { kind: 'written', id: written.value.id, url: written.value.html_url };
}

/** Hidden in the rendered comment. */
function markerOf(name: string): string {
  return `<!-- obsgate:${name} -->`;
}

function isOurs({ user }: Comment, author: string | undefined): boolean {
  return author === undefined ? user?.type === 'Bot' : user?.login === author;
}
