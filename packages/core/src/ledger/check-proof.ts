import type { Reason } from '../kernel/index.ts';
import { isGenuine } from './mint/index.ts';
import type { RestoreProof } from './proof.ts';
import { isExpired } from './seal.ts';

/**
 * What stands against changing rule `ruleId` of `branch` with this proof at `now` (milliseconds); undefined: nothing.
 * Undoing is allowed past the expiry too: nobody else can have begun an edit before this one is undone.
 */
export function checkProof(
  proof: RestoreProof,
  change: {
    readonly purpose: 'relax' | 'restore';
    readonly branch: string;
    readonly ruleId: string;
    readonly now: number;
  },
): Reason | undefined {
  const { claims } = proof;
  if (!isGenuine(proof))
    return { code: 'proof_mismatch', message: 'the proof of the lease was not minted by the lease' };
  if (change.purpose === 'relax' && proof.purpose !== 'relax') {
    return { code: 'proof_mismatch', message: 'a lease that was taken over permits restoring only' };
  }
  if (claims.branch !== change.branch || !claims.ruleIds.includes(change.ruleId)) {
    return {
      code: 'proof_mismatch',
      message: `the lease is for ${claims.ruleIds.join(', ') || 'no rule'} of ${claims.branch}, not for ${change.ruleId} of ${change.branch}`,
    };
  }
  if (change.purpose === 'relax' && isExpired(claims, change.now)) {
    return { code: 'lease_expired', message: `the lease expired at ${claims.expiresAt}` };
  }
  return undefined;
}
