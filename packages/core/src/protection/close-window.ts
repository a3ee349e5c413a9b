import type { Reason } from '../kernel/index.ts';
import type { RestoreProof } from '../ledger/index.ts';
import { differences, type Difference } from './canonical.ts';
import { applyEdit, type Edit } from './edit.ts';
import type { ProtectionSnapshot } from './model.ts';
import type { EditTarget, ProtectionPort, UndoWrite, WriteResult } from './port.ts';
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
    const put = await putBack(protection, { undo: plan.undo, live: live.target, before, proof });
    wrote ||= put.kind !== 'refused';
    if (put.kind === 'shown') return { kind: 'closed', wrote, foreign: [...plan.foreign, ...put.foreign], reasons: [] };
    reasons = put.reasons;
  }
  return { kind: 'open', reasons };
}

type Put =
  | { readonly kind: 'shown'; readonly foreign: readonly Difference[] }
  | { readonly kind: 'refused' | 'unconfirmed'; readonly reasons: readonly Reason[] };

type PutBack = {
  readonly undo: UndoWrite;
  readonly live: EditTarget;
  readonly before: EditTarget;
  readonly proof: RestoreProof;
};

const REPAIRS = 3;

/**
 * Writes what was planned. If the rule was no longer what the plan was made for, the write went over somebody else's
 * change: it is planned again for what they had made of the rule, and written at once, so that theirs stays.
 */
async function putBack(
  protection: Pick<ProtectionPort, 'restore'>,
  { undo, live, before, proof }: PutBack,
): Promise<Put> {
  let expected = live;
  let { target } = undo;
  const foreign: Difference[] = [];
  for (let round = 1; round <= REPAIRS; round++) {
    // oxlint-disable-next-line no-await-in-loop -- each write answers the one before it
    const written = await protection.restore({ ...undo, target }, proof);
    if (written.kind !== 'written') return written;
    // An answer that differs is no proof, even if only somebody else's change is in it: the next reading tells.
    if (!sameTarget(written.target, target)) return { kind: 'unconfirmed', reasons: [unlike(undo.branch)] };
    const overwritten = overwrittenBy(written, expected, before);
    if (overwritten === undefined) return { kind: 'shown', foreign };
    foreign.push(...differences(overwritten.by, overwritten.theirs));
    const again = planUndo(undo.edit, undo.branch, { before, written: expected, live: overwritten.theirs });
    if (again.kind === 'stopped') return { kind: 'shown', foreign };
    expected = written.target;
    target = again.kind === 'write' ? again.undo.target : overwritten.theirs;
    if (sameTarget(target, expected)) return { kind: 'shown', foreign };
  }
  return { kind: 'unconfirmed', reasons: [unlike(undo.branch)] };
}

type Overwritten = { readonly theirs: EditTarget; readonly by: EditTarget };

/** What somebody else had made of the rule, and our undoing or our edit went over. */
function overwrittenBy(
  written: Extract<WriteResult, { kind: 'written' }>,
  expected: EditTarget,
  before: EditTarget,
): Overwritten | undefined {
  if (written.before !== undefined && !sameTarget(written.before, expected)) {
    return { theirs: written.before, by: expected };
  }
  if (written.origin !== undefined && !sameTarget(written.origin, before)) {
    return { theirs: written.origin, by: before };
  }
  return undefined;
}

function unlike(branch: string): Reason {
  const message = `the answer to restoring ${branch} shows another protection`;
  return { code: 'restore_unconfirmed', message, subject: branch };
}
