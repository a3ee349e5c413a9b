import { createHash } from 'node:crypto';
import type { Reason } from '../kernel/index.ts';
import { auditEntrySchema, type AuditEntry } from './entry.ts';

/** `prev` of the very first entry. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 (hex) of one line, without its line end. */
export function lineHash(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** Path of a month's file for a time in RFC 3339, UTC: `audit/2026-11.ndjson`. */
export function ledgerPath(ts: string): string {
  return `audit/${ts.slice(0, 7)}.ndjson`;
}

/** The file with the entries appended, each chained to the line before it. `head`: hash of the last line of all. */
export function appendEntries(
  text: string,
  head: string,
  entries: readonly Omit<AuditEntry, 'prev'>[],
): { readonly text: string; readonly head: string; readonly entries: readonly AuditEntry[] } {
  const chained: AuditEntry[] = [];
  // A file that does not end with a line end was cut off or written by hand: the next entry begins a line of its own.
  let result = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  let prev = head;
  for (const entry of entries) {
    const next = { ...entry, prev };
    const line = JSON.stringify(next);
    chained.push(next);
    prev = lineHash(line);
    result += `${line}\n`;
  }
  return { text: result, head: prev, entries: chained };
}

/** Hash of the last line of a file, undefined for a file without lines. */
export function headOf(text: string): string | undefined {
  const last = linesOf(text).at(-1);
  return last === undefined ? undefined : lineHash(last);
}

export type Chain =
  | { readonly kind: 'ok'; readonly entries: readonly AuditEntry[]; readonly head: string }
  | { readonly kind: 'broken'; readonly reason: Reason };

/**
 * Reads files in order of their months and checks every link. `start` is what the first line's `prev` must be: the
 * chain's start, or the head of the month before the first one given.
 */
export function verifyChain(
  files: readonly { readonly path: string; readonly text: string }[],
  start: string = CHAIN_START,
): Chain {
  const entries: AuditEntry[] = [];
  let head = start;
  for (const { path, text } of files) {
    for (const [index, line] of linesOf(text).entries()) {
      const entry = readLine(line);
      const place = `${path}:${index + 1}`;
      if (entry === undefined) return broken(place, 'is no entry of the ledger');
      if (entry.prev !== head)
        return broken(place, `says that the line before it is ${entry.prev}, but that is ${head}`);
      if (ledgerPath(entry.ts) > path) return broken(place, `is of ${entry.ts}, later than its file`);
      entries.push(entry);
      head = lineHash(line);
    }
  }
  return { kind: 'ok', entries, head };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function readLine(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function broken(subject: string, what: string): Chain {
  return { kind: 'broken', reason: { code: 'ledger_broken', message: `${subject} ${what}`, subject } };
}
