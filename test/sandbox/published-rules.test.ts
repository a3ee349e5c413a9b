import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runReloadDryRun, type StageResult } from '@obsgate/core/gate';
import { loadRuleFile } from '@obsgate/core/rules';
import { wallClock } from '@obsgate/prometheus/sandbox';
import { expect, test } from 'vitest';
import { CONFIG, project, servers, wanted } from './support.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const LARGE = join(CORPUS, 'promtool-testdata/rules_large.yml');
const newest = (await servers()).at(-1);
const missing = newest === undefined || !existsSync(CORPUS);
if (missing) process.stderr.write('skipped: the published rules need ../shared/corpus and a Prometheus\n');

async function dryRun(files: Readonly<Record<string, string>>): Promise<StageResult> {
  if (newest === undefined) throw new Error('no Prometheus');
  return runReloadDryRun(await project(files), { sandboxes: [wanted(newest)], clock: wallClock });
}

test.skipIf(missing)(
  'published alerts and mixins load as written, evaluate, and expand; the one broken template is found',
  async () => {
    const files: Record<string, string> = { 'prometheus.yml': CONFIG };
    const root = join(CORPUS, 'rules');
    for (const path of await readdir(root, { recursive: true })) {
      if (!/\.ya?ml$/.test(path)) continue;
      const text = await readFile(join(root, path), 'utf8');
      const broken = loadRuleFile(path, text).findings.some((item) => item.severity === 'error');
      if (!broken) files[`rules/${path.replaceAll('/', '__').replace(/\.ya?ml$/, '')}.yml`] = text;
    }
    expect(Object.keys(files).length).toBeGreaterThan(200);
    const result = await dryRun(files);
    expect(result.reasons).toEqual([]);
    const errors = (result.findings ?? []).filter((item) => item.severity === 'error');
    expect(errors.map(({ rule, message }) => `${rule} ${message.split(':')[0]}`)).toEqual([
      'template/cannot-execute The template of RunningOutOfCiliumClusterIdentities',
    ]);
  },
);

test.skipIf(missing)('ten thousand rules are proved', async () => {
  const result = await dryRun({ 'prometheus.yml': CONFIG, 'rules/large.yml': await readFile(LARGE, 'utf8') });
  expect(result.reasons).toEqual([]);
  expect(result.findings?.filter((item) => item.severity === 'error')).toEqual([]);
  expect(result.facts?.['rules']).toBe(10_002);
});
