import { describe, expect, test } from 'vitest';
import { runStage, type StageRun } from './run-stage.ts';
import { toolsForTests } from '../stand/tools.ts';

const { servers, missing } = await toolsForTests();
if (servers.length === 0) process.stderr.write(`the unit-test stage is not tested: ${missing.join('; ')}\n`);

const CONFIG = 'rule_files: [rules/*.yml]\n';
const RULES = `groups:
  - name: records
    rules:
      - record: job:up:sum
        expr: sum by (job) (up{metric_realm="prod"})
      - record: up:changes10m
        expr: changes(up[10m])
  - name: alerts
    rules:
      - alert: Down
        expr: up{metric_realm="prod"} == 0
        for: 5m
        annotations: { summary: 'down: {{ $labels.job }}' }
`;
const UP = `- { series: 'up{job="a", metric_realm="prod"}', values: '0+0x20' }`;

type Test = { readonly series?: string; readonly alert?: string; readonly expr?: string; readonly rules?: string };

function unitTest({ series = UP, alert, expr }: Test): string {
  const assertions = [
    ...(alert === undefined ? [] : [`    alert_rule_test:\n      - ${alert}\n`]),
    ...(expr === undefined ? [] : [`    promql_expr_test:\n      - ${expr}\n`]),
  ];
  return `rule_files: [../rules/*.yml]
evaluation_interval: 1m
tests:
  - name: first
    input_series:
      ${series}
${assertions.join('')}`;
}

describe.each(servers)('promql-unit with promtool $version', ({ version, promtool }) => {
  async function unit(testFile: string, more: Readonly<Record<string, string>> = {}): Promise<StageRun> {
    const files = { 'prometheus.yml': CONFIG, 'rules/a.yml': RULES, 'tests/a_test.yml': testFile, ...more };
    return runStage('promql-unit', files, {
      prometheusVersion: version,
      promtoolPath: promtool.path,
      bare: promtool.path,
    });
  }
  const failure = async (
    given: Test,
  ): Promise<{ message: string; help: string | undefined; line: number | undefined }> => {
    const { report } = await unit(unitTest(given));
    const [first, ...rest] = report.findings.filter(({ severity }) => severity === 'error');
    expect(rest.map(({ message }) => message)).toEqual([]);
    expect(first?.rule).toBe('unit/failed');
    return { message: first?.message ?? '', help: first?.help, line: first?.range?.line };
  };

  test('a test that holds passes, with its name, file, line and time', async () => {
    const { report } = await unit(
      unitTest({
        expr: '{ expr: "job:up:sum", eval_time: 5m, exp_samples: [{ labels: \'job:up:sum{job="a"}\', value: 0 }] }',
      }),
    );
    expect(report.outcome).toBe('pass');
    expect(report.cases).toMatchObject([
      { name: 'first', file: 'tests/a_test.yml', outcome: 'pass', range: { line: 4 } },
    ]);
    expect(report.cases[0]?.durationMs).toBeGreaterThan(0);
  });

  test('a wrong value is shown as a diff, at the assertion', async () => {
    const found = await failure({
      expr: '{ expr: "job:up:sum", eval_time: 5m, exp_samples: [{ labels: \'job:up:sum{job="a"}\', value: 7 }] }',
    });
    expect(found.message).toMatch(/^first: job:up:sum at 5m: 1 expected, 1 found\n- .*7E\+00\n\+ .*0E\+00$/);
    expect(found.line).toBe(8);
  });

  test('an alert with other labels is shown as a diff', async () => {
    const found = await failure({
      alert:
        '{ alertname: Down, eval_time: 10m, exp_alerts: [{ exp_labels: { job: b, metric_realm: prod }, exp_annotations: { summary: "down: b" } }] }',
    });
    expect(found.message).toMatch(/^first: alert Down at 10m: 1 expected, 1 fired\n- .*job="b".*\n\+ .*job="a".*$/);
  });

  test('a window that is longer than eval_time explains an empty result', async () => {
    const found = await failure({
      series: `- { series: 'up{job="a", metric_realm="prod"}', values: '_x3 1+0x20' }`,
      expr: '{ expr: "up:changes10m", eval_time: 2m, exp_samples: [{ labels: \'{job="a", metric_realm="prod"}\', value: 0 }] }',
    });
    expect(found.help).toContain('looks back 10m, but eval_time is 2m');
  });

  test('an alert that is only pending is explained by its for', async () => {
    const found = await failure({
      alert: '{ alertname: Down, eval_time: 2m, exp_alerts: [{ exp_labels: { job: a, metric_realm: prod } }] }',
    });
    expect(found.help).toContain('has for: 5m, but eval_time is 2m');
  });

  test('a metric that nothing makes is named', async () => {
    const found = await failure({ expr: '{ expr: "upp", eval_time: 2m, exp_samples: [{ labels: upp, value: 1 }] }' });
    expect(found.help).toContain('makes upp');
  });

  test('a series that has ended more than the lookback ago is named', async () => {
    const found = await failure({
      series: `- { series: 'up{job="a", metric_realm="prod"}', values: '1 1' }`,
      expr: '{ expr: up, eval_time: 30m, exp_samples: [{ labels: \'up{job="a", metric_realm="prod"}\', value: 1 }] }',
    });
    expect(found.help).toContain('ends at 1m; at 30m it is stale');
  });

  test('a label that the recorded series lost is named', async () => {
    const found = await failure({
      expr: '{ expr: \'job:up:sum{instance="x"}\', eval_time: 5m, exp_samples: [{ labels: \'job:up:sum{job="a", instance="x"}\', value: 0 }] }',
    });
    expect(found.help).toContain('is aggregated without the label instance');
  });

  test('a missing metric name in exp_samples is named', async () => {
    const found = await failure({
      expr: '{ expr: up, eval_time: 5m, exp_samples: [{ labels: \'{job="a", metric_realm="prod"}\', value: 0 }] }',
    });
    expect(found.help).toContain("write labels: 'up{...}'");
  });

  test('a label is the text as it is written, not a number', async () => {
    const expr = (le: string): string =>
      `{ expr: up, eval_time: 5m, exp_samples: [{ labels: 'up{job="a", metric_realm="prod"}', value: 0.0 }] }\n    alert_rule_test:\n      - { alertname: Le, eval_time: 5m, exp_alerts: [{ exp_labels: { le: ${le}, job: a, metric_realm: prod } }] }`;
    const rules = {
      'rules/b.yml': 'groups: [{ name: le, rules: [{ alert: Le, expr: up == 0, labels: { le: "0.1" } }] }]\n',
    };
    const outcomes = await Promise.all(
      ['0.1', '0.10'].map(async (le) => (await unit(unitTest({ expr: expr(le) }), rules)).report.outcome),
    );
    expect(outcomes).toEqual(['pass', 'fail']);
  });

  test('an expression that does not parse fails the test', async () => {
    const { report } = await unit(unitTest({ expr: '{ expr: "sum(", eval_time: 5m, exp_samples: [] }' }));
    expect(report.outcome).toBe('fail');
  });

  test.each([
    ['unit/unknown-alert', unitTest({ alert: '{ alertname: Dwon, eval_time: 1m, exp_alerts: [] }' })],
    ['unit/unknown-series', unitTest({ expr: '{ expr: job_up_sum, eval_time: 1m, exp_samples: [] }' })],
    ['unit/no-assertions', unitTest({})],
    ['unit/no-tests', 'rule_files: [../rules/*.yml]\ntests: []\n'],
    [
      'unit/no-rules-matched',
      unitTest({ alert: '{ alertname: Down, eval_time: 1m, exp_alerts: [] }' }).replace('../rules/*.yml', 'none/*.yml'),
    ],
    [
      'unit/vacuous',
      unitTest({
        series: "- { series: other, values: '1+0x5' }",
        alert: '{ alertname: Down, eval_time: 1m, exp_alerts: [] }',
      }),
    ],
  ])('promtool passes a test that proves nothing; the stage fails with %s', async (rule, text) => {
    const { report, bare } = await unit(text);
    expect(await bare(['test', 'rules', 'tests/a_test.yml'])).toBe(0);
    expect(report.outcome).toBe('fail');
    expect(report.findings.map((item) => item.rule)).toContain(rule);
  });

  test('a rule file that promtool refuses fails the stage, although the tested rule is sound', async () => {
    const text = unitTest({
      expr: '{ expr: "job:up:sum", eval_time: 5m, exp_samples: [{ labels: \'job:up:sum{job="a"}\', value: 0 }] }',
    });
    const refused = RULES.replace('changes(up[10m])', 'changes(up)');
    const { report } = await unit(text, { 'rules/a.yml': refused });
    expect(report.findings).toMatchObject([{ rule: 'unit/incomplete', file: 'rules/a.yml', range: { line: 7 } }]);
    expect(report.outcome).toBe('fail');
  });

  test('a rule file that cannot be read in full fails the stage at the cause', async () => {
    const text = unitTest({
      expr: '{ expr: "job:up:sum", eval_time: 5m, exp_samples: [{ labels: \'job:up:sum{job="a"}\', value: 0 }] }',
    });
    const { report } = await unit(text, { 'rules/b.yml': 'groups:\n  - name: b\n    rulez: []\n    rules: []\n' });
    expect(report.findings).toMatchObject([{ rule: 'unit/incomplete', file: 'rules/b.yml', range: { line: 3 } }]);
  });

  test('${REALM} becomes the realm in tests and rules, and places are those of the files as written', async () => {
    const rules = RULES.replaceAll('prod', '${REALM}');
    const text = unitTest({
      series: `- { series: 'up{job="a", metric_realm="\${REALM}"}', values: '0+0x20' }`,
      alert:
        '{ alertname: Down, eval_time: 10m, exp_alerts: [{ exp_labels: { metric_realm: "${REALM}", job: a }, exp_annotations: { summary: "down: a" } }] }',
    });
    const { report } = await unit(text, { 'rules/a.yml': rules });
    expect(report.findings).toEqual([]);
    const column = async (broken: string): Promise<number> => {
      const { findings } = (await unit(text, { 'rules/a.yml': broken.replace('== 0', '== )') })).report;
      const range = findings.find(({ rule }) => rule === 'unit/incomplete')?.range;
      expect(range?.line).toBe(11);
      return range?.column ?? 0;
    };
    expect(await column(rules)).toBe((await column(RULES)) + '${REALM}'.length - 'prod'.length);
  });

  test('rules that read another group run in order, with a warning that says which', async () => {
    const rules = RULES.replace('expr: up{metric_realm="prod"} == 0', 'expr: job:up:sum == 0');
    const text = unitTest({
      alert:
        '{ alertname: Down, eval_time: 10m, exp_alerts: [{ exp_labels: { job: a }, exp_annotations: { summary: "down: a" } }] }',
    });
    const { report } = await unit(text, { 'rules/a.yml': rules });
    expect(report.outcome).toBe('pass');
    expect(report.findings).toMatchObject([{ rule: 'unit/group-order', severity: 'warning' }]);
    expect(report.findings[0]?.help).toContain('group_eval_order: [records, alerts]');
  });

  test('the parts of all shards are all tests', async () => {
    const group = (name: string): string =>
      `  - name: ${name}\n    input_series:\n      ${UP}\n    promql_expr_test:\n      - { expr: count(up), eval_time: 1m, exp_samples: [{ value: 1 }] }\n`;
    const files = {
      'prometheus.yml': CONFIG,
      'rules/a.yml': RULES,
      'tests/a_test.yml': `rule_files: [../rules/*.yml]\ntests:\n${['a', 'b', 'c'].map(group).join('')}`,
    };
    const names = async (shard: string): Promise<string[]> =>
      (
        await runStage('promql-unit', files, { prometheusVersion: version, promtoolPath: promtool.path, shard })
      ).report.cases.map(({ name }) => name);
    expect((await Promise.all([names('1/2'), names('2/2')])).flat().toSorted()).toEqual(['a', 'b', 'c']);
    await expect(names('3/2')).rejects.toThrow('--shard: "3/2" is no shard');
  });
});
