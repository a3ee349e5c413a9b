import { finding, nearest, type Finding, type Range } from '../../kernel/index.ts';
import { metricNames, parsePromql, selectorsOf, walk } from '../../promql/index.ts';
import type { Rule } from '../../rules/index.ts';
import type { AlertAssertion, ExprAssertion, TestFile, TestGroup } from './test-file.ts';

/** What a test group is judged against. */
export type GroupContext = {
  readonly file: TestFile;
  readonly group: TestGroup;
  /** Every rule of the test file's rule files. */
  readonly rules: readonly Rule[];
  /** The rules that the group's assertions depend on. */
  readonly closure: readonly Rule[];
};

const BUILT_IN_SERIES = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

/** What is wrong with a whole test file, before its groups are looked at. */
export function checkTestFile(file: TestFile): Finding[] {
  if (file.findings.some(({ severity }) => severity === 'error') || file.groups.length > 0) return [];
  return [
    issue(file, 'unit/no-tests', undefined, 'the file holds no test: promtool reports success and proves nothing', {
      help: 'Write at least one entry below tests:, or delete the file.',
    }),
  ];
}

/** Test groups that promtool passes although they prove nothing. */
export function checkTestGroup(context: GroupContext): Finding[] {
  const { file, group } = context;
  if (group.assertions.length === 0) {
    const message = `${group.name} asserts nothing: promtool passes it whatever the rules say`;
    const help = 'Add an alert_rule_test or a promql_expr_test with what must come out.';
    return [issue(file, 'unit/no-assertions', group.range, message, { help, subject: group.name })];
  }
  if (group.series.length === 0 && group.assertions.every(({ expected }) => expected === 'empty')) {
    const message = `${group.name} has no input series and expects nothing: it passes whatever the rules say`;
    const help = 'Add input_series that make the rule fire, or that keep it from firing.';
    return [issue(file, 'unit/no-input', group.range, message, { help, subject: group.name })];
  }
  return group.assertions.flatMap((assertion) =>
    assertion.kind === 'alert' ? checkAlert(assertion, context) : checkExpr(assertion, context),
  );
}

function checkAlert(assertion: AlertAssertion, context: GroupContext): Finding[] {
  const { file, rules } = context;
  const name = assertion.alertname.value;
  const alerts = rules.filter((rule) => rule.kind === 'alerting');
  const own = alerts.filter((rule) => rule.name.value === name);
  if (own.length === 0) {
    const near = nearest(
      name,
      alerts.map((rule) => rule.name.value),
    );
    const message = `no rule defines the alert ${JSON.stringify(name)}: with exp_alerts: [] this passes for ever`;
    const help =
      near === undefined ? 'Name an alert of the rule files of this test.' : `Did you mean ${JSON.stringify(near)}?`;
    return [issue(file, 'unit/unknown-alert', assertion.alertname.range, message, { help, subject: name })];
  }
  if (assertion.expected === 'some' || own.some((rule) => readsAbsence(rule)) || hasInput(context)) return [];
  const message = `${JSON.stringify(name)} is expected not to fire, but no input series reaches its expression: it could not fire whatever its threshold`;
  const help = 'Give the series that the expression reads, with values just below the threshold.';
  return [issue(file, 'unit/vacuous', assertion.range, message, { help, subject: `${context.group.name}/${name}` })];
}

function checkExpr(assertion: ExprAssertion, context: GroupContext): Finding[] {
  if (assertion.expected === 'some') return [];
  const recorded = context.rules.filter((rule) => rule.kind === 'recording').map((rule) => rule.name.value);
  const known = new Set([...recorded, ...inputNames(context.group), ...BUILT_IN_SERIES]);
  const unknown = selectorsOf(parsePromql(assertion.expr.value).root).flatMap(({ name }) =>
    name !== undefined && !known.has(name) ? [name] : [],
  );
  return [...new Set(unknown)].map((name) => {
    const near = nearest(name, [...known]);
    const message = `nothing makes the series ${JSON.stringify(name)}: neither a rule nor an input series; with exp_samples: [] this passes for ever`;
    const help =
      near === undefined ? 'Name a series that a rule of this test records.' : `Did you mean ${JSON.stringify(near)}?`;
    return issue(context.file, 'unit/unknown-series', assertion.expr.range, message, { help, subject: name });
  });
}

/** Whether the rule fires on absence: then an empty input is a real test of it. */
function readsAbsence(rule: Rule): boolean {
  let found = false;
  walk(parsePromql(rule.expr.value).root, (node) => {
    if (node.kind === 'call' && (node.name === 'absent' || node.name === 'absent_over_time' || node.name === 'vector'))
      found = true;
  });
  return found;
}

/** Whether any input series is one that the assertions' rules read. */
function hasInput({ group, closure }: GroupContext): boolean {
  const given = new Set(inputNames(group));
  return closure.some((rule) => {
    const names = metricNames(parsePromql(rule.expr.value).root);
    return names === 'any' || [...names].some((name) => given.has(name));
  });
}

/** Metric names of the input series. */
export function inputNames(group: TestGroup): string[] {
  return group.series.flatMap(({ value }) => selectorsOf(parsePromql(value).root).flatMap(({ name }) => name ?? []));
}

/** Every label name that an input series writes. */
export function inputLabels(series: string): string[] {
  return selectorsOf(parsePromql(series).root).flatMap(({ matchers }) => matchers.map(({ label }) => label));
}

function issue(
  file: TestFile,
  rule: string,
  range: Range | undefined,
  message: string,
  more: { readonly help?: string; readonly subject?: string },
): Finding {
  const { help, subject = file.path } = more;
  return finding({
    rule,
    severity: 'error',
    message,
    file: file.path,
    subject,
    ...(range !== undefined && { range }),
    ...(help !== undefined && { help }),
  });
}
