import { metricNames, parsePromql } from '../../promql/index.ts';
import type { Rule, RuleGroup } from '../../rules/index.ts';

/**
 * How the groups of some rules depend on each other. promtool evaluates groups in no fixed order, so a test whose rules
 * span groups passes or fails by chance unless `group_eval_order` names them in order of dependency.
 */
export type GroupOrder =
  /** No rule reads a series that another group records. */
  | { readonly kind: 'independent' }
  | { readonly kind: 'ordered'; readonly groups: readonly string[]; readonly example: CrossGroupRead }
  /** The groups read each other, or two have the same name: no order is right. */
  | { readonly kind: 'unordered'; readonly why: string; readonly example: CrossGroupRead };

/** One rule that reads what a rule of another group records. */
export type CrossGroupRead = { readonly reader: Rule; readonly source: Rule };

export function groupOrder(rules: readonly Rule[]): GroupOrder {
  const reads = crossGroupReads(rules);
  const [example] = reads;
  if (example === undefined) return { kind: 'independent' };
  const groups = [...new Set(rules.map(({ group }) => group))];
  const names = groups.map(({ name }) => name.value);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    return { kind: 'unordered', why: `two groups are named ${JSON.stringify(repeated)}`, example };
  const sources = new Map<RuleGroup, Set<RuleGroup>>(groups.map((group) => [group, new Set()]));
  for (const { reader, source } of reads) sources.get(reader.group)?.add(source.group);
  const ordered: RuleGroup[] = [];
  while (ordered.length < groups.length) {
    const next = groups.find(
      (group) =>
        !ordered.includes(group) && [...(sources.get(group) ?? [])].every((source) => ordered.includes(source)),
    );
    if (next === undefined) return { kind: 'unordered', why: 'the groups read each other in a circle', example };
    ordered.push(next);
  }
  return { kind: 'ordered', groups: ordered.map(({ name }) => name.value), example };
}

function crossGroupReads(rules: readonly Rule[]): CrossGroupRead[] {
  const recorded = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.kind === 'recording') recorded.set(rule.name.value, [...(recorded.get(rule.name.value) ?? []), rule]);
  }
  return rules.flatMap((reader) => {
    const names = metricNames(parsePromql(reader.expr.value).root);
    if (names === 'any') return [];
    return [...names].flatMap((name) =>
      (recorded.get(name) ?? [])
        .filter((source) => source.group !== reader.group)
        .map((source) => ({ reader, source })),
    );
  });
}
