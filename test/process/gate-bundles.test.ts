import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolsForTests } from '../stand/tools.ts';
import { root, runBundle, runtimes } from './run-bundle.ts';

const ACTIONS = ['promtool-check', 'promql-unit', 'heartbeat-rules-lint', 'reload-dry-run', 'smoke-query'];
const example = join(root, 'docs/example');

let broken = '';

beforeAll(async () => {
  // Fetches what is missing before the first bundle runs, so that each run finds the tools in the cache.
  await toolsForTests();
  broken = await mkdtemp(join(tmpdir(), 'obsgate-broken-'));
  await cp(example, broken, { recursive: true });
  const rules = join(broken, 'prometheus/rules/heartbeat.yml');
  const text = await readFile(rules, 'utf8');
  await writeFile(rules, text.replace(/expr: (?=\S)/, 'expr: ) '));
});

afterAll(async () => {
  await rm(broken, { recursive: true, force: true });
});

describe.each(runtimes)('the committed bundles on $name', ({ node }) => {
  test.each(ACTIONS)('%s passes the example and writes outputs and a summary', async (action) => {
    const run = await runBundle(action, { node, workspace: example });
    expect(run.stderr).toBe('');
    expect(run).toMatchObject({ code: 0, outputs: { outcome: 'pass', 'reason-codes': '[]' } });
    expect(run.summary).toContain(action);
  });

  test.each(ACTIONS)('%s refuses an unknown input at once, in one line', async (action) => {
    const run = await runBundle(action, { node, workspace: example, inputs: { confg: 'x' } });
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(run.stdout).toBe('::error::unknown input "confg"; did you mean "config"?\n');
  });

  test('promtool-check fails on a broken rule and annotates its line', async () => {
    const run = await runBundle('promtool-check', { node, workspace: broken });
    expect(run).toMatchObject({ code: 1, outputs: { outcome: 'fail', 'reason-codes': '["findings"]' } });
    expect(run.stdout).toMatch(/^::error file=prometheus\/rules\/heartbeat\.yml,line=\d+,/m);
  });

  test('a report is written where the input says, and nowhere outside of the workspace', async () => {
    const inside = await runBundle('promql-unit', { node, workspace: broken, inputs: { junit: 'out/unit.xml' } });
    expect(inside.outputs['outcome']).toBe('fail');
    expect(await readFile(join(broken, 'out/unit.xml'), 'utf8')).toMatch(/^<\?xml /);
    const outside = await runBundle('promql-unit', { node, workspace: broken, inputs: { junit: '../unit.xml' } });
    expect(outside).toMatchObject({ code: 2, stdout: '::error::junit: "../unit.xml" lies outside of the workspace\n' });
  });
});
