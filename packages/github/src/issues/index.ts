import type { Reason } from '@obsgate/core/kernel';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { capBody } from '../comments/index.ts';

export type Alarm = {
  /** One open issue for each name, such as `lease main`. */
  readonly name: string;
  readonly title: string;
  /** Markdown in which everything that came from outside is escaped already. */
  readonly body: string;
  readonly label: string;
};

export type AlarmResult =
  | { readonly kind: 'raised'; readonly number: number; readonly url: string }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

const issue = z.looseObject({ number: z.int(), html_url: z.string(), body: z.string().nullish() });

/** Raises an issue for people to look at; one that is open for the same thing is brought up to date instead. */
export async function raiseAlarm(client: GitHubClient, alarm: Alarm): Promise<AlarmResult> {
  const { title, label } = alarm;
  const what = 'the issue could not be raised';
  const marker = `<!-- obsgate:alarm:${encodeURIComponent(alarm.name)} -->`;
  const body = `${marker}\n${capBody(alarm.body, marker.length + 1)}`;
  const open = await client.list(
    { route: 'GET /repos/{owner}/{repo}/issues', params: { state: 'open', labels: label } },
    issue,
  );
  if (open.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(open.failure, what)] };
  const known = open.value.find((each) => each.body?.startsWith(marker) === true);
  if (known !== undefined && known.body === body) return { kind: 'raised', number: known.number, url: known.html_url };
  const written =
    known === undefined
      ? await client.call(
          { route: 'POST /repos/{owner}/{repo}/issues', params: { title, body, labels: [label] } },
          issue,
        )
      : await client.call(
          {
            route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
            params: { issue_number: known.number, title, body },
          },
          issue,
        );
  if (written.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(written.failure, what)] };
  return { kind: 'raised', number: written.value.number, url: written.value.html_url };
}
