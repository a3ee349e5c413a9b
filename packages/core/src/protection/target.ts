import { canonicalJson } from './canonical.ts';
import type { Edit } from './edit.ts';
import type { ProtectionSnapshot } from './model.ts';
import type { EditTarget } from './port.ts';

/** The rule that an edit names, as it stands in a snapshot. */
export function targetOf(snapshot: ProtectionSnapshot, edit: Edit): EditTarget {
  if (edit.kind === 'classic-bypass' || edit.kind === 'classic-field') {
    return { kind: 'classic', rule: snapshot.classic?.ruleId === edit.ruleId ? snapshot.classic : null };
  }
  return { kind: 'ruleset', ruleset: snapshot.rulesets.find(({ id }) => id === edit.rulesetId) ?? null };
}

/** The id of the edited rule as leases name it: `classic:<node id>` or `ruleset:<id>`. */
export function ruleIdOf(edit: Edit): string {
  return edit.kind === 'classic-bypass' || edit.kind === 'classic-field'
    ? `classic:${edit.ruleId}`
    : `ruleset:${edit.rulesetId}`;
}

export function sameTarget(a: EditTarget, b: EditTarget): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
