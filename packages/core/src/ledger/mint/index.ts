import type { HeldLease, Lease } from '../lease.ts';
import type { Proof } from '../proof.ts';

/** What the lease adapter saw: the ref, pointing at the commit that carries the lease it sealed or opened itself. */
type Seen = { readonly ref: string; readonly sha: string; readonly lease: Lease };

const genuine = new WeakSet<object>();

/**
 * Mints the proof of a lease that this process holds. To be called by the lease adapter alone, after GitHub confirmed
 * that the ref points at `sha`; the layers are checked for that.
 */
export function mintHeld<P extends 'relax' | 'restore'>(seen: Seen, purpose: P): HeldLease<Proof<P>> {
  const proof = Object.freeze({ purpose, claims: Object.freeze(seen.lease.claims), sha: seen.sha });
  genuine.add(proof);
  // The brand exists for the compiler alone.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ...seen, proof: proof as unknown as Proof<P> };
}

/** Whether the proof was minted here: a look-alike, put together or copied, is not. */
export function isGenuine(proof: object): boolean {
  return genuine.has(proof);
}
