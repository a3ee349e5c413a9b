import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { GOOD_HEARTBEAT } from '../../packages/core/src/lint/fixtures-heartbeat.ts';
import { toolsForTests } from '../stand/tools.ts';

/** What the lint says about heartbeats is what Prometheus does: its claims are played through the real promtool. */

const { servers, missing } = await toolsForTests();
if (servers.length === 0) process.stderr.write(`the claims of the lint are not played: ${missing.join('; ')}\n`);

const RULES = fileURLToPath(new URL('../../docs/rules/', import.meta.url));

/** A writer that ticks every minute for eight minutes and is gone then; scraped every 15 seconds. */
const TICKS = Array.from({ length: 32 }, (_, scrape) => Math.floor(scrape / 4));
const LIVE_THEN_GONE = `
      - series: 'metric_heartbeat_seq{metric_realm="prod",job="push"}'
        values: '${TICKS.join(' ')} _x200'
      - series: 'metric_heartbeat_timestamp_seconds{metric_realm="prod",job="push"}'
        values: '${TICKS.map((tick) => tick * 60).join(' ')} _x200'`;
/** The same writer, stuck after eight minutes: its series stays as it is. */
const LIVE_THEN_STUCK = LIVE_THEN_GONE.replace(' _x200', ' 7x200').replace(' _x200', ' 420x200');

async function run(
  promtool: string,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'obsgate-lint-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const { stdout, stderr } = await promisify(execFile)(promtool, [...args], { cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    return `${stdout}${stderr}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs one unit test of rules; `checks` are the lines below the input series. */
function play(promtool: string, rules: string, series: string, checks: string): Promise<string> {
  const tests = `rule_files: [rules.yml]
evaluation_interval: 30s
tests:
  - interval: 15s
    input_series:${series}
${checks}`;
  return run(promtool, ['test', 'rules', 'test.yml'], { 'rules.yml': rules, 'test.yml': tests });
}

function value(expr: string, at: string, samples: string): string {
  return `      - { expr: '${expr}', eval_time: ${at}, exp_samples: [${samples}] }\n`;
}

function recorded(expr: string, labels = ''): string {
  return `groups:\n  - name: x\n    rules:\n      - record: state\n        expr: ${JSON.stringify(expr)}\n${labels}`;
}

const STATE = 'max by (metric_realm) (changes(metric_heartbeat_seq[6m])) > bool 0';
const ONE = `{ labels: 'state{metric_realm="prod"}', value: 1 }`;

describe.each(servers.map(({ version, promtool }) => [version, promtool.path] as const))(
  'promtool %s',
  (_, promtool) => {
    test('sees the complete set of rules tell life from absence', async () => {
      const checks =
        '    promql_expr_test:\n' +
        value('heartbeat_ok', '7m', `{ labels: 'heartbeat_ok{metric_realm="prod"}', value: 1 }`) +
        value('heartbeat_ok', '25m', `{ labels: 'heartbeat_ok{metric_realm="prod"}', value: 0 }`) +
        '    alert_rule_test:\n' +
        '      - { alertname: MetricHeartbeatAbsent, eval_time: 7m, exp_alerts: [] }\n' +
        '      - alertname: MetricHeartbeatAbsent\n' +
        '        eval_time: 25m\n' +
        '        exp_alerts: [{ exp_labels: { severity: critical, metric_realm: prod }, exp_annotations: { summary: the heartbeat of prod is gone } }]\n';
      expect(await play(promtool, GOOD_HEARTBEAT, LIVE_THEN_GONE, checks)).toContain('SUCCESS');
    });

    test('sees it tell a standstill', async () => {
      const checks =
        '    promql_expr_test:\n' +
        value('heartbeat_ok', '25m', `{ labels: 'heartbeat_ok{metric_realm="prod"}', value: 0 }`) +
        '    alert_rule_test:\n' +
        '      - alertname: MetricHeartbeatStalled\n' +
        '        eval_time: 25m\n' +
        '        exp_alerts: [{ exp_labels: { severity: critical, metric_realm: prod }, exp_annotations: { summary: the heartbeat of prod stands still at 0 } }]\n' +
        '      - { alertname: MetricHeartbeatAbsent, eval_time: 25m, exp_alerts: [] }\n';
      expect(await play(promtool, GOOD_HEARTBEAT, LIVE_THEN_STUCK, checks)).toContain('SUCCESS');
    });

    test('keeps a fallback without labels beside a heartbeat that has some', async () => {
      const checks = `    promql_expr_test:\n${value('state', '7m', `${ONE}, { labels: state, value: 0 }`)}`;
      expect(await play(promtool, recorded(`(${STATE}) or vector(0)`), LIVE_THEN_GONE, checks)).toContain('SUCCESS');
    });

    test('cannot evaluate such a rule when its labels make both series equal', async () => {
      const rules = recorded(`(${STATE}) or vector(0)`, '        labels: { metric_realm: prod }\n');
      const checks = `    promql_expr_test:\n${value('state', '7m', ONE)}`;
      expect(await play(promtool, rules, LIVE_THEN_GONE, checks)).toContain(
        'the same labelset after applying rule labels',
      );
    });

    test('keeps the value, not 1, where a comparison has no bool', async () => {
      const checks = `    promql_expr_test:\n${value('state', '7m', ONE.replace('1 }', '6 }'))}`;
      const rules = recorded(STATE.replace(' bool', ''));
      expect(await play(promtool, rules, LIVE_THEN_GONE, checks)).toContain('SUCCESS');
    });

    test('accepts every good example of the pages', async () => {
      const names = (await readdir(RULES, { recursive: true })).filter((name) =>
        /^(heartbeat|promql|lint)[\\/].*\.md$/.test(name),
      );
      const files: Record<string, string> = {};
      for (const name of names) {
        const page = await readFile(join(RULES, name), 'utf8');
        for (const [, text = ''] of page.matchAll(/^```yaml good\n(.*?)^```$/gms)) {
          files[`${Object.keys(files).length}.yml`] = text;
        }
      }
      const output = await run(promtool, ['check', 'rules', ...Object.keys(files)], files);
      expect(output.match(/SUCCESS/g)).toHaveLength(Object.keys(files).length);
      expect(output).not.toContain('FAILED');
    });
  },
);
