import { runSmokeQuery, stageReport, type StageReport } from '@obsgate/core/gate';
import { startPushgateway, wallClock } from '@obsgate/prometheus/sandbox';
import { describe, expect, test } from 'vitest';
import { toolsForTests } from '../stand/tools.ts';
import { CONFIG, project, rules, servers, wanted } from './support.ts';

const HEARTBEAT = rules(`
- record: heartbeat_age_seconds
  expr: time() - max by (metric_realm) (heartbeat_last_timestamp_seconds{metric_realm="prod"})
- record: heartbeat_changes_6m
  expr: max by (metric_realm) (changes(heartbeat_seq{metric_realm="prod"}[6m]))
- record: heartbeat_fresh_120s
  expr: heartbeat_age_seconds{metric_realm="prod"} <= bool 120
- record: heartbeat_ok
  expr: (heartbeat_changes_6m{metric_realm="prod"} >= bool 2) * (min_over_time(heartbeat_fresh_120s[5m]) == bool 1)
`);

const { pushgateway } = await toolsForTests();

const all = await servers();
const newest = all.at(-1);

for (const tools of all) {
  const smoke = async (files: Readonly<Record<string, string>>, push?: 'push'): Promise<StageReport> => {
    const binary = push === undefined ? undefined : pushgateway?.path;
    const result = await runSmokeQuery(
      await project({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT, ...files }),
      {
        clock: wallClock,
        target: {
          kind: 'sandbox',
          sandbox: wanted(tools),
          ...(binary === undefined ? {} : { pushgateway: () => startPushgateway(binary, 10_000) }),
        },
      },
    );
    return stageReport('smoke-query', result, 0);
  };
  const cases = (report: StageReport): string[] => report.cases.map(({ name, outcome }) => `${name}: ${outcome}`);

  describe(`smoke queries in a sandbox of Prometheus ${tools.version}`, () => {
    test('the default queries pass within seconds on a history that is found from the rules', async () => {
      const report = await smoke({});
      expect(report.reasons).toEqual([]);
      expect(report.findings).toEqual([]);
      expect(cases(report)).toEqual(['heartbeat_ok: pass', 'heartbeat_fresh_120s: pass', 'heartbeat_changes_6m: pass']);
      expect(report.facts['history']).toEqual(['heartbeat_last_timestamp_seconds', 'heartbeat_seq']);
    });

    test.skipIf(pushgateway === undefined)('two ticks of a real Pushgateway join the history', async () => {
      const file = `queries:
  - { name: one series, expr: heartbeat_seq, expect: { count: { value: 1 }, op: '==', value: 12 } }
  - { name: ticks, expr: 'changes(heartbeat_seq[90s])', expect: { op: '>=', value: 2 } }
history:
  input_series: [{ series: 'heartbeat_seq{job="heartbeat",metric_realm="prod"}', values: 1+1x9 }]
`;
      const report = await smoke({ 'smoke/a.yml': file }, 'push');
      expect(report.reasons).toEqual([]);
      expect(cases(report)).toEqual(['one series: pass', 'ticks: pass']);
    });

    // How results are judged does not depend on the version.
    if (tools !== newest) return;

    test('a heartbeat that stands still fails with both numbers at the query', async () => {
      const file = `queries:
  - name: ok
    expr: heartbeat_ok{metric_realm="\${REALM}"}
    expect: { op: '==', value: 1 }
history:
  input_series:
    - { series: 'heartbeat_seq{metric_realm="\${REALM}"}', values: 7x15 }
    - { series: 'heartbeat_last_timestamp_seconds{metric_realm="\${REALM}"}', values: timestamp }
`;
      const report = await smoke({ 'smoke/a.yml': file });
      expect(report.outcome).toBe('fail');
      expect(
        report.findings.map(({ rule, message, file: path, range }) => ({
          rule,
          message,
          at: `${path}:${range?.line}`,
        })),
      ).toEqual([
        {
          rule: 'smoke/unexpected',
          message: 'ok: heartbeat_ok{metric_realm="prod"} is 0, expected == 1.',
          at: 'smoke/a.yml:2',
        },
      ]);
    });

    test('a missing result fails, holds or passes as the query says, and is never a number', async () => {
      const file = `queries:
  - { name: fails, expr: nothing_here, expect: { op: '>=', value: 0 } }
  - { name: holds, expr: nothing_here, expect: { op: '>=', value: 0 }, on_missing: hold }
  - { name: passes, expr: nothing_here, expect: { op: '>=', value: 0 }, on_missing: pass }
  - { name: none, expr: nothing_here, expect: { count: { value: 0 } } }
  - { name: nan, expr: 'vector(0) / 0', expect: { op: '!=', value: 1 } }
  - { name: scalar, expr: 'scalar(nothing_here)', expect: { op: '!=', value: 1 } }
`;
      const report = await smoke({ 'smoke/a.yml': file });
      expect(cases(report)).toEqual([
        'fails: fail',
        'holds: error',
        'passes: pass',
        'none: pass',
        'nan: fail',
        'scalar: fail',
      ]);
      expect(report.reasons.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['missing_data holds']);
      expect(report.outcome).toBe('error');
    });

    test('a query must hold at every step of its time, and one that does not parse fails at its place', async () => {
      const file = `queries:
  - { name: long enough, expr: heartbeat_seq, expect: { op: '>=', value: 6 }, for: 5m }
  - { name: too long, expr: heartbeat_seq, expect: { op: '>=', value: 6 }, for: 12m, step: 60s }
  - { name: broken, expr: 'sum(', expect: { op: '==', value: 1 } }
history:
  input_series: [{ series: 'heartbeat_seq{metric_realm="prod"}', values: 1+1x15 }]
`;
      const report = await smoke({ 'smoke/a.yml': file });
      expect(cases(report)).toEqual(['long enough: pass', 'too long: fail', 'broken: fail']);
      expect(report.findings.map(({ rule, range }) => `${rule} ${range?.line}`)).toContain('smoke/query-error 4');
    });

    test('a smoke file with an unknown key is refused at the key', async () => {
      const file = `queries:\n  - { name: a, expr: up, expect: { op: '==', valu: 1 } }\n`;
      const report = await smoke({ 'smoke/a.yml': file });
      expect(report.findings.map(({ rule, range }) => `${rule} ${range?.line}`)).toContain('smoke/invalid-file 2');
      expect(report.findings.map(({ message }) => message).join('\n')).toContain('did you mean "value"?');
      expect(report.outcome).toBe('fail');
    });
  });
}
