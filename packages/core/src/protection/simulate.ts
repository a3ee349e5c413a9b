import type { Reason } from '../kernel/index.ts';
import { canonicalJson, differences, type Difference } from './canonical.ts';
import { applyEdit, sameProtection, type Edit } from './edit.ts';
import { whyNotEditable, type MergeMethod } from './editable.ts';
import { acceptWrite } from './accept.ts';
import type { ProtectionSnapshot } from './model.ts';
import { planRestore } from './restore.ts';
import { targetOf } from './target.ts';
import { wireWrite, type WireWrite } from './wire.ts';

export type Simulation =
  | {
      readonly kind: 'exact';
      /** What the protection looks like while the window is open. */
      readonly relaxed: ProtectionSnapshot;
      readonly changes: readonly Difference[];
      /** What is sent to open the window, and what is sent to close it. */
      readonly relax: WireWrite;
      readonly restore: WireWrite;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/**
 * Plays an edit and its undoing on the snapshot before anything is sent: both bodies are applied the way GitHub
 * applies them, and reading back must give the relaxed protection, then the snapshot.
 */
export function simulate(snapshot: ProtectionSnapshot, edit: Edit, method: MergeMethod): Simulation {
  const reasons = whyNotEditable(snapshot, edit, method);
  const relaxed = applyEdit(snapshot, edit);
  if (reasons.length > 0 || relaxed === undefined) return { kind: 'refused', reasons };
  const relax = wireWrite(edit, targetOf(relaxed, edit));
  const opened = relax && acceptWrite(snapshot, relax);
  if (relax === undefined || opened === undefined || !sameProtection(opened, relaxed)) {
    return differs(edit, 'opening the window');
  }
  const plan = planRestore(opened, snapshot, edit);
  const restore = plan.kind === 'write' ? wireWrite(edit, plan.undo.target) : undefined;
  const closed = restore && acceptWrite(opened, restore);
  if (restore === undefined || closed === undefined || !sameProtection(closed, snapshot)) {
    return differs(edit, 'restoring');
  }
  return { kind: 'exact', relaxed, changes: differences(snapshot, relaxed), relax, restore };
}

function differs(edit: Edit, step: string): Simulation {
  const reason = { code: 'simulation_differs', message: `${step} would not give the planned protection` } as const;
  return { kind: 'refused', reasons: [{ ...reason, subject: canonicalJson(edit) }] };
}
