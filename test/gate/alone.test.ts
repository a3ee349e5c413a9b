import { describe, expect, test } from 'vitest';
import { runStage } from './run-stage.ts';
import { toolsForTests } from '../stand/tools.ts';

const { servers, missing } = await toolsForTests();
if (servers.length === 0) process.stderr.write(`stages that run alone are not tested: ${missing.join('; ')}\n`);

const RULES = `groups:
  - name: g
    rules:
      - record: r:one
        expr: vector(1)
        labels: { metric_realm: "\${REALM}" }
`;
const SOUND = {
  '.obsgate.yml': 'prometheus: { config: prometheus.yml }\ngate: { reload: { settle: 100ms } }\n',
  'prometheus.yml': 'rule_files: [rules/*.yml]\n',
  'rules/a.yml': RULES,
  'smoke/a.yml': 'queries: [{ name: one, expr: \'r:one{metric_realm="${REALM}"}\', expect: { op: "==", value: 1 } }]\n',
  'a_test.yml':
    'rule_files: [rules/a.yml]\ntests: [{ promql_expr_test: [{ expr: r:one, eval_time: 1m, exp_samples: [{ labels: \'r:one{metric_realm="${REALM}"}\', value: 1 }] }] }]\n',
};
const STAGES = ['promql-unit', 'reload-dry-run', 'smoke-query'] as const;

describe.each(servers)('a stage that runs alone on $version', ({ version }) => {
  const run = async (stage: (typeof STAGES)[number], files: Readonly<Record<string, string>>) =>
    (await runStage(stage, { ...SOUND, ...files }, { prometheusVersion: version, realm: 'staging' })).report;

  test.each(STAGES)('%s fills in the realm of the run', async (stage) => {
    const report = await run(stage, {});
    expect(report.findings).toEqual([]);
    expect(report.outcome).toBe('pass');
  });

  test.each(STAGES)('%s does not pass on a rule file that the server refuses', async (stage) => {
    const report = await run(stage, { 'rules/a.yml': `${RULES}      - record: r:bad\n        expr: rate(up)\n` });
    expect(report.outcome).toBe('fail');
    expect(report.findings).toMatchObject([{ file: 'rules/a.yml', range: { line: 8 } }]);
    expect(report.findings[0]?.message).not.toContain('/tmp');
  });

  test.each(STAGES)('%s does not pass on a key that the server refuses and the reader passes over', async (stage) => {
    const report = await run(stage, { 'rules/a.yml': RULES.replace('    rules:', '    intervall: 1m\n    rules:') });
    expect(report.outcome).toBe('fail');
    expect(report.findings.map(({ file, range }) => [file, range?.line])).toEqual([['rules/a.yml', 3]]);
  });

  test.each(['reload-dry-run', 'smoke-query'] as const)(
    '%s does not pass when rule_files matches nothing',
    async (stage) => {
      const report = await run(stage, { 'prometheus.yml': 'rule_files: [rules/*.yml, gone/*.yml]\n' });
      expect(report.findings.map(({ rule, range }) => [rule.split('/')[1], range?.line])).toEqual([['incomplete', 1]]);
      expect(report.outcome).toBe('fail');
    },
  );

  test.runIf(version.startsWith('2.'))(
    'smoke-query does not pass on labels of a group, which this version refuses',
    async () => {
      const report = await run('smoke-query', {
        'rules/a.yml': RULES.replace('    rules:', '    labels: { a: b }\n    rules:'),
      });
      expect(report.findings.map(({ rule }) => rule)).toEqual(['smoke/refused']);
    },
  );
});
