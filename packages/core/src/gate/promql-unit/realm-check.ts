import { finding, type Finding } from '../../kernel/index.ts';
import { parsePromql, selectorsOf } from '../../promql/index.ts';
import type { Rule } from '../../rules/index.ts';
import { inputLabels, inputNames } from './static-checks.ts';
import type { TestFile, TestGroup } from './test-file.ts';

/**
 * Input series without the realm label although a rule selects by it: such a series never matches, and the test
 * proves something else than it says.
 */
export function checkRealm(file: TestFile, group: TestGroup, closure: readonly Rule[], label: string): Finding[] {
  const readByRealm = new Set(
    closure.flatMap((rule) =>
      selectorsOf(parsePromql(rule.expr.value).root).flatMap(({ name, matchers }) =>
        name !== undefined && matchers.some((matcher) => matcher.label === label) ? [name] : [],
      ),
    ),
  );
  return group.series.flatMap((series) => {
    const [name] = inputNames({ ...group, series: [series] });
    if (name === undefined || !readByRealm.has(name) || inputLabels(series.value).includes(label)) return [];
    return [
      finding({
        rule: 'unit/realm-label',
        severity: 'error',
        message: `the input series ${series.value} lacks the label ${label}, by which the rules select it`,
        help: `Write ${name}{${label}="\${REALM}", ...}; \${REALM} becomes the realm of the run.`,
        file: file.path,
        range: series.range,
        subject: `${group.name}/${series.value}`,
      }),
    ];
  });
}
