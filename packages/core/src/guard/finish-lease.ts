import type { Reason } from '../kernel/index.ts';
import type { AuditFacts, HeldLease, LeasePort, LedgerPort, RestoreProof } from '../ledger/index.ts';
import {
  closeWindow,
  differences,
  leaseContentSchema,
  type Closed,
  type Difference,
  type LeaseContent,
  type ProtectionPort,
} from '../protection/index.ts';

export type FinishPorts = {
  readonly protection: ProtectionPort;
  readonly leases: LeasePort;
  readonly ledger: LedgerPort;
  /** Waits; several attempts are made when GitHub does not answer. */
  readonly sleep: (ms: number) => Promise<void>;
};

/**
 * How an open lease ended.
 *
 * - `clean`: the protection is the snapshot, and nothing of ours was open;
 * - `restored`: ours was open and was undone, and the protection is the snapshot;
 * - `changed`: nothing of ours is open, but others changed the protection since;
 * - `open`: ours may be open still. The lease stays, and the next run tries again.
 */
export type FinishedLease = {
  readonly branch: string;
  readonly pr: number;
  readonly runId: number;
  readonly outcome: 'clean' | 'restored' | 'changed' | 'open';
  readonly reasons: readonly Reason[];
  /** How the protection differs from the snapshot in the end. */
  readonly foreign: readonly Difference[];
  readonly released: boolean;
};

/**
 * Finishes a lease whose holder did not: restores, reads back, records, releases. The lease goes only when nothing of
 * ours is left; a ledger that can not be written is a reason, but does not keep the branch blocked.
 */
export async function finishLease(ports: FinishPorts, held: HeldLease<RestoreProof>): Promise<FinishedLease> {
  const { branch, pr, runId } = held.lease.claims;
  const content = leaseContentSchema.safeParse(held.lease.content);
  const subject = { branch, pr, runId };
  if (!content.success) {
    const message = `the lease on ${branch} holds what this release does not understand: ${content.error.issues[0]?.message ?? ''}`;
    return {
      ...subject,
      outcome: 'open',
      reasons: [{ code: 'lease_unsupported', message, subject: branch }],
      foreign: [],
      released: false,
    };
  }
  const closed = await close(ports, held, content.data);
  const ended =
    closed.kind === 'open'
      ? ({ outcome: 'open', reasons: closed.reasons, foreign: [] } as const)
      : await verify(ports, content.data, closed);
  const recorded = await ports.ledger.append([factsOf(held, content.data, ended)]);
  const reasons = recorded.kind === 'refused' ? [...ended.reasons, ...recorded.reasons] : ended.reasons;
  if (ended.outcome === 'open') return { ...subject, ...ended, reasons, released: false };
  const release = await ports.leases.release(held);
  return {
    ...subject,
    ...ended,
    reasons: release.kind === 'left' ? [...reasons, release.reason] : reasons,
    released: release.kind === 'released',
  };
}

type Ended = Pick<FinishedLease, 'outcome' | 'reasons' | 'foreign'>;

async function close(
  ports: FinishPorts,
  held: HeldLease<RestoreProof>,
  { snapshot, edit }: LeaseContent,
): Promise<Closed> {
  if (edit === null) return { kind: 'closed', wrote: false, foreign: [], reasons: [] };
  const pause = (attempt: number): Promise<void> => ports.sleep(250 * 2 ** attempt);
  return closeWindow(ports.protection, snapshot, edit, held.proof, { pause });
}

async function verify(
  ports: FinishPorts,
  { snapshot }: LeaseContent,
  closed: Extract<Closed, { kind: 'closed' }>,
): Promise<Ended> {
  const live = await ports.protection.read(snapshot.branch);
  if (live.kind === 'refused') {
    const message = `the protection of ${snapshot.branch} could not be read back`;
    return { outcome: 'open', reasons: [{ code: 'restore_unconfirmed', message }, ...live.reasons], foreign: [] };
  }
  const foreign = differences(snapshot, live.snapshot);
  if (foreign.length === 0) return { outcome: closed.wrote ? 'restored' : 'clean', reasons: [], foreign };
  const paths = foreign.map(({ path }) => path).join(', ');
  const message = `the protection of ${snapshot.branch} is not what it was before the merge, by somebody else's doing: ${paths}`;
  return {
    outcome: 'changed',
    reasons: [...closed.reasons, { code: 'protection_changed', message, subject: snapshot.branch }],
    foreign,
  };
}

const RESULTS = { clean: 'done', restored: 'done', changed: 'hold', open: 'fail' } as const;

function factsOf({ lease }: HeldLease<RestoreProof>, content: LeaseContent, ended: Ended): AuditFacts {
  const { pr, headSha, branch } = lease.claims;
  return {
    stage: 'restore',
    result: RESULTS[ended.outcome],
    reasons: [...new Set(ended.reasons.map(({ code }) => code))],
    ctx: {
      ...content.note,
      pr,
      sha: headSha,
      base: branch,
      outcome: ended.outcome,
      by: 'protection-guard',
      changed: ended.foreign.map(({ path }) => path),
    },
  };
}
