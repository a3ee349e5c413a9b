import { parseRuleset, type EditTarget, type ReadHistory, type WriteResult } from '@obsgate/core/protection';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { read } from './reading.ts';

const version = z.looseObject({
  version_id: z.int(),
  actor: z.looseObject({ id: z.int().nullish(), type: z.string().nullish() }).nullish(),
  updated_at: z.string(),
});

/** Versions of a ruleset, oldest first: the newest hundred. */
export async function readHistory(client: GitHubClient, rulesetId: number): Promise<ReadHistory> {
  const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}/history';
  const answer = await client.call({ route, params: { ruleset_id: rulesetId, per_page: 100 } }, version.array());
  if (answer.kind === 'failed') {
    return {
      kind: 'refused',
      reasons: [reasonOf(answer.failure, `the history of ruleset ${rulesetId} could not be read`)],
    };
  }
  const versions = answer.value
    .map(({ version_id, actor, updated_at }) => ({
      id: version_id,
      actorId: actor?.id ?? null,
      actorType: actor?.type ?? null,
      at: updated_at,
    }))
    .toSorted((a, b) => a.id - b.id);
  return { kind: 'ok', versions };
}

const versionAnswer = z.looseObject({ state: z.unknown() });

/** What was known of the ruleset before it was relaxed: when it had been written, and its newest version. */
type Known = { readonly readAt?: string | undefined; readonly newest?: number | undefined };

/**
 * What our undoing went over, by the versions before it. The version right before is our own edit, unless it is by
 * another account: then it is `before`. The version before our edit is the one that was read then (`readAt`), unless it
 * is another one: then it is `origin`. Without `readAt` it is not known which that is, and nothing is said. Where there is no history, nothing is added.
 */
export async function withBefore(
  client: GitHubClient,
  ruleset: { readonly id: number } & Known,
  written: Extract<WriteResult, { kind: 'written' }>,
): Promise<WriteResult> {
  const history = await readHistory(client, ruleset.id);
  const versions = history.kind === 'ok' ? history.versions : [];
  const [ours, previous, third] = [versions.at(-1), versions.at(-2), versions.at(-3)];
  if (ours === undefined || previous === undefined) return written;
  if (!isSameAccount(previous, ours)) {
    const before = await readVersion(client, ruleset.id, previous);
    return before === undefined ? written : { ...written, before };
  }
  const { readAt, newest } = ruleset;
  if (third === undefined || readAt === undefined) return written;
  // Times are whole seconds, so the id counts too, where it is known.
  if (third.at === readAt && (newest === undefined || third.id === newest)) return written;
  const origin = await readVersion(client, ruleset.id, third);
  return origin === undefined ? written : { ...written, origin };
}

async function readVersion(client: GitHubClient, rulesetId: number, { id }: Version): Promise<EditTarget | undefined> {
  const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}/history/{version_id}';
  const answer = await client.call({ route, params: { ruleset_id: rulesetId, version_id: id } }, versionAnswer);
  if (answer.kind === 'failed') return undefined;
  const state = read('a version of the ruleset was not understood', () => parseRuleset(answer.value.state));
  return state.kind === 'ok' ? { kind: 'ruleset', ruleset: state.value } : undefined;
}

type Version = Extract<ReadHistory, { kind: 'ok' }>['versions'][number];

function isSameAccount(a: Version, b: Version): boolean {
  return a.actorId !== null && a.actorId === b.actorId && a.actorType === b.actorType;
}
