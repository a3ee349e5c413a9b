import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runReloadDryRun, stageReport, type StageReport } from '@obsgate/core/gate';
import { wallClock } from '@obsgate/prometheus/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CONFIG, project, repository, rules, servers, wanted } from './support.ts';

type Files = Readonly<Record<string, string>>;

for (const tools of await servers()) {
  const dryRun = async (files: Files, base?: Files): Promise<StageReport> => {
    const result = await runReloadDryRun(await project(files), {
      sandboxes: [wanted(tools)],
      clock: wallClock,
      ...(base === undefined ? {} : { base: { ref: 'main', files: await repository(base) } }),
    });
    return stageReport('reload-dry-run', result, 0);
  };
  const found = (report: StageReport): string[] =>
    report.findings.map(({ rule, severity, file, range }) => `${severity} ${rule} ${file}:${range?.line ?? '-'}`);

  describe(`reload on Prometheus ${tools.version}`, () => {
    const good = rules(`
- record: job:up:sum
  expr: sum  by(job)  (up{job!=''})   # not as Prometheus prints it
- alert: Down
  expr: up{job="node"} == 0
  for: 5m
  labels: { severity: page }
  annotations: { summary: '{{ $labels.instance }} is down: {{ $value | humanize }}' }
`);

    test('a good change passes and every part of the proof is reported', async () => {
      const report = await dryRun(
        { 'prometheus.yml': CONFIG, 'rules/a.yml': good },
        { 'prometheus.yml': CONFIG, 'rules/a.yml': rules('- record: a\n  expr: vector(1)') },
      );
      expect(found(report)).toEqual([]);
      expect(report.reasons).toEqual([]);
      expect(report.outcome).toBe('pass');
      expect(report.cases.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
        'reload: pass',
        'cold boot: pass',
        'evaluation: pass',
        'templates: pass',
      ]);
    });

    test('a rule that does not parse fails the reload at its line', async () => {
      const report = await dryRun({ 'prometheus.yml': CONFIG, 'rules/a.yml': rules('- record: a\n  expr: sum(') });
      expect(found(report)).toEqual(['error reload/failed rules/a.yml:5']);
      expect(report.outcome).toBe('fail');
    });

    test('a rule glob that matches nothing loads without a word, and fails here', async () => {
      const config = CONFIG.replace('rules/*.yml', 'rule/*.yml');
      const report = await dryRun({ 'prometheus.yml': config, 'rules/a.yml': good });
      expect(found(report)).toEqual(['error reload/nothing-to-load prometheus.yml:-']);
    });

    test('a template that cannot execute is found at its place, in annotations and labels of alerts that never fire', async () => {
      const bad = rules(`
- alert: Never
  expr: up{job="node"} == 42
  for: 1h
  labels: { team: '{{ $labels.team.name }}' }
  annotations:
    ok: '{{ $labels.instance }} {{ if gt $value 5.0 }}{{ $value }}{{ end }}'
    bad: 'on {{ .Instance }}'
    branch: '{{ if lt $value 1.0 }}{{ $labels.a.b }}{{ end }}'
    empty: '{{ query "up" | first | value }}'
`);
      const report = await dryRun({ 'prometheus.yml': CONFIG, 'rules/a.yml': bad });
      expect(found(report)).toEqual([
        'error template/cannot-execute rules/a.yml:7',
        'error template/cannot-execute rules/a.yml:10',
        'error template/cannot-execute rules/a.yml:11',
        'warning template/needs-data rules/a.yml:12',
      ]);
      expect(report.findings[1]?.range?.column).toBe("          bad: 'on {{ ".length + 1);
      expect(report.findings[1]?.message).toContain("can't evaluate field Instance");
    });

    test('a rule that loads and fails at its evaluation is found', async () => {
      const bad = rules(`- record: a\n  expr: label_replace(vector(1), "x", "$1", "y", "(")`);
      const report = await dryRun({ 'prometheus.yml': CONFIG, 'rules/a.yml': bad });
      expect(found(report)).toEqual(['error reload/unhealthy-rule rules/a.yml:5']);
    });

    test('an error that the base already has does not hide the change', async () => {
      const report = await dryRun(
        { 'prometheus.yml': CONFIG, 'rules/a.yml': good },
        { 'prometheus.yml': CONFIG, 'rules/a.yml': 'groups: [{}]' },
      );
      expect(found(report)).toEqual(['warning reload/base-refused prometheus.yml:-']);
      expect(report.outcome).toBe('pass');
    });

    test('rules that only other file names bring are loaded too, manifests as plain rules', async () => {
      const manifest = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: x }\nspec:\n${good.replace(/^/gm, '  ')}`;
      const files = { 'prometheus.yml': CONFIG, 'rules/a.yml': good, 'k8s/a.yaml': manifest };
      const loaded = await project(files, { rules: ['k8s/*.yaml'] });
      const result = await runReloadDryRun(loaded, { sandboxes: [wanted(tools)], clock: wallClock });
      expect(found(stageReport('reload-dry-run', result, 0))).toEqual([]);
      expect(result.facts?.['rules']).toBe(4);
    });

    test('nothing that the configuration names is contacted, and the report says what was left out', async () => {
      const contacted: string[] = [];
      const server = createServer((request, response) => {
        contacted.push(request.url ?? '');
        response.end();
      });
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      });
      onTestFinished(() => void server.close());
      const target = `127.0.0.1:${port}`;
      const config = `${CONFIG}  - /elsewhere/*.yml
remote_write: [{ url: "http://${target}/write" }]
remote_read: [{ url: "http://${target}/read", read_recent: true }]
tracing: { endpoint: "${target}", insecure: true }
alerting: { alertmanagers: [{ static_configs: [{ targets: ["${target}"] }] }] }
scrape_configs:
  - job_name: static
    scrape_interval: 1s
    static_configs: [{ targets: ["${target}"] }]
  - http_sd_configs: [{ url: "http://${target}/sd" }]
    job_name: discovered
    authorization: { credentials_file: /etc/secret }
    relabel_configs: [{ source_labels: [a], target_label: b, regex: "(.*)" }]
`;
      const firing = rules('- alert: Firing\n  expr: vector(1)');
      const report = await dryRun({ 'prometheus.yml': config, 'rules/a.yml': firing });
      // What lies outside of the repository is not proved, and that is said.
      expect(found(report)).toEqual(['error reload/incomplete prometheus.yml:5']);
      expect(contacted).toEqual([]);
      expect(report.facts['left_out']).toEqual([
        'remote_write',
        'remote_read',
        'tracing',
        'alerting.alertmanagers',
        'job "static": static_configs',
        'job "discovered": http_sd_configs, authorization',
        'rule_files "/elsewhere/*.yml" (not in the repository)',
      ]);
    });

    test('a query log that cannot be created passes promtool and is found here', async () => {
      const config = CONFIG.replace('global:\n', 'global:\n  query_log_file: logs/query.log\n');
      const report = await dryRun({ 'prometheus.yml': config, 'rules/a.yml': good });
      expect(found(report)).toEqual(['error reload/log-file prometheus.yml:2']);
      const elsewhere = config.replace('logs/query.log', '/var/log/prometheus/query.log');
      const files = { 'prometheus.yml': elsewhere, 'rules/a.yml': good };
      expect(found(await dryRun(files))).toEqual(['warning reload/log-file prometheus.yml:2']);
      expect(found(await dryRun(files, files))).toEqual([]);
    });
  });
}
