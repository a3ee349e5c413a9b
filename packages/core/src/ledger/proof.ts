import type { LeaseClaims } from './claims.ts';

declare const minted: unique symbol;

/**
 * That this process holds the lease on a branch. Functions that change protection take it as an argument: without the
 * lease there is nothing to call them with. Only the lease adapter can mint one (`@obsgate/core/ledger/mint`).
 *
 * A `relax` proof permits the edit and its undoing; a `restore` proof, which a taken-over or resumed lease gives,
 * permits the undoing alone.
 */
export type Proof<Purpose extends 'relax' | 'restore'> = {
  readonly [minted]: true;
  readonly purpose: Purpose;
  readonly claims: LeaseClaims;
  /** The commit that the lease's ref pointed at when the proof was minted. */
  readonly sha: string;
};

export type LeaseProof = Proof<'relax'>;
export type RestoreProof = Proof<'relax'> | Proof<'restore'>;
