import type { Reason } from '@obsgate/core/kernel';
import { checkProof } from '@obsgate/core/ledger';
import {
  applyEdit,
  ruleIdOf,
  sameTarget,
  targetOf,
  wireWrite,
  type Edit,
  type EditTarget,
  type ProtectionPort,
  type ReadTarget,
  type WriteResult,
} from '@obsgate/core/protection';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { readHistory, withBefore } from './history.ts';
import { readProtection, readRule, readRuleset } from './read.ts';
import { sendWrite } from './write.ts';

export type ProtectionOptions = {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** Protection of one repository's branches, as its API shows and changes it. */
export function protectionPort(client: GitHubClient, { now = Date.now }: ProtectionOptions = {}): ProtectionPort {
  const actorIds = new Map<string, string>();
  const readAt = new Map<number, string>();
  /** The newest version of a ruleset before it was relaxed, where that was asked for. */
  const newestSeen = new Map<number, number>();
  /** Rulesets that this port relaxed and has not yet restored: only then is the version before last our own edit. */
  const relaxedHere = new Set<number>();
  const remember = (ids: ReadonlyMap<string, string>): void => ids.forEach((id, key) => actorIds.set(key, id));
  return {
    read: (branch) => readProtection(client, branch, { actors: remember, rulesets: readAt }),
    readTarget: (edit) => readTarget(client, edit, remember),
    relax: async (edit, on, proof): Promise<WriteResult> => {
      const against = checkProof(proof, { purpose: 'relax', branch: on.branch, ruleId: ruleIdOf(edit), now: now() });
      const relaxed = applyEdit(on, edit);
      const wire = relaxed && wireWrite(edit, targetOf(relaxed, edit));
      if (against !== undefined) return refused(against);
      if (wire === undefined) return refused(noPart(edit));
      if (edit.kind === 'classic-bypass') await learnActors(client, edit, actorIds, remember);
      if (wire.kind === 'put-ruleset') relaxedHere.add(wire.id);
      const written = await sendWrite(client, wire, actorIds);
      return takenBack(client, edit, targetOf(on, edit), written, actorIds);
    },
    restore: async ({ edit, branch, target }, proof): Promise<WriteResult> => {
      const against = checkProof(proof, { purpose: 'restore', branch, ruleId: ruleIdOf(edit), now: now() });
      const wire = wireWrite(edit, target);
      if (against !== undefined) return refused(against);
      if (wire === undefined) return refused(noPart(edit));
      const first = wire.kind === 'put-ruleset' && relaxedHere.delete(wire.id);
      const written = await sendWrite(client, wire, actorIds);
      if (wire.kind !== 'put-ruleset' || written.kind !== 'written') return written;
      const known = first ? { readAt: readAt.get(wire.id), newest: newestSeen.get(wire.id) } : {};
      return withBefore(client, { id: wire.id, ...known }, written);
    },
    history: async (rulesetId) => {
      const history = await readHistory(client, rulesetId);
      const newest = history.kind === 'ok' ? history.versions.at(-1) : undefined;
      if (newest !== undefined && !relaxedHere.has(rulesetId)) newestSeen.set(rulesetId, newest.id);
      return history;
    },
  };
}

/**
 * GitHub has no conditional writes: an edit that met another rule than it was planned on went over somebody's change.
 * That change is written back at once, and the edit counts as refused.
 */
async function takenBack(
  client: GitHubClient,
  edit: Edit,
  planned: EditTarget,
  written: WriteResult,
  actorIds: ReadonlyMap<string, string>,
): Promise<WriteResult> {
  if (written.kind !== 'written' || written.before === undefined || sameTarget(written.before, planned)) return written;
  const wire = wireWrite(edit, written.before);
  const back = wire && (await sendWrite(client, wire, actorIds));
  const message =
    'somebody else changed the protection just before it was relaxed; that was put back as they had left it';
  if (back?.kind === 'written' && sameTarget(back.target, written.before)) {
    return refused({ code: 'protection_changed', message });
  }
  const reasons = back === undefined || back.kind === 'written' ? [] : back.reasons;
  return {
    kind: 'unconfirmed',
    reasons: [{ code: 'write_unconfirmed', message: `not certain: ${message}` }, ...reasons],
  };
}

async function readTarget(
  client: GitHubClient,
  edit: Edit,
  remember: (ids: ReadonlyMap<string, string>) => void,
): Promise<ReadTarget> {
  if (edit.kind === 'ruleset-bypass' || edit.kind === 'ruleset-field') {
    const ruleset = await readRuleset(client, edit.rulesetId);
    return ruleset.kind === 'ok' ? { kind: 'ok', target: { kind: 'ruleset', ruleset: ruleset.value } } : ruleset;
  }
  const found = await readRule(client, edit.ruleId);
  if (found.kind === 'refused') return found;
  remember(found.value.actorIds);
  return { kind: 'ok', target: { kind: 'classic', rule: found.value.rule } };
}

/** Node ids of who is on the list (if another port read it) and of our own App, which is not on it yet. */
async function learnActors(
  client: GitHubClient,
  edit: Extract<Edit, { kind: 'classic-bypass' }>,
  known: Map<string, string>,
  remember: (ids: ReadonlyMap<string, string>) => void,
): Promise<void> {
  const rule = known.size === 0 ? await readRule(client, edit.ruleId) : undefined;
  if (rule?.kind === 'ok') remember(rule.value.actorIds);
  if (known.has(`app:${edit.app}`)) return;
  const request = { route: 'GET /apps/{app_slug}', params: { app_slug: edit.app } } as const;
  const answer = await client.call(request, z.looseObject({ node_id: z.string() }));
  if (answer.kind === 'ok') known.set(`app:${edit.app}`, answer.value.node_id);
}

function noPart(edit: Edit): Reason {
  return { code: 'not_relaxable', message: `the protection has not what the edit ${edit.kind} would change` };
}

function refused(reason: Reason): WriteResult {
  return { kind: 'refused', reasons: [reason] };
}
