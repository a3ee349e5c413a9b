import type { Reason } from '../kernel/index.ts';
import type { AuditEntry, AuditFacts } from './entry.ts';

export type AppendResult =
  | { readonly kind: 'appended'; readonly entries: readonly AuditEntry[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** The append-only audit trail. Entries of one call go in one write, in order (two requests when nobody else writes). */
export type LedgerPort = {
  append(facts: readonly AuditFacts[]): Promise<AppendResult>;
  /** The text of one month (`2026-11`), undefined when there is none. */
  readMonth(
    month: string,
  ): Promise<
    | { readonly kind: 'ok'; readonly text: string | undefined }
    | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }
  >;
};
