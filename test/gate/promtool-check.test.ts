import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTempDir } from '@obsgate/prometheus/process';
import { describe, expect, test } from 'vitest';
import { runObsgate } from './run-obsgate.ts';
import { runStage, type StageOptions } from './run-stage.ts';
import { executable } from '../toolchain/fake-tools.ts';
import { toolsForTests } from '../stand/tools.ts';

const { servers, missing } = await toolsForTests();
const old = servers.find(({ version }) => version.startsWith('2.53.'));
const recent = servers.find(({ version }) => version.startsWith('3.5.'));
const unable = old === undefined || recent === undefined;
if (unable) process.stderr.write(`disagreement of versions is not tested: ${missing.join('; ')}\n`);

const CONFIG = 'rule_files: [rules/*.yml]\n';
const RULES = 'groups:\n  - name: g\n    rules:\n      - record: a:b\n        expr: up\n';

function rules(rule: string): string {
  return `groups:\n  - name: g\n    rules:\n      - ${rule}\n`;
}

async function check(files: Readonly<Record<string, string>>, options: StageOptions = {}) {
  const version = { prometheusVersion: recent?.version ?? '', bare: recent?.promtool.path ?? '' };
  return runStage('promtool-check', { 'prometheus.yml': CONFIG, ...files }, { ...version, ...options });
}

function found({ report }: Awaited<ReturnType<typeof check>>): string[] {
  return report.findings.map(
    ({ rule, severity, file = '', range }) => `${severity} ${rule} ${file}:${range?.line ?? ''}`,
  );
}

describe.skipIf(unable)('versions that disagree', () => {
  const cases: readonly [what: string, rules: string, accepting: 'old' | 'recent'][] = [
    ['a UTF-8 name', rules('{ record: "a b", expr: up }'), 'recent'],
    ['labels of a group', RULES.replace('    rules:', '    labels: { a: b }\n    rules:'), 'recent'],
    ['a duration as a number', rules('{ record: a:b, expr: up / 7d }'), 'recent'],
    ['holt_winters', rules('{ record: a:b, expr: "holt_winters(up[5m], 0.5, 0.5)" }'), 'old'],
  ];
  test.each(cases)('on %s are a finding that names both, whichever is the server', async (_, text, accepting) => {
    const versions = { old: old?.version ?? '', recent: recent?.version ?? '' };
    const refusing = accepting === 'old' ? 'recent' : 'old';
    for (const server of ['old', 'recent'] as const) {
      const other = server === 'old' ? 'recent' : 'old';
      const run = await check(
        { 'rules/a.yml': text },
        { prometheusVersion: versions[server], crossCheck: [versions[other]] },
      );
      const disagreement = run.report.findings.find(({ rule }) => rule === 'promtool/version-disagreement');
      expect(disagreement?.message).toContain(
        `promtool ${versions[accepting]} accepts this file, promtool ${versions[refusing]} refuses it: `,
      );
      expect(disagreement?.file).toBe('rules/a.yml');
      // What the server itself refuses is told by itself too.
      const refused = run.report.findings.filter(({ rule }) => rule !== 'promtool/version-disagreement');
      expect(refused.length > 0).toBe(server === refusing);
      expect(run.report.outcome).toBe('fail');
    }
  });

  test('only when they do: agreement on a fault is told once', async () => {
    const run = await check(
      { 'rules/a.yml': rules('{ record: a:b, expr: "sum(" }') },
      { crossCheck: [old?.version ?? ''] },
    );
    expect(found(run)).toEqual(['error promtool/syntax rules/a.yml:4']);
    expect(run.report.facts['versions']).toEqual([recent?.version, old?.version]);
  });
});

describe.skipIf(recent === undefined)('promtool-check', () => {
  test('a fault in a manifest is found at its line there', async () => {
    const manifest = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: x }
spec:
  groups:
    - name: g
      rules:
        - record: a:b
          expr: |
            sum(up)
              by (
`;
    const settings = 'prometheus: { config: prometheus.yml, rules: [crd/*.yml] }\n';
    const run = await check({ 'prometheus.yml': 'global: {}\n', '.obsgate.yml': settings, 'crd/x.yml': manifest });
    expect(found(run)).toHaveLength(1);
    expect(found(run)[0]).toMatch(/^error promtool\/syntax crd\/x\.yml:11$/);
  });

  test('a manifest that the configuration names is refused, as a server refuses it', async () => {
    const manifest =
      'apiVersion: v1\nkind: PrometheusRule\nspec:\n  groups:\n    - name: g\n      rules:\n        - { record: a:b, expr: up }\n';
    const run = await check({ 'rules/x.yml': manifest });
    expect(run.report.outcome).toBe('fail');
    expect(found(run)).toContain('error promtool/syntax rules/x.yml:1');
  });

  test('a mistyped lint option fails at its place, although promtool ignores it', async () => {
    const settings = 'prometheus: { config: prometheus.yml }\ngate:\n  promtool_check: { lint: duplicate-rule }\n';
    const run = await check({ '.obsgate.yml': settings, 'rules/a.yml': RULES });
    expect(await run.bare(['check', 'rules', '--lint=duplicate-rule', '--lint-fatal', 'rules/a.yml'])).toBe(0);
    expect(found(run)).toEqual(['error promtool/lint-option .obsgate.yml:3']);
    expect(run.report.findings[0]?.help).toContain('Did you mean duplicate-rules?');
  });

  test.each([
    ['no rule', { 'rules/a.yml': '' }, 'config/no-rules'],
    ['a second document', { 'rules/a.yml': `${RULES}---\n[` }, 'rules/second-document'],
    [
      'a glob without files',
      { 'prometheus.yml': 'rule_files: [none/*.yml, rules/*.yml]\n', 'rules/a.yml': RULES },
      'config/unmatched-rule-files',
    ],
    ['duplicates', { 'rules/a.yml': `${RULES}      - record: a:b\n        expr: up\n` }, 'rules/duplicate'],
    [
      'duplicates across files',
      { 'rules/a.yml': RULES, 'rules/b.yml': RULES.replace('name: g', 'name: h') },
      'rules/duplicate',
    ],
  ])('promtool says nothing of %s; the stage fails', async (_, files, rule) => {
    const run = await check(files);
    expect(await run.bare(['check', 'rules', 'rules/a.yml'])).toBe(0);
    expect(run.report.findings.map((item) => item.rule)).toContain(rule);
    expect(run.report.outcome).toBe('fail');
  });

  test('a release with a known defect judges with a warning', async () => {
    await withTempDir('obsgate-defect', async (folder) => {
      const real = recent?.promtool.path ?? '';
      const answer = 'echo "promtool, version 3.7.1 (branch: HEAD, revision: 0)"';
      const path = await executable(
        folder,
        'promtool',
        `#!/bin/sh\n[ "$1" = --version ] && ${answer} && exit\nexec ${real} "$@"\n`,
      );
      const run = await check({ 'rules/a.yml': RULES }, { promtoolPath: path, prometheusVersion: '3.7.1' });
      expect(found(run)).toEqual(['warning promtool/known-defect :']);
      expect(run.report.outcome).toBe('pass');
    });
  });

  test('a promtool without a verdict is an error, never a pass', async () => {
    await withTempDir('obsgate-silent', async (folder) => {
      const real = recent?.promtool.path ?? '';
      for (const does of ['exit 0', 'exit 1', 'echo "Checking $3"; exit 0', 'kill -SEGV $$']) {
        const script = `#!/bin/sh\ncase "$1" in --version|help) exec ${real} "$@";; esac\n${does}\n`;
        const path = await executable(folder, 'promtool', script);
        const { report } = await check({ 'rules/a.yml': RULES }, { promtoolPath: path });
        expect([does, report.outcome === 'pass']).toEqual([does, false]);
      }
    });
  });

  test('a second run asks promtool for no help', async () => {
    await withTempDir('obsgate-probe', async (folder) => {
      const log = join(folder, 'log');
      const real = recent?.promtool.path ?? '';
      const path = await executable(folder, 'promtool', `#!/bin/sh\necho "$1" >> ${log}\nexec ${real} "$@"\n`);
      const files = {
        '.obsgate.yml': 'prometheus: { config: prometheus.yml }\n',
        'prometheus.yml': CONFIG,
        'rules/a.yml': RULES,
      };
      const cache = join(folder, 'cache');
      const helped = async (): Promise<number> => {
        await writeFile(log, '');
        const run = await runObsgate(['promtool-check', '--promtool-path', path], files, {
          env: { OBSGATE_CACHE: cache },
        });
        expect(run.code).toBe(0);
        return (await readFile(log, 'utf8')).split('\n').filter((line) => line === 'help').length;
      };
      expect([await helped(), await helped()]).toEqual([3, 0]);
    });
  });
});
