import { accountOf } from '../shapes/account.ts';
import type { Ruleset } from '../state/ruleset.ts';
import type { World } from '../state.ts';
import { newId, nowIso } from '../state.ts';

/** Remembers the ruleset as it is now as a new version. */
export function recordVersion(world: World, ruleset: Ruleset, actor: string): void {
  const { id, type } = accountOf(world, actor);
  ruleset.updatedAt = nowIso(world);
  const state = structuredClone({
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: ruleset.sourceType,
    source: ruleset.source,
    enforcement: ruleset.enforcement,
    conditions: ruleset.conditions,
    bypass_actors: ruleset.bypassActors,
    rules: ruleset.rules,
  });
  ruleset.history.push({ versionId: newId(world), actor: { id, type }, updatedAt: ruleset.updatedAt, state });
}
