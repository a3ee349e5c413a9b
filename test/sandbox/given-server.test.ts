import { runSmokeQuery, stageReport, type SandboxServer, type StageReport } from '@obsgate/core/gate';
import { prometheusServer } from '@obsgate/prometheus/api';
import { wallClock } from '@obsgate/prometheus/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { project, rules, servers, wanted } from './support.ts';

const CONFIG = `global:
  external_labels: { cluster: shop }
rule_files:
  - rules/*.yml
`;
const FILES = {
  'prometheus.yml': CONFIG,
  'rules/a.yml': rules('- record: a\n  expr: vector(1)'),
  'smoke/one.yml': `queries:\n  - { name: one, expr: 'vector(1)', expect: { op: '==', value: 1 } }\n`,
};

async function smoke(
  files: Readonly<Record<string, string>>,
  api: SandboxServer['api'],
  version?: string,
): Promise<StageReport> {
  const loaded = await project(files, version === undefined ? {} : { version });
  const result = await runSmokeQuery(loaded, { clock: wallClock, target: { kind: 'server', api } });
  return stageReport('smoke-query', result, 0);
}

for (const tools of (await servers()).slice(-1)) {
  const start = async (): Promise<SandboxServer['api']> => {
    const sandbox = wanted(tools);
    if (sandbox.kind !== 'found') throw new Error('no Prometheus');
    const request = {
      files: new Map(Object.entries(FILES)),
      config: 'prometheus.yml',
      features: [],
      deadlineMs: 20_000,
    };
    const started = await sandbox.program.start(request);
    if (started.kind !== 'ready') throw new Error(JSON.stringify(started));
    onTestFinished(() => started.server.stop());
    return started.server.api;
  };

  describe(`smoke queries of a given Prometheus ${tools.version}`, () => {
    test('the right server answers', async () => {
      const report = await smoke(FILES, await start(), tools.version);
      expect([report.outcome, report.findings]).toEqual(['pass', []]);
    });

    test('a server with other external labels is never asked', async () => {
      const other = { ...FILES, 'prometheus.yml': CONFIG.replace('shop', 'staging') };
      const report = await smoke(other, await start());
      expect(report.reasons.map(({ code }) => code)).toEqual(['wrong_server']);
      expect([report.outcome, report.cases]).toEqual(['error', []]);
    });

    test('without external labels nothing proves the server, and another version is said', async () => {
      const bare = { ...FILES, 'prometheus.yml': 'rule_files: [rules/*.yml]\n' };
      const report = await smoke(bare, await start(), '2.1.0');
      expect(report.findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
        'warning smoke/server-version',
        'warning smoke/unproved-server',
      ]);
    });
  });
}

test('a server out of reach leaves the stage undecided', async () => {
  const report = await smoke(FILES, prometheusServer({ url: 'http://127.0.0.1:1', tries: 1 }));
  expect([report.outcome, report.reasons.map(({ code }) => code)]).toEqual(['error', ['server_unreachable']]);
});
