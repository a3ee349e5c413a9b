import { createHash } from 'node:crypto';

/** Line and column, both counted from 1; columns in UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number };

/** From `line:column` (inclusive) to `endLine:endColumn` (exclusive), as in SARIF. */
export type Range = Position & { readonly endLine: number; readonly endColumn: number };

export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Another place that a finding speaks of, such as the first of two duplicates. */
export type RelatedPlace = { readonly message: string; readonly file: string; readonly range?: Range };

/**
 * One thing that is wrong, in the one shape that every stage writes and every renderer reads.
 * `message` says what is wrong and why it matters; `help` says what to write instead.
 */
export type Finding = {
  /** Rule id: `area/name`, such as `promtool/syntax` or `heartbeat/range`. It has a docs page. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  /** Path relative to the repository root; absent when the finding is about no file (a missing tool). */
  readonly file?: string;
  readonly range?: Range;
  readonly related?: readonly RelatedPlace[];
  /** Stable across line shifts: 16 hex digits over rule, file and subject. */
  readonly fingerprint: string;
};

/** What a finding is made from: `subject` names the thing found, independent of its line. */
export type FindingSpec = Omit<Finding, 'fingerprint'> & {
  /** Identity of the thing found within its file (`group/rule`, a series, an excerpt). */
  readonly subject: string;
};

/** Makes a finding; its fingerprint covers rule, file and subject, never the position or the wording. */
export function finding(spec: FindingSpec): Finding {
  const { subject, ...rest } = spec;
  const identity = JSON.stringify([spec.rule, spec.file ?? '', subject]);
  return { ...rest, fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 16) };
}

/**
 * Orders findings by file, line, column, rule and message, and drops exact repetitions.
 * Findings without a file come first.
 */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const keyed = findings.map((item) => ({ item, key: sortKey(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.filter((entry, index) => entry.key !== keyed[index - 1]?.key).map((entry) => entry.item);
}

function sortKey({ file, range, rule, message, severity }: Finding): string {
  const number = (value: number | undefined): string => String(value ?? 0).padStart(9, '0');
  return [file ?? '', number(range?.line), number(range?.column), rule, message, severity].join('\u0000');
}
