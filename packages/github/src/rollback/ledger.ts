import { verifyChain, type LedgerPort } from '@obsgate/core/ledger';
import type { LedgerFacts } from '@obsgate/core/rollback';

const FIRST_PREV = /^\{.*"prev":"([0-9a-f]{64})"\}/;

/** This month's entries and the last month's, as far as the caps and rests of a rollback reach back. */
export async function readLedger(ledger: LedgerPort, now: number): Promise<LedgerFacts> {
  const months = [monthBefore(now), new Date(now).toISOString().slice(0, 7)];
  const reads = await Promise.all(months.map((month) => ledger.readMonth(month)));
  const refused = reads.flatMap((read) => (read.kind === 'refused' ? read.reasons : []));
  if (refused.length > 0) return { kind: 'unreadable', reasons: refused };
  const files = reads.flatMap((read, index) =>
    read.kind === 'ok' && read.text !== undefined ? [{ path: `audit/${months[index]}.ndjson`, text: read.text }] : [],
  );
  // The chain goes on from months that are not read: its first link is taken as it stands.
  const start = FIRST_PREV.exec(files[0]?.text ?? '')?.[1];
  const chain = verifyChain(files, start);
  return chain.kind === 'ok'
    ? { kind: 'read', entries: chain.entries }
    : { kind: 'unreadable', reasons: [chain.reason] };
}

function monthBefore(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
