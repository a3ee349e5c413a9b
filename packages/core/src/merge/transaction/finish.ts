import * as z from 'zod';
import type { Reason } from '../../kernel/index.ts';
import type { HeldLease, LeasePort, RestoreProof } from '../../ledger/index.ts';
import {
  applyEdit,
  planUndo,
  sameTarget,
  targetOf,
  type Edit,
  type ProtectionPort,
  type ProtectionSnapshot,
} from '../../protection/index.ts';
import type { LeaseContent } from './lease-content.ts';
import type { Clock } from './model.ts';

export type FinishPorts = {
  readonly protection: ProtectionPort;
  readonly lease: LeasePort;
  readonly clock: Clock;
};

export type Finished = {
  /** `clean`: nothing of the lease's edit was open. `open`: it may still be. */
  readonly kind: 'restored' | 'clean' | 'open';
  readonly released: boolean;
  readonly content: LeaseContent | null;
  readonly reasons: readonly Reason[];
};

const PAUSES_MS = [0, 200, 800, 1500];

/** Only this process's own sealed content is read here; the seal has proved that it is ours, this that it is whole. */
const contentSchema = z.looseObject({
  schema: z.literal('obsgate.lease/1'),
  snapshot: z.looseObject({ schema: z.literal('obsgate.protection/1'), branch: z.string() }),
  edit: z.looseObject({ kind: z.string() }).nullable(),
});

/**
 * Finishes what a run left behind: takes its edit back on the rule as it is now, and gives the lease up once nothing of
 * it is open. What others changed stays.
 */
export async function finishLease(held: HeldLease<RestoreProof>, ports: FinishPorts): Promise<Finished> {
  const content = readContent(held.lease.content);
  if (content === undefined) {
    const reason: Reason = { code: 'lease_truncated', message: 'the lease holds no snapshot', subject: held.ref };
    return { kind: 'open', released: false, content: null, reasons: [reason] };
  }
  const undone = content.edit === null ? CLEAN : await undo(content.snapshot, content.edit, held, ports);
  if (undone.kind === 'open') return { ...undone, released: false, content };
  const released = await ports.lease.release(held);
  const reasons = released.kind === 'released' ? undone.reasons : [...undone.reasons, released.reason];
  return { kind: undone.kind, released: released.kind === 'released', content, reasons };
}

type Undone = { readonly kind: Finished['kind']; readonly reasons: readonly Reason[] };
const CLEAN: Undone = { kind: 'clean', reasons: [] };

async function undo(
  snapshot: ProtectionSnapshot,
  edit: Edit,
  held: HeldLease<RestoreProof>,
  ports: FinishPorts,
): Promise<Undone> {
  let last: readonly Reason[] = [];
  for (const pause of PAUSES_MS) {
    if (pause > 0) await ports.clock.sleep(pause);
    const tried = await tryUndo(snapshot, edit, held, ports.protection);
    if (tried.kind !== 'open') return tried;
    last = tried.reasons;
  }
  return { kind: 'open', reasons: last };
}

async function tryUndo(
  snapshot: ProtectionSnapshot,
  edit: Edit,
  held: HeldLease<RestoreProof>,
  protection: ProtectionPort,
): Promise<Undone> {
  const { branch } = snapshot;
  const read = await protection.readTarget(edit, branch);
  if (read.kind === 'refused') return { kind: 'open', reasons: read.reasons };
  const relaxed = applyEdit(snapshot, edit) ?? snapshot;
  const state = { before: targetOf(snapshot, edit), written: targetOf(relaxed, edit), live: read.target };
  const plan = planUndo(edit, branch, state);
  if (plan.kind === 'stopped') return { kind: plan.left === 'nothing' ? 'clean' : 'open', reasons: [plan.reason] };
  if (plan.kind === 'nothing') return CLEAN;
  const written = await protection.restore(plan.undo, held.proof);
  if (written.kind !== 'written') return { kind: 'open', reasons: written.reasons };
  if (sameTarget(written.target, plan.undo.target)) return { kind: 'restored', reasons: [] };
  const message = 'the rule is not what restoring should have made of it';
  return { kind: 'open', reasons: [{ code: 'protection_changed', message, subject: branch }] };
}

function readContent(content: unknown): LeaseContent | undefined {
  const result = contentSchema.safeParse(content);
  // The seal proves that the rest is what this program wrote.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return result.success ? (content as LeaseContent) : undefined;
}
