import * as z from 'zod';
import { requireInput } from '../input/index.ts';
import { finding, type Finding } from '../kernel/index.ts';

const entrySchema = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits'),
  rule: z.string().min(1),
  file: z.string().optional(),
  message: z.string().optional(),
});

const baselineSchema = z.strictObject({
  schema: z.literal('obsgate.baseline/1'),
  findings: z.array(entrySchema),
});

/** Findings that the repository had when it began to use the lint, accepted until they are repaired. */
export type Baseline = { readonly path: string; readonly entries: readonly z.infer<typeof entrySchema>[] };

/**
 * Reads a baseline file.
 *
 * @throws ConfigError with `file:line:column` when it is no baseline.
 */
export function parseBaseline(path: string, text: string): Baseline {
  return { path, entries: requireInput(baselineSchema, path, text).findings };
}

/** The text of a baseline that accepts exactly `findings`; the same findings give the same bytes. */
export function formatBaseline(findings: readonly Finding[]): string {
  const entries = findings
    .filter((item) => !item.rule.startsWith('lint/'))
    .map(({ fingerprint, rule, file, message }) => ({
      fingerprint,
      rule,
      ...(file === undefined ? {} : { file }),
      message,
    }))
    .toSorted((a, b) =>
      compare(`${a.file ?? ''}\0${a.rule}\0${a.fingerprint}`, `${b.file ?? ''}\0${b.rule}\0${b.fingerprint}`),
    );
  return `${JSON.stringify({ schema: 'obsgate.baseline/1', findings: entries }, undefined, 2)}\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type BaselineResult = {
  readonly kept: readonly Finding[];
  readonly accepted: number;
  /** One finding for each entry that accepts nothing any more. */
  readonly stale: readonly Finding[];
};

/** Takes away the findings that the baseline accepts; an entry that accepts nothing is reported. */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline): BaselineResult {
  const present = new Set(findings.map((item) => item.fingerprint));
  const known = new Set(baseline.entries.map((entry) => entry.fingerprint));
  const kept = findings.filter((item) => !known.has(item.fingerprint));
  const stale = baseline.entries
    .filter((entry) => !present.has(entry.fingerprint))
    .map((entry) =>
      finding({
        rule: 'lint/baseline-stale',
        severity: 'warning',
        message: `The baseline accepts a finding of \`${entry.rule}\`${entry.file === undefined ? '' : ` in ${entry.file}`} that is gone (${entry.fingerprint}); left in place, it would accept its return.`,
        help: 'Remove the entry, or write the baseline anew.',
        file: baseline.path,
        subject: entry.fingerprint,
      }),
    );
  return { kept, accepted: findings.length - kept.length, stale };
}
