import { join } from 'node:path';
import { runLiveReload, stageReport, type SandboxServer, type StageReport } from '@obsgate/core/gate';
import { runProcess } from '@obsgate/prometheus/process';
import { wallClock } from '@obsgate/prometheus/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { project, rules, servers, wanted } from './support.ts';

const CONFIG = `global:
  evaluation_interval: 1s
  external_labels: { cluster: test }
rule_files:
  - rules/*.yml
`;
const HEARTBEAT = rules('- record: heartbeat_ok\n  expr: vector(1)');

for (const tools of await servers()) {
  const start = async (files: Readonly<Record<string, string>>): Promise<SandboxServer> => {
    const sandbox = wanted(tools);
    if (sandbox.kind !== 'found') throw new Error('no Prometheus');
    const request = {
      files: new Map(Object.entries(files)),
      config: 'prometheus.yml',
      features: [],
      deadlineMs: 20_000,
    };
    const started = await sandbox.program.start(request);
    if (started.kind !== 'ready') throw new Error(JSON.stringify(started));
    onTestFinished(() => started.server.stop());
    return started.server;
  };
  /** Deploys `files` to the server and reloads it; sleeping between tries is left out. */
  const reload = async (server: SandboxServer, files: Readonly<Record<string, string>>): Promise<StageReport> => {
    await server.replaceFiles(new Map(Object.entries(files)));
    const settings = { path_map: { [server.directory]: '' } };
    const result = await runLiveReload(await project(files, settings), {
      api: server.api,
      clock: { ...wallClock, sleep: () => wallClock.sleep(20) },
      check: () => Promise.resolve({}),
    });
    return stageReport('reload-dry-run', result, 0);
  };
  const cases = (report: StageReport): string[] => report.cases.map(({ name, outcome }) => `${name}: ${outcome}`);

  describe(`live reload of Prometheus ${tools.version}`, () => {
    test('a good change is reloaded and its rules, heartbeat and targets are verified', async () => {
      const before = { 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT };
      const server = await start(before);
      const report = await reload(server, {
        ...before,
        'rules/b.yml': rules('- record: b\n  expr: vector(2)', 'more'),
      });
      expect(report.findings).toEqual([]);
      expect(report.reasons).toEqual([]);
      expect(cases(report)).toEqual([
        'promtool: pass',
        'right server: pass',
        'ready: pass',
        'reload: pass',
        'rules: pass',
        'heartbeat: pass',
        'targets: pass',
      ]);
      expect(report.facts).toMatchObject({ mode: 'live', groups: 2, rules: 2 });
    });

    test('a failed reload that replaced the configuration and kept the old rules is a partial reload', async () => {
      const server = await start({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT });
      const changed = CONFIG.replace('evaluation_interval: 1s', 'evaluation_interval: 7s');
      const report = await reload(server, {
        'prometheus.yml': changed,
        'rules/a.yml': rules('- record: b\n  expr: sum('),
      });
      // The fact itself: the server shows the new interval and runs the old rule.
      const [config, groups] = await Promise.all([server.api.configText(), server.api.rules()]);
      expect(config.ok && config.value).toContain('evaluation_interval: 7s');
      expect(groups.ok && groups.value.flatMap((group) => group.rules.map((rule) => rule.name))).toEqual([
        'heartbeat_ok',
      ]);
      expect(report.reasons.map(({ code }) => code)).toEqual(['partial_reload']);
      expect(report.findings.map(({ rule }) => rule)).toEqual(['reload/partial']);
      expect(report.outcome).toBe('error');
    });

    test('a failed reload that changed nothing is a plain failure', async () => {
      const server = await start({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT });
      const report = await reload(server, {
        'prometheus.yml': CONFIG,
        'rules/a.yml': rules('- record: b\n  expr: sum('),
      });
      expect(report.findings.map(({ rule }) => rule)).toEqual(['reload/failed']);
      expect(report.findings[0]?.message).toContain('(3 tries)');
      expect(report.outcome).toBe('fail');
    });

    test('a reload that lost the heartbeat rule by a glob that matches nothing is not a success', async () => {
      const server = await start({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT });
      const report = await reload(server, { 'prometheus.yml': CONFIG, 'rule/a.yml': HEARTBEAT });
      expect(cases(report)).toContain('reload: pass');
      expect(report.findings.map(({ rule }) => rule)).toEqual(['reload/heartbeat-rule']);
    });

    test('another server is left alone', async () => {
      const server = await start({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT });
      const other = CONFIG.replace('cluster: test', 'cluster: prod');
      const report = await reload(server, { 'prometheus.yml': other, 'rules/a.yml': HEARTBEAT });
      expect(report.reasons.map(({ code }) => code)).toEqual(['wrong_server']);
      expect(cases(report)).toEqual(['promtool: pass', 'right server: error']);
    });

    test('a query log that cannot be created passes promtool and fails the reload', async () => {
      const server = await start({ 'prometheus.yml': CONFIG, 'rules/a.yml': HEARTBEAT });
      const changed = CONFIG.replace('global:\n', 'global:\n  query_log_file: /nonexistent/query.log\n');
      const report = await reload(server, { 'prometheus.yml': changed, 'rules/a.yml': HEARTBEAT });
      const checked = await runProcess(tools.promtool.path, [
        'check',
        'config',
        join(server.directory, 'prometheus.yml'),
      ]);
      expect(checked).toMatchObject({ kind: 'exited', code: 0 });
      expect(report.findings.map(({ rule }) => rule)).toEqual(['reload/partial']);
      expect(server.log().some((line) => `${line.message}${line.error}`.includes('/nonexistent/query.log'))).toBe(true);
    });
  });
}
