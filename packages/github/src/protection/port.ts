import type { Reason } from '@obsgate/core/kernel';
import { checkProof } from '@obsgate/core/ledger';
import {
  applyEdit,
  ruleIdOf,
  targetOf,
  undoWire,
  wireWrite,
  type Edit,
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
  const remember = (ids: ReadonlyMap<string, string>): void => ids.forEach((id, key) => actorIds.set(key, id));
  return {
    read: (branch) => readProtection(client, branch, remember),
    readTarget: (edit) => readTarget(client, edit, remember),
    relax: async (edit, on, proof): Promise<WriteResult> => {
      const { branch } = on;
      const against = checkProof(proof, { purpose: 'relax', branch, ruleId: ruleIdOf(edit), now: now() });
      const relaxed = applyEdit(on, edit);
      const target = relaxed && targetOf(relaxed, edit);
      const wire = target && wireWrite(edit, branch, target);
      if (against !== undefined) return refused(against);
      if (target === undefined || wire === undefined) return refused(noPart(edit));
      if (wire.kind === 'update-rule' && edit.kind === 'classic-bypass')
        await learnActors(client, edit, actorIds, remember);
      return sendWrite(client, wire, target, actorIds);
    },
    restore: async ({ edit, branch, target }, proof): Promise<WriteResult> => {
      const against = checkProof(proof, { purpose: 'restore', branch, ruleId: ruleIdOf(edit), now: now() });
      const wire = undoWire(edit, branch, target);
      if (against !== undefined) return refused(against);
      if (wire === undefined) return refused(noPart(edit));
      const written = await sendWrite(client, wire, target, actorIds);
      return wire.kind === 'put-ruleset' && written.kind === 'written' ? withBefore(client, wire.id, written) : written;
    },
    history: (rulesetId) => readHistory(client, rulesetId),
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
