import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCheckConfig, parseCheckRules, parseTestRules } from '@obsgate/core/promtool';
import { tempDir } from '@obsgate/prometheus/process';
import { checkConfig, checkRules, createBlocks, probeFeatures, testRules } from '@obsgate/prometheus/promtool';
import type { Tool } from '@obsgate/prometheus/toolchain';
import { toolsForTests } from '../stand/tools.ts';
import { FILES } from './promtool-files.ts';

const { servers, missing } = await toolsForTests();
if (servers.length === 0) console.warn(`promtool conformance is skipped: ${missing.join('; ')}`);

let dir = '';
beforeAll(async () => {
  const temp = await tempDir('obsgate-conformance');
  dir = temp.dir;
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(dir, name), text);
  return temp.remove;
});

async function rules(tool: Tool, files: readonly [string, ...string[]], lintFatal = false) {
  const run = await checkRules(tool, files, { cwd: dir, lintFatal });
  if (run.kind === 'failed') throw new Error(run.message);
  return parseCheckRules(run);
}

async function config(tool: Tool, file: string) {
  const run = await checkConfig(tool, file, { cwd: dir });
  if (run.kind === 'failed') throw new Error(run.message);
  return parseCheckConfig(run);
}

async function unit(tool: Tool, file: string) {
  const run = await testRules(tool, [file], { cwd: dir });
  if (run.kind === 'failed') throw new Error(run.message);
  return parseTestRules(run, file);
}

describe.each(servers.map(({ version, promtool }) => ({ version, promtool })))(
  'promtool $version',
  ({ version, promtool }) => {
    test('names its version as the toolchain does', () => {
      expect(promtool.versionText).toBe(version);
    });

    test('reports every bad rule with line, column, group and rule', async () => {
      const report = await rules(promtool, ['bad.yml']);
      expect(report.exitCode).toBe(1);
      const [file] = report.files;
      expect(file?.verdict).toBe('failed');
      const byRule = new Map(file?.messages.map((message) => [message.rule, message]));
      expect(byRule.get(1)).toMatchObject({
        kind: 'promql',
        file: 'bad.yml',
        line: 5,
        column: 15,
        group: 'g',
        ruleName: 'a:b',
        expression: { line: 1, column: 16 },
      });
      expect(byRule.get(2)).toMatchObject({ kind: 'template', group: 'g', ruleName: 'T' });
      expect(file?.messages.find(({ message }) => message.includes('is repeated'))).toMatchObject({ group: 'g' });
      expect(file?.messages.filter(({ kind }) => kind === 'other')).toEqual([]);
    });

    test('says SUCCESS with exit code 0 for duplicates without --lint-fatal, and the parser still sees them', async () => {
      const lenient = await rules(promtool, ['duplicates.yml']);
      expect(lenient.exitCode).toBe(0);
      expect(lenient.files).toMatchObject([
        { verdict: 'lint', messages: [{ kind: 'duplicate' }, { kind: 'duplicate' }] },
      ]);
      const names = lenient.files[0]?.messages.map(({ ruleName, labels }) => ({ ruleName, labels }));
      expect(names).toContainEqual({ ruleName: 'X', labels: { a: 'b', c: 'd' } });
      expect((await rules(promtool, ['duplicates.yml'], true)).exitCode).toBe(3);
    });

    test('gives each of several files its own verdict', async () => {
      const report = await rules(promtool, ['good.yml', 'bad.yml', 'duplicates.yml', 'good.yml']);
      expect(report.files.map(({ file, verdict }) => `${file} ${verdict}`)).toEqual([
        'good.yml ok',
        'bad.yml failed',
        'duplicates.yml lint',
        'good.yml ok',
      ]);
      expect(report.messages).toEqual([]);
    });

    test('counts zero rules in an empty file and calls it success', async () => {
      expect((await rules(promtool, ['empty.yml'])).files).toEqual([
        { file: 'empty.yml', verdict: 'ok', rules: 0, messages: [] },
      ]);
    });

    test('names the lines of unknown fields', async () => {
      const [file] = (await rules(promtool, ['unknown.yml'])).files;
      expect(file?.messages.map(({ kind, line }) => [kind, line])).toEqual([
        ['yaml', 3],
        ['yaml', 7],
      ]);
    });

    test('names the line of a YAML syntax error once', async () => {
      const [file] = (await rules(promtool, ['tab.yml'])).files;
      expect(file?.messages).toMatchObject([{ kind: 'yaml', line: 2 }]);
    });

    test('keeps the verdicts of a configuration and of its rule files apart', async () => {
      const report = await config(promtool, 'prometheus.yml');
      expect(report.exitCode).toBe(1);
      expect(report.config).toMatchObject({ file: 'prometheus.yml', verdict: 'ok', messages: [] });
      expect(report.ruleFiles.map(({ file, verdict }) => `${file} ${verdict}`)).toEqual([
        'bad.yml failed',
        'duplicates.yml lint',
        'good.yml ok',
      ]);
      expect(report.ruleFiles[0]?.messages[0]).toMatchObject({ file: 'bad.yml', line: 5, column: 15, rule: 1 });
      expect(report.messages.filter(({ kind }) => kind === 'warning')).toHaveLength(1);
    });

    test('reports faults of a configuration on it', async () => {
      const unknown = await config(promtool, 'config-unknown.yml');
      expect(unknown.config).toMatchObject({ verdict: 'failed', messages: [{ kind: 'yaml', line: 2 }] });
      const twice = await config(promtool, 'config-twice.yml');
      expect(twice.config).toMatchObject({ verdict: 'failed', messages: [{ kind: 'config' }] });
      const absent = await config(promtool, 'config-absent.yml');
      expect(absent.config?.messages).toMatchObject([{ message: '"absent.yml" does not point to an existing file' }]);
    });

    test('refuses a file that does not exist as usage, without a verdict', async () => {
      const report = await rules(promtool, ['nowhere.yml']);
      expect(report).toMatchObject({ exitCode: 1, files: [], messages: [{ kind: 'usage' }] });
    });

    test('tells failed assertions with what was expected and what came', async () => {
      const report = await unit(promtool, 'failing_test.yml');
      expect(report.exitCode).toBe(1);
      expect(report.failed).toHaveLength(1);
      expect(report.failed[0]?.messages).toEqual([]);
      const failures = report.failed[0]?.failures ?? [];
      expect(failures.map(({ kind }) => kind)).toEqual(['alert', 'alert', 'expr', 'expr', 'expr_error']);
      expect(failures[0]).toMatchObject({ alertname: 'A', time: '1m' });
      expect(failures[1]).toMatchObject({ actual: [] });
      expect(failures[3]).toMatchObject({ expr: 'nothing', expected: ['{__name__="x", a="b"} 2E+00'], actual: [] });
      expect(failures[4]).toMatchObject({ expr: 'up(', message: '1:4: parse error: unclosed left parenthesis' });
    });

    test('passes a test whose rule files match nothing, with a warning that the parser keeps', async () => {
      const report = await unit(promtool, 'no-rules_test.yml');
      expect(report).toMatchObject({ exitCode: 0, failed: [], messages: [{ kind: 'warning' }] });
    });

    test('reports a bad rule file of a test with the position in the rule file', async () => {
      const report = await unit(promtool, 'bad-rules_test.yml');
      expect(report.failed[0]?.messages[0]).toMatchObject({ file: 'bad.yml', line: 5, column: 15, rule: 1 });
    });

    test('has the features that its help says, and its flags work', async () => {
      const probe = await probeFeatures(promtool);
      if (probe.kind === 'failed') throw new Error(probe.message);
      const { features } = probe;
      expect(features).toMatchObject({ lintFatal: true, syntaxOnly: true, agent: true });
      expect(features.ruleLints).toContain('duplicate-rules');
      const run = await testRules(promtool, ['failing_test.yml'], { cwd: dir, junit: join(dir, `${version}.xml`) });
      expect(run.kind).toBe('ran');
      expect(existsSync(join(dir, `${version}.xml`))).toBe(features.junit);
    });

    test('turns OpenMetrics into blocks', async () => {
      const out = join(dir, `blocks-${version}`);
      await mkdir(out);
      const run = await createBlocks(promtool, 'samples.om', out, { cwd: dir });
      expect(run).toMatchObject({ kind: 'ran', exitCode: 0 });
    });
  },
);
