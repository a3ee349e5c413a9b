import type { Duration, Finding, Range, SourceText } from '../kernel/index.ts';

/** A value together with the place where it is written. */
export type Located<T> = { readonly value: T; readonly range: Range };

/**
 * A YAML scalar's decoded text and the way back to the file: `rangeOf(start, end)` maps offsets in `value`
 * (UTF-16 code units, end exclusive) to the range of the source that produced them, whatever the scalar's
 * style (plain, quoted, literal or folded block, multi-line).
 */
export type ScalarText = {
  readonly value: string;
  readonly range: Range;
  rangeOf(start: number, end: number): Range;
};

/** One entry of a `labels:` or `annotations:` map. */
export type MapEntry = { readonly key: Located<string>; readonly value: ScalarText };

type RuleCommon = {
  readonly file: RuleFile;
  readonly group: RuleGroup;
  /** Position in its group, from 0. */
  readonly index: number;
  readonly name: Located<string>;
  readonly expr: ScalarText;
  readonly labels: readonly MapEntry[];
  /** The whole rule, from its first key to the end of its last value. */
  readonly range: Range;
};

/** A rule with `record:`. */
export type RecordingRule = RuleCommon & { readonly kind: 'recording' };

/** A rule with `alert:`. */
export type AlertingRule = RuleCommon & {
  readonly kind: 'alerting';
  readonly for: Located<Duration> | undefined;
  readonly keepFiringFor: Located<Duration> | undefined;
  readonly annotations: readonly MapEntry[];
};

export type Rule = RecordingRule | AlertingRule;

export type RuleGroup = {
  readonly file: RuleFile;
  readonly name: Located<string>;
  /** Absent: the global `evaluation_interval` holds. */
  readonly interval: Located<Duration> | undefined;
  readonly queryOffset: Located<Duration> | undefined;
  /** Most series or alerts that a rule of the group may produce; 0 is no limit. */
  readonly limit: Located<number> | undefined;
  /** Group labels (Prometheus 3.0 and later), added to each rule unless the rule sets the same label. */
  readonly labels: readonly MapEntry[];
  readonly rules: readonly Rule[];
  readonly range: Range;
};

/**
 * One file of rules as far as it could be read. What could not be read is in `findings`, never dropped:
 * a file with error findings may hold fewer groups than its text.
 */
export type RuleFile = {
  /** Path relative to the repository root. */
  readonly path: string;
  readonly source: SourceText;
  /** `prometheus`: a plain rule file. `crd`: one or more `kind: PrometheusRule` objects. */
  readonly format: 'prometheus' | 'crd';
  readonly groups: readonly RuleGroup[];
  readonly findings: readonly Finding[];
  /** Comments of the file, for `# obsgate: disable=...`. */
  readonly comments: readonly Located<string>[];
};

/** Every rule of the files, in file and group order. */
export function allRules(files: readonly RuleFile[]): Rule[] {
  return files.flatMap((file) => file.groups.flatMap((group) => group.rules));
}

/** The label's value as written on the rule, or on its group, or undefined. */
export function staticLabel(rule: Rule, label: string): ScalarText | undefined {
  const own = rule.labels.find((entry) => entry.key.value === label);
  return (own ?? rule.group.labels.find((entry) => entry.key.value === label))?.value;
}
