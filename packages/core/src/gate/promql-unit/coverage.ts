import { parsePromql, selectorsOf } from '../../promql/index.ts';
import type { Rule } from '../../rules/index.ts';
import type { GroupResult } from './run-group.ts';

/**
 * The rules that a passed test asserts by name with something expected: an alert that fires, a recorded series with
 * a value. A rule that is only on the way to another's result is not covered by it.
 */
export function coveredRules(results: readonly GroupResult[], rules: readonly Rule[]): Set<Rule> {
  const alerts = new Set<string>();
  const series = new Set<string>();
  for (const { prepared, report } of results) {
    if (report.outcome !== 'pass') continue;
    for (const assertion of prepared.group.assertions) {
      if (assertion.expected === 'empty') continue;
      if (assertion.kind === 'alert') alerts.add(assertion.alertname.value);
      else
        for (const { name } of selectorsOf(parsePromql(assertion.expr.value).root))
          if (name !== undefined) series.add(name);
    }
  }
  return new Set(rules.filter((rule) => (rule.kind === 'alerting' ? alerts : series).has(rule.name.value)));
}
