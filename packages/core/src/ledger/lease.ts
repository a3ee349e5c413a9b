import type { Reason } from '../kernel/index.ts';
import type { LeaseClaims } from './claims.ts';
import type { LeaseProof, Proof, RestoreProof } from './proof.ts';

/** An opened lease: the claims and what was sealed with them, of whatever type the caller's schema reads. */
export type Lease = { readonly claims: LeaseClaims; readonly content: unknown };

/** A lease that this process holds. */
export type HeldLease<P extends Proof<'relax' | 'restore'> = LeaseProof> = {
  readonly ref: string;
  readonly sha: string;
  readonly lease: Lease;
  readonly proof: P;
};

/** A lease of somebody else whose content could be opened: it has to be taken over and finished. */
export type StaleLease = {
  readonly ref: string;
  readonly sha: string;
  readonly treeSha: string;
  readonly lease: Lease;
};

export type LeaseRequest = {
  readonly claims: LeaseClaims;
  /** JSON that is sealed: what is needed to restore the protection. Written before anything is changed. */
  readonly content: unknown;
  /** Any tree of the repository, as that of the base branch's tip; saves a request. */
  readonly treeSha?: string;
};

export type AcquireResult =
  | { readonly kind: 'acquired'; readonly held: HeldLease }
  /** Somebody else is at work on the branch. */
  | { readonly kind: 'held'; readonly claims: LeaseClaims; readonly sha: string; readonly reason: Reason }
  /** The lease has expired: take it over, restore, release, and acquire again. */
  | { readonly kind: 'stale'; readonly stale: StaleLease; readonly reason: Reason }
  /** Not acquired: a lease stands in the way that cannot be opened, or GitHub refused. */
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type LeaseReading =
  | { readonly kind: 'none' }
  /** A lease of this very run, as the post step finds it when main did not get to its end. */
  | { readonly kind: 'ours'; readonly held: HeldLease<RestoreProof> }
  /** Not expired. `stale` lets a caller who knows that the run has ended take it over all the same. */
  | { readonly kind: 'held'; readonly stale: StaleLease }
  | { readonly kind: 'stale'; readonly stale: StaleLease }
  | { readonly kind: 'unreadable'; readonly ref: string; readonly sha: string; readonly reasons: readonly Reason[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type TakeOverResult =
  | { readonly kind: 'taken'; readonly held: HeldLease<RestoreProof> }
  /** Somebody else was faster, or the holder released it. */
  | { readonly kind: 'lost'; readonly reason: Reason }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type ReleaseResult =
  | { readonly kind: 'released' }
  /** Left for the guard: expired, taken over, or GitHub did not answer. */
  | { readonly kind: 'left'; readonly reason: Reason };

/** The lease on a base branch: at most one, claimed by the atomic creation of a ref. */
export type LeasePort = {
  /** Two requests (three without `treeSha`) when the branch is free. */
  acquire(request: LeaseRequest): Promise<AcquireResult>;
  /** Two requests when there is a lease, one when there is none. */
  read(branch: string): Promise<LeaseReading>;
  /** Every lease of the repository, each read as {@link read} does; but for the one at the commit `except`. */
  list(except?: string): Promise<readonly LeaseReading[]>;
  /** Compare-and-swap onto the stale lease: of two that try, one wins. Gives a proof for restoring alone. */
  takeOver(stale: StaleLease): Promise<TakeOverResult>;
  /** One request. Nothing is deleted when the lease has expired or is about to: it may be somebody else's by then. */
  release(held: HeldLease<RestoreProof>): Promise<ReleaseResult>;
};
