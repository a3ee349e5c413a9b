import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { toolsForTests } from '../stand/tools.ts';
import { peakMemory, root, runChild } from './child.ts';
import { inTurn, median, medianRatio, type BenchRow } from './rows.ts';

const LARGE = join(root, '../shared/corpus/promtool-testdata/rules_large.yml');
const PUBLISHED = join(root, '../shared/corpus/rules');
const ROUNDS = 5;
const command = join(root, 'dist/obsgate/index.js');

/** The gate's stages on 10,002 rules and on published rules, against the bare promtool calls that they make. */
export async function gateBench(): Promise<BenchRow[]> {
  if (!existsSync(LARGE) || !existsSync(PUBLISHED)) {
    console.log('skipped: the gate on large and published rules, since the corpus is not beside the checkout');
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'obsgate-bench-'));
  try {
    const large = await repository(join(folder, 'large'), [LARGE]);
    const published = await repository(join(folder, 'published'), await yamlFiles(PUBLISHED));
    return [
      ...(await stage1(large, '10,002 rules')),
      ...(await stage1(published, 'published rules')),
      ...(await lint(large)),
      ...(await stages123(large)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function stage1(repo: string, name: string): Promise<BenchRow[]> {
  const { promtool, version } = await authority();
  const rules = (await readdir(join(repo, 'rules'))).map((file) => join(repo, 'rules', file));
  const allowed = [0, 1, 3];
  const stages: number[] = [];
  const args = [command, 'promtool-check', repo, '--prometheus-version', version, '--format', 'json'];
  const times = await inTurn(ROUNDS, {
    bare: () =>
      Promise.all([
        runChild(promtool, ['check', 'config', '--lint=all', join(repo, 'bare.yml')], { allowed }),
        runChild(promtool, ['check', 'rules', '--lint=all', ...rules], { allowed }),
      ]),
    obsgate: async () => {
      const report = reportSchema.parse(JSON.parse(await runChild(process.execPath, args, { allowed })));
      stages.push(report.stages[0].duration_ms);
    },
  });
  const bench = `promtool-check, ${name}`;
  return [
    { bench, name: 'bare promtool calls', value: median(times.bare) / 1000, unit: 's' },
    { bench, name: 'the stage', value: median(stages.slice(1)) / 1000, unit: 's' },
    {
      bench,
      name: 'the stage / bare promtool calls',
      value: medianRatio(stages.slice(1), times.bare),
      unit: 'x',
      goal: 1.25,
    },
    { bench, name: 'whole command, reading the rules included', value: median(times.obsgate) / 1000, unit: 's' },
  ];
}

const reportSchema = z.object({ stages: z.tuple([z.object({ duration_ms: z.number() })]) });

async function lint(repo: string): Promise<BenchRow[]> {
  const args = [command, 'heartbeat-rules-lint', repo, '--quiet'];
  const allowed = [0, 1];
  const times = await inTurn(ROUNDS, { lint: () => runChild(process.execPath, args, { allowed }) });
  const bench = 'heartbeat-rules-lint, 10,002 rules';
  return [
    { bench, name: 'whole command', value: median(times.lint) / 1000, unit: 's', goal: 1.5 },
    { bench, name: 'peak memory', value: await peakMemory(args, allowed), unit: 'MB', goal: 250 },
  ];
}

async function stages123(repo: string): Promise<BenchRow[]> {
  const { version } = await authority();
  const stages = 'promtool-check,promql-unit,heartbeat-rules-lint';
  const args = [command, 'gate', repo, '--stage', stages, '--prometheus-version', version, '--quiet'];
  const times = await inTurn(ROUNDS, { gate: () => runChild(process.execPath, args, { allowed: [0, 1] }) });
  return [
    {
      bench: 'stages 1 to 3, 10,002 rules',
      name: 'whole command',
      value: median(times.gate) / 1000,
      unit: 's',
      goal: 5,
    },
  ];
}

async function authority(): Promise<{ promtool: string; version: string }> {
  const newest = (await toolsForTests()).servers.at(-1);
  if (newest === undefined) throw new Error('no promtool can be had on this machine');
  return { promtool: newest.promtool.path, version: newest.version };
}

/** A repository whose configuration names the given rule files, with one unit test. */
async function repository(folder: string, ruleFiles: readonly string[]): Promise<string> {
  await mkdir(join(folder, 'rules'), { recursive: true });
  for (const [index, file] of ruleFiles.entries()) await cp(file, join(folder, 'rules', `${index}.yml`));
  await writeFile(join(folder, 'prometheus.yml'), 'rule_files: [rules/*.yml]\n');
  await writeFile(join(folder, 'bare.yml'), 'global: {}\n');
  await writeFile(join(folder, '.obsgate.yml'), 'prometheus: { config: prometheus.yml }\n');
  await writeFile(
    join(folder, 'a_test.yml'),
    'rule_files: [rules/0.yml]\ntests:\n  - input_series: [{ series: up, values: 1x5 }]\n    promql_expr_test: [{ expr: up, eval_time: 1m, exp_samples: [{ labels: up, value: 1 }] }]\n',
  );
  return folder;
}

async function yamlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
