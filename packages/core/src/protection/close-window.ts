import type { Reason } from '../kernel/index.ts';
import type { RestoreProof } from '../ledger/index.ts';
import type { Difference } from './canonical.ts';
import { applyEdit, type Edit } from './edit.ts';
import type { ProtectionSnapshot } from './model.ts';
import type { EditTarget, ProtectionPort } from './port.ts';
import { sameTarget, targetOf } from './target.ts';
import { planUndo } from './undo.ts';

export type Closed =
  /** Nothing of our edit is left. `wrote` says whether anything was open; `foreign` what others changed in the rule. */
  | {
      readonly kind: 'closed';
      readonly wrote: boolean;
      readonly foreign: readonly Difference[];
      readonly reasons: readonly Reason[];
    }
  /** It may still be open: try again, from another process if need be. */
  | { readonly kind: 'open'; readonly reasons: readonly Reason[] };

export type CloseOptions = {
  /** Readings of the rule, each followed by a write if one is needed; 4 by default. */
  readonly attempts?: number;
  /** Pause before attempt `n` (from 2). */
  readonly pause?: (attempt: number) => Promise<void>;
};

const ATTEMPTS = 4;

/**
 * Undoes an edit: reads the rule, writes what is ours back, and is content only when an answer of GitHub shows that
 * nothing of it is left. Two requests when all goes well, one when nothing was open. Writes are never repeated
 * blindly: an unconfirmed one is followed by a reading.
 */
export async function closeWindow(
  protection: Pick<ProtectionPort, 'readTarget' | 'restore'>,
  snapshot: ProtectionSnapshot,
  edit: Edit,
  proof: RestoreProof,
  { attempts = ATTEMPTS, pause }: CloseOptions = {},
): Promise<Closed> {
  const relaxed = applyEdit(snapshot, edit);
  const before = targetOf(snapshot, edit);
  let wrote = false;
  let reasons: readonly Reason[] = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt follows from what the one before it found
    if (attempt > 1) await pause?.(attempt);
    // oxlint-disable-next-line no-await-in-loop
    const live = await protection.readTarget(edit, snapshot.branch);
    if (live.kind === 'refused') {
      reasons = live.reasons;
      continue;
    }
    const plan = planUndo(edit, snapshot.branch, {
      before,
      written: relaxed === undefined ? before : targetOf(relaxed, edit),
      live: live.target,
    });
    if (plan.kind === 'nothing') return { kind: 'closed', wrote, foreign: plan.foreign, reasons: [] };
    if (plan.kind === 'stopped') {
      if (plan.left === 'nothing') return { kind: 'closed', wrote, foreign: [], reasons: [plan.reason] };
      return { kind: 'open', reasons: [plan.reason] };
    }
    // oxlint-disable-next-line no-await-in-loop
    const written = await protection.restore(plan.undo, proof);
    wrote ||= written.kind !== 'refused';
    if (written.kind === 'written' && shows(written.target, plan.undo.target)) {
      return { kind: 'closed', wrote, foreign: plan.foreign, reasons: [] };
    }
    reasons = written.kind === 'written' ? [unlike(snapshot.branch)] : written.reasons;
  }
  return { kind: 'open', reasons };
}

/** An answer that differs is no proof, even if only somebody else's change is in it: the next reading tells. */
function shows(answered: EditTarget, wanted: EditTarget): boolean {
  return sameTarget(answered, wanted);
}

function unlike(branch: string): Reason {
  return {
    code: 'restore_unconfirmed',
    message: `the answer to restoring ${branch} shows another protection`,
    subject: branch,
  };
}
