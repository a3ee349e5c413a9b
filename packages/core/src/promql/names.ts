import type { PromqlNode, Selector } from './model.ts';
import { matcherMatches } from './matcher.ts';
import { selectorsOf } from './walk.ts';

/**
 * The metric names that an expression reads. `'any'` when a selector does not name its metric
 * (`{job="x"}`, `{__name__=~"..."}`), so that every name may be meant.
 */
export function metricNames(root: PromqlNode): ReadonlySet<string> | 'any' {
  const names = new Set<string>();
  for (const selector of selectorsOf(root)) {
    if (selector.name === undefined) return 'any';
    names.add(selector.name);
  }
  return names;
}

/** Whether the selector may select a metric of this name, judged by the name alone. */
export function mayReadMetric(selector: Selector, name: string): boolean {
  if (selector.name !== undefined) return selector.name === name;
  return selector.matchers.every((matcher) => matcher.label !== '__name__' || matcherMatches(matcher, name) !== false);
}
