import type { Config } from '@obsgate/core/config';
import { parseDuration, type Reason } from '@obsgate/core/kernel';
import { verifyChain, type AuditEntry, type LedgerPort } from '@obsgate/core/ledger';
import {
  evaluateGates,
  planMerge,
  type Clock,
  type MergePlan,
  type MergeRequest,
  type Merger,
  type PullPort,
} from '@obsgate/core/merge';
import type { ProtectionPort } from '@obsgate/core/protection';
import type { GitHubClient } from '../client/index.ts';
import { readMergeFacts } from '../facts/index.ts';

export type PlanPorts = {
  readonly client: GitHubClient;
  readonly protection: Pick<ProtectionPort, 'read'>;
  readonly ledger: Pick<LedgerPort, 'readMonth'>;
  readonly pull: Pick<PullPort, 'read'>;
  readonly clock: Clock;
  readonly merger: Merger;
};

export type PlannedPull =
  | { readonly kind: 'planned'; readonly plan: MergePlan; readonly config: Config }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

const MERGEABLE_PAUSES_MS = [500, 1000, 2000, 3000];

/** Reads everything about one pull request and decides. Changes nothing. */
export async function planPull(request: MergeRequest, ports: PlanPorts): Promise<PlannedPull> {
  const planned = await planOnce(request, ports);
  if (planned.kind === 'refused' || !waitsForMergeable(planned.plan)) return planned;
  return (await mergeableIsKnown(request.pull, ports)) ? planOnce(request, ports) : planned;
}

async function planOnce(request: MergeRequest, ports: PlanPorts): Promise<PlannedPull> {
  const readProtection = async (branch: string): ReturnType<ProtectionPort['read']> => ports.protection.read(branch);
  const read = await readMergeFacts(ports.client, request, { readProtection, now: ports.clock.now });
  if (read.kind === 'refused') return read;
  const { facts, config, rulepacks } = read;
  const first = evaluateGates(facts, rulepacks, config, request);
  const rest = first.pack?.cooldown === undefined ? undefined : parseDuration(first.pack.cooldown);
  // Only a scenario that rests after rollbacks, and only when it would be merged, is worth the ledger.
  const ledger = rest === undefined || first.outcome !== 'pass' ? [] : await entriesSince(rest.ms, ports);
  if (!Array.isArray(ledger)) return ledger;
  const evaluation = ledger.length === 0 ? first : evaluateGates(facts, rulepacks, config, request, ledger);
  return { kind: 'planned', plan: planMerge(facts, evaluation, ports.merger, config.merge.method), config };
}

/** Entries of the months that the time reaches back into. A broken chain could hide a rollback, and is refused. */
async function entriesSince(
  ms: number,
  { ledger, clock }: PlanPorts,
): Promise<AuditEntry[] | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }> {
  const now = clock.now();
  const months = [...new Set([now - ms, now].map((at) => new Date(at).toISOString().slice(0, 7)))];
  const entries: AuditEntry[] = [];
  for (const month of months) {
    // oxlint-disable-next-line no-await-in-loop -- two at the most
    const read = await ledger.readMonth(month);
    if (read.kind === 'refused') return read;
    if (read.text === undefined) continue;
    const start = /"prev":"([0-9a-f]{64})"/.exec(read.text)?.[1];
    const chain = verifyChain([{ path: `audit/${month}.ndjson`, text: read.text }], start);
    if (chain.kind === 'broken') return { kind: 'refused', reasons: [chain.reason] };
    entries.push(...chain.entries);
  }
  return entries;
}

function waitsForMergeable({ outcome, evaluation }: MergePlan): boolean {
  return outcome === 'hold' && evaluation.refusals.every(({ code }) => code === 'mergeable_unknown');
}

/** GitHub computes whether a pull request is mergeable when somebody asks; the first who asks is not told. */
async function mergeableIsKnown(pull: number, ports: PlanPorts): Promise<boolean> {
  for (const pause of MERGEABLE_PAUSES_MS) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await ports.clock.sleep(pause);
    // oxlint-disable-next-line no-await-in-loop
    const read = await ports.pull.read(pull);
    if (read.kind === 'ok' && read.pull.mergeable !== 'unknown') return true;
  }
  return false;
}
