import * as z from 'zod';
import { REASON_CODES } from '../kernel/index.ts';

export const AUDIT_STAGES = ['gate', 'merge', 'relax', 'restore', 'watch', 'rollback', 'learning', 'l4'] as const;
export const AUDIT_RESULTS = ['pass', 'fail', 'hold', 'breach', 'error', 'skip', 'done'] as const;

const context = z.looseObject({
  pr: z.int().positive().optional(),
  sha: z.string().optional(),
  base: z.string().optional(),
  scenario: z.string().optional(),
  rung: z.string().optional(),
  window_ms: z.number().nonnegative().optional(),
});

const run = z.strictObject({ id: z.int().nonnegative(), attempt: z.int().positive(), url: z.string() });

/** One line of the ledger. `prev` is the SHA-256 (hex) of the line before it; the first line of all has zeros. */
export const auditEntrySchema = z.strictObject({
  schema: z.literal('obsgate.audit/1'),
  id: z.string().min(1),
  ts: z.iso.datetime(),
  stage: z.enum(AUDIT_STAGES),
  result: z.enum(AUDIT_RESULTS),
  reasons: z.array(z.enum(REASON_CODES)),
  actor: z.string(),
  run,
  ctx: context,
  prev: z.string().regex(/^[0-9a-f]{64}$/),
});

export type AuditEntry = Readonly<z.infer<typeof auditEntrySchema>>;

/** What a caller says happened; identity, time, run and chain are added where it is written. `ts` overrides the time. */
export type AuditFacts = Pick<AuditEntry, 'stage' | 'result' | 'reasons' | 'ctx'> & {
  readonly actor?: string;
  readonly ts?: string;
};
