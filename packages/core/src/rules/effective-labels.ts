import type { MapEntry, Rule } from './model.ts';

/** The labels that a rule adds: its group's, overridden by its own. */
export function effectiveLabels(rule: Rule): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const add = ({ key, value }: MapEntry): unknown => labels.set(key.value, value.value);
  rule.group.labels.forEach(add);
  rule.labels.forEach(add);
  return labels;
}

/** A rule's name and labels as one text: equal for two rules that Prometheus cannot tell apart. */
export function ruleIdentity(rule: Rule): string {
  const labels = rule.labels.length + rule.group.labels.length === 0 ? [] : [...effectiveLabels(rule)];
  return JSON.stringify([rule.kind, rule.name.value, labels.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]);
}
