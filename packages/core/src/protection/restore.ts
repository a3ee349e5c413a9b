import type { Reason } from '../kernel/index.ts';
import { differences, type Difference } from './canonical.ts';
import { applyEdit, sameProtection, type Edit } from './edit.ts';
import type { ProtectionSnapshot } from './model.ts';
import type { EditTarget, UndoWrite } from './port.ts';
import { targetOf } from './target.ts';
import { planUndo } from './undo.ts';

export type RestorePlan =
  /** The protection is the snapshot. */
  | { readonly kind: 'done' }
  /**
   * Write this, then read again. `foreign` is what others changed since the snapshot and what stays; when it is empty,
   * reading must give the snapshot.
   */
  | { readonly kind: 'write'; readonly undo: UndoWrite; readonly foreign: readonly Difference[] }
  /** Nothing of ours is open, but others changed the protection: `protection_changed`. */
  | { readonly kind: 'changed'; readonly foreign: readonly Difference[]; readonly reason: Reason }
  | {
      readonly kind: 'stopped';
      readonly reason: Reason;
      readonly left: 'nothing' | 'unknown';
      readonly foreign: readonly Difference[];
    };

/**
 * What to do so that a branch's protection is again what it was: live equals the snapshot -> done; live is what we
 * wrote -> the snapshot's field; anything else -> our own field alone, or stop.
 *
 * `live` must hold the edited rule even if it no longer covers the branch (`withTarget` puts it in).
 */
export function planRestore(live: ProtectionSnapshot, snapshot: ProtectionSnapshot, edit: Edit | null): RestorePlan {
  if (sameProtection(live, snapshot)) return { kind: 'done' };
  const written = edit === null ? undefined : applyEdit(snapshot, edit);
  const foreign = differences(written ?? snapshot, live);
  if (edit === null || written === undefined) return changed(foreign);
  const plan = planUndo(edit, snapshot.branch, {
    before: targetOf(snapshot, edit),
    written: targetOf(written, edit),
    live: targetOf(live, edit),
  });
  if (plan.kind === 'stopped') return { ...plan, foreign };
  return plan.kind === 'write' ? { kind: 'write', undo: plan.undo, foreign } : changed(differences(snapshot, live));
}

function changed(foreign: readonly Difference[]): RestorePlan {
  const paths = foreign.map(({ path }) => path).join(', ');
  return {
    kind: 'changed',
    foreign,
    reason: { code: 'protection_changed', message: `somebody else changed the protection in the meantime: ${paths}` },
  };
}

/** `snapshot` with the edited rule put in as it was read by its own id. */
export function withTarget(snapshot: ProtectionSnapshot, target: EditTarget): ProtectionSnapshot {
  if (target.kind === 'classic') return target.rule === null ? snapshot : { ...snapshot, classic: target.rule };
  const { ruleset } = target;
  if (ruleset === null) return snapshot;
  const others = snapshot.rulesets.filter(({ id }) => id !== ruleset.id);
  return { ...snapshot, rulesets: [...others, ruleset].toSorted((a, b) => a.id - b.id) };
}
