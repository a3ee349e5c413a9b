import type { Account, CommentFacts, PushFacts, Standing } from '@obsgate/core/merge';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { accountSchema, restAccount } from './account.ts';
import { whyFailed } from './failed.ts';

const activitySchema = z.array(
  z.looseObject({
    after: z.string(),
    timestamp: z.string(),
    activity_type: z.string(),
    actor: accountSchema.nullable(),
  }),
);

/** The push that put the newest commit on the branch: one request. Its time is GitHub's, unlike those in commits. */
export async function readPush(client: GitHubClient, branch: string): Promise<PushFacts> {
  const params = { ref: `refs/heads/${branch}`, direction: 'desc', per_page: 1 };
  const answer = await client.call({ route: 'GET /repos/{owner}/{repo}/activity', params }, activitySchema);
  if (answer.kind === 'failed')
    return { kind: 'unknown', why: whyFailed(answer, 'the activity of the branch could not be read') };
  const [newest] = answer.value;
  if (newest === undefined) return { kind: 'unknown', why: 'the branch has no activity on record' };
  if (newest.actor === null) return { kind: 'unknown', why: 'the account that pushed last is gone' };
  const { after, timestamp: at, activity_type: activity } = newest;
  return { kind: 'known', at, by: restAccount(newest.actor), after, activity };
}

const permissionSchema = z.looseObject({
  permission: z.string(),
  role_name: z.string(),
  user: accountSchema.nullable(),
});

/** More people than these are not asked about: author, pusher, who asked, and some who labelled. */
const MAX_PEOPLE = 6;

/**
 * What accounts may do, one request for each person. The answer is by login: one for another number is somebody who took
 * the login over, and does not count. Bots have no role, so that they are not asked about.
 */
export async function readStandings(client: GitHubClient, accounts: readonly (Account | null)[]): Promise<Standing[]> {
  const people = new Map(
    accounts.flatMap((account) => (account?.type === 'User' ? [[account.id, account] as const] : [])),
  );
  const asked = [...people.values()].slice(0, MAX_PEOPLE);
  const found = await Promise.all(asked.map((account) => standingOf(client, account)));
  return found.flatMap((standing) => standing ?? []);
}

async function standingOf(client: GitHubClient, account: Account): Promise<Standing | undefined> {
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  const answer = await client.call({ route, params: { username: account.login } }, permissionSchema);
  if (answer.kind === 'failed' || answer.value.user?.id !== account.id) return undefined;
  return { account, role: answer.value.role_name, permission: answer.value.permission };
}

const commentSchema = z.looseObject({
  id: z.int(),
  body: z.string().nullish(),
  user: accountSchema.nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  issue_url: z.string(),
});

/** The comment as it is now; null when it is gone, hidden, or belongs to another pull request: one request. */
export async function readComment(client: GitHubClient, pull: number, id: number): Promise<CommentFacts | null> {
  const route = 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}';
  const answer = await client.call({ route, params: { comment_id: id } }, commentSchema);
  if (answer.kind === 'failed' || !answer.value.issue_url.endsWith(`/issues/${pull}`)) return null;
  const { user, body, created_at: createdAt, updated_at: updatedAt } = answer.value;
  return {
    id: answer.value.id,
    author: user === null ? null : restAccount(user),
    body: body ?? '',
    createdAt,
    updatedAt,
  };
}
