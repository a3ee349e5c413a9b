import type { Reason } from '../kernel/index.ts';
import type { LeaseProof, RestoreProof } from '../ledger/index.ts';
import type { Edit } from './edit.ts';
import type { ClassicProtection, ProtectionSnapshot, Ruleset } from './model.ts';

/** The one rule that an edit changes; null when it no longer exists. */
export type EditTarget =
  | { readonly kind: 'classic'; readonly rule: ClassicProtection | null }
  | { readonly kind: 'ruleset'; readonly ruleset: Ruleset | null };

export type ReadProtection =
  | { readonly kind: 'ok'; readonly snapshot: ProtectionSnapshot }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type ReadTarget =
  | { readonly kind: 'ok'; readonly target: EditTarget }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type WriteResult =
  /**
   * GitHub confirmed it; `target` is the rule as the answer showed it, and `before` as it was right before the write,
   * where GitHub tells: GitHub has no conditional writes, so this is how a change in between is found.
   */
  | {
      readonly kind: 'written';
      readonly target: EditTarget;
      readonly before?: EditTarget;
      /** For an undoing: the rule as the edit had found it, where that is not what was read before the edit. */
      readonly origin?: EditTarget;
    }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }
  /** No usable answer: it may have been written or not. Read before anything else is done. */
  | { readonly kind: 'unconfirmed'; readonly reasons: readonly Reason[] };

/** Versions that a ruleset's history shows after a given one, oldest first. Actor ids are GitHub's numeric ids. */
export type RulesetVersion = {
  readonly id: number;
  readonly actorId: number | null;
  readonly actorType: string | null;
  readonly at: string;
};
export type ReadHistory =
  | { readonly kind: 'ok'; readonly versions: readonly RulesetVersion[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/**
 * Protection of branches, read and edited. Nothing here can write more than one review field or one bypass entry,
 * and nothing can write without a proof of the lease.
 */
export type ProtectionPort = {
  /** Both kinds of protection: two requests and one for each ruleset (one more to prove that no classic rule is there). */
  read(branch: string): Promise<ReadProtection>;
  /** Only the rule that `edit` names, by its own id, whether it still covers the branch or not: one request. */
  readTarget(edit: Edit, branch: string): Promise<ReadTarget>;
  /**
   * Makes the edit: one request (node ids of actors may be looked up before it). `on` is the snapshot that it was
   * planned on; an edit that met another classic rule than that is taken back at once and refused. Never retried.
   */
  relax(edit: Edit, on: ProtectionSnapshot, proof: LeaseProof): Promise<WriteResult>;
  /**
   * Undoes the edit on the rule as it is now, as `planUndo` worked out: one request, and for a ruleset one or two more
   * afterwards that look for a change in between. Never retried.
   */
  restore(undo: UndoWrite, proof: RestoreProof): Promise<WriteResult>;
  /** History of a repository ruleset, newest page: one request. */
  history(rulesetId: number): Promise<ReadHistory>;
};

/** What restoring writes: the rule as it must be read back, of which only the edited part is sent. */
export type UndoWrite = { readonly edit: Edit; readonly branch: string; readonly target: EditTarget };
