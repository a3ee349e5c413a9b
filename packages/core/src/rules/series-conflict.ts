import { labelFlow, parsePromql, type LabelFlow } from '../promql/index.ts';
import type { Rule } from './model.ts';

/**
 * Whether two recording rules of one name and the same own labels surely write the same series: each writes exactly
 * one, with labels that are known entirely. Otherwise their results may be disjoint, which only a server can tell.
 */
export function surelySameSeries(first: Rule, second: Rule): boolean {
  const labels = onlySeries(labelFlow(parsePromql(first.expr.value).root), first);
  const others = onlySeries(labelFlow(parsePromql(second.expr.value).root), second);
  return labels !== undefined && labels === others;
}

/** The labels of the one series that a rule records, as a text; undefined when there may be several or it is not known. */
function onlySeries({ kind, facts, others }: LabelFlow, rule: Rule): string | undefined {
  if (kind !== 'scalar' && others.presence !== 'never') return undefined;
  const labels = new Map<string, string>();
  for (const [label, { presence, value }] of facts) {
    if (label === '__name__' || presence === 'never') continue;
    if (presence === 'may' || value === undefined) return undefined;
    labels.set(label, value);
  }
  for (const { key, value } of [...rule.group.labels, ...rule.labels]) labels.set(key.value, value.value);
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
