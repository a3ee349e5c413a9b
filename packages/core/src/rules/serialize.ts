import { formatDuration, type Duration, type Range } from '../kernel/index.ts';
import type { MapEntry, Rule, RuleFile, RuleGroup } from './model.ts';

/** A plain rule file that was written from the model, and the way back to the files it came from. */
export type SerializedRules = {
  readonly text: string;
  /** What stands in line `number` (from 1) of the text; undefined for `groups:` and for lines past the end. */
  placeOf(number: number): SerializedPlace | undefined;
};

export type SerializedPlace = {
  readonly file: RuleFile;
  readonly group: RuleGroup;
  readonly rule: Rule | undefined;
  /** Where the line's content is written in `file`. */
  readonly range: Range;
};

type Writer = { readonly lines: string[]; readonly places: (SerializedPlace | undefined)[] };
type Owner = Omit<SerializedPlace, 'range'>;

/**
 * Writes groups as a plain rule file that every version of promtool reads.
 *
 * @param groups - In the order to write; those left without rules are left out.
 * @param keep - Which rules to write; all by default.
 */
export function serializeRules(
  groups: readonly RuleGroup[],
  keep: (rule: Rule) => boolean = () => true,
): SerializedRules {
  const out: Writer = { lines: ['groups:'], places: [undefined] };
  for (const group of groups) {
    const rules = group.rules.filter(keep);
    if (rules.length > 0) writeGroup(out, group, rules);
  }
  if (out.lines.length === 1) out.lines[0] = 'groups: []';
  return { text: `${out.lines.join('\n')}\n`, placeOf: (number) => out.places[number - 1] };
}

/** A rule file, such as one of `PrometheusRule` objects, as a plain rule file. */
export function plainRuleFile(file: RuleFile): string {
  return serializeRules(file.groups).text;
}

function writeGroup(out: Writer, group: RuleGroup, rules: readonly Rule[]): void {
  const owner: Owner = { file: group.file, group, rule: undefined };
  line(out, `  - name: ${quoted(group.name.value)}`, owner, group.name.range);
  duration(out, '    interval', group.interval, owner);
  duration(out, '    query_offset', group.queryOffset, owner);
  if (group.limit !== undefined) line(out, `    limit: ${group.limit.value}`, owner, group.limit.range);
  entries(out, '    ', 'labels', group.labels, owner, group.range);
  line(out, '    rules:', owner, group.range);
  for (const rule of rules) writeRule(out, rule);
}

function writeRule(out: Writer, rule: Rule): void {
  const owner: Owner = { file: rule.file, group: rule.group, rule };
  line(
    out,
    `      - ${rule.kind === 'alerting' ? 'alert' : 'record'}: ${quoted(rule.name.value)}`,
    owner,
    rule.name.range,
  );
  line(out, `        expr: ${quoted(rule.expr.value)}`, owner, rule.expr.range);
  if (rule.kind === 'alerting') {
    duration(out, '        for', rule.for, owner);
    duration(out, '        keep_firing_for', rule.keepFiringFor, owner);
  }
  entries(out, '        ', 'labels', rule.labels, owner, rule.range);
  if (rule.kind === 'alerting') entries(out, '        ', 'annotations', rule.annotations, owner, rule.range);
}

function duration(
  out: Writer,
  key: string,
  value: { readonly value: Duration; readonly range: Range } | undefined,
  owner: Owner,
): void {
  if (value !== undefined) line(out, `${key}: ${formatDuration(value.value)}`, owner, value.range);
}

function entries(out: Writer, indent: string, key: string, map: readonly MapEntry[], owner: Owner, range: Range): void {
  if (map.length === 0) return;
  line(out, `${indent}${key}:`, owner, map[0]?.key.range ?? range);
  for (const entry of map) {
    line(out, `${indent}  ${quoted(entry.key.value)}: ${quoted(entry.value.value)}`, owner, entry.value.range);
  }
}

function line(out: Writer, text: string, owner: Owner, range: Range): void {
  out.lines.push(text);
  out.places.push({ ...owner, range });
}

/** JSON strings are YAML's double-quoted scalars, once the characters are escaped that YAML does not print. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
