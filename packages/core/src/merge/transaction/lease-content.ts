import type { Edit, ProtectionSnapshot } from '../../protection/index.ts';

/** What is sealed in a lease: everything that restoring needs when this process is gone. */
export type LeaseContent = {
  readonly schema: 'obsgate.lease/1';
  readonly snapshot: ProtectionSnapshot;
  /** Null: the merge changes no protection, and the lease only keeps others away. */
  readonly edit: Edit | null;
};

export function leaseContent(snapshot: ProtectionSnapshot, edit: Edit | null): LeaseContent {
  return { schema: 'obsgate.lease/1', snapshot, edit };
}
