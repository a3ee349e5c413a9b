import { formatDuration, type Duration } from '../../kernel/index.ts';
import type { Rule, RuleFile } from '../../rules/index.ts';
import { expectedLabels } from './compare-rules.ts';

/** Rule files as text that a server loads: JSON, which is YAML too. */
type RuleText = { readonly name: string; readonly interval?: string; readonly rules: readonly object[] };

/** The file's groups as a plain rule file, with the intervals as written. For manifests, which a server cannot read. */
export function plainRuleFile(file: RuleFile): string {
  return groupsText(
    file.groups.map(({ name, interval, rules }) => ({
      name: name.value,
      ...(interval === undefined ? {} : { interval: formatDuration(interval.value) }),
      rules: rules.map(plainRule),
    })),
  );
}

/**
 * The file with every group evaluated at `interval`, so that each rule shows its first result within one interval
 * of the start (Prometheus spreads the first evaluations over it).
 */
export function quickRuleFile(file: RuleFile, interval: Duration): string {
  const quick = { interval: formatDuration(interval) };
  return groupsText(
    file.groups.map(({ name, rules }) => ({ name: name.value, ...quick, rules: rules.map(plainRule) })),
  );
}

/** Interval for {@link quickRuleFile}: evaluating everything must take well under one interval (about 50 µs a rule). */
export function quickInterval(rules: number): Duration {
  return { ms: Math.max(1, Math.ceil(rules / 5000)) * 1000 };
}

export function groupsText(groups: readonly RuleText[]): string {
  return JSON.stringify({ groups });
}

function plainRule(rule: Rule): object {
  const labels = expectedLabels(rule);
  const common = { expr: rule.expr.value, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
  if (rule.kind === 'recording') return { record: rule.name.value, ...common };
  const annotations = Object.fromEntries(rule.annotations.map(({ key, value }) => [key.value, value.value]));
  return {
    alert: rule.name.value,
    ...common,
    ...(rule.for === undefined ? {} : { for: formatDuration(rule.for.value) }),
    ...(rule.keepFiringFor === undefined ? {} : { keep_firing_for: formatDuration(rule.keepFiringFor.value) }),
    ...(rule.annotations.length === 0 ? {} : { annotations }),
  };
}
