import { parseRuleset, type ReadHistory, type WriteResult } from '@obsgate/core/protection';
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

/**
 * The ruleset as our write found it: the version before ours. While that is by the same account as ours, it is our own
 * edit, and need not be read. Where there is no history, nothing is added.
 */
export async function withBefore(
  client: GitHubClient,
  rulesetId: number,
  written: Extract<WriteResult, { kind: 'written' }>,
): Promise<WriteResult> {
  const history = await readHistory(client, rulesetId);
  const [previous, ours] = history.kind === 'ok' ? history.versions.slice(-2) : [];
  if (previous === undefined || ours === undefined || isSameAccount(previous, ours)) return written;
  const route = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}/history/{version_id}';
  const params = { ruleset_id: rulesetId, version_id: previous.id };
  const answer = await client.call({ route, params }, versionAnswer);
  if (answer.kind === 'failed') return written;
  const before = read('a version of the ruleset was not understood', () => parseRuleset(answer.value.state));
  return before.kind === 'ok' ? { ...written, before: { kind: 'ruleset', ruleset: before.value } } : written;
}

type Version = Extract<ReadHistory, { kind: 'ok' }>['versions'][number];

function isSameAccount(a: Version, b: Version): boolean {
  return a.actorId !== null && a.actorId === b.actorId && a.actorType === b.actorType;
}
