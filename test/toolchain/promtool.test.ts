import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempDir } from '@obsgate/prometheus/process';
import { checkRules, probeFeatures } from '@obsgate/prometheus/promtool';
import { createToolchain, type Tool } from '@obsgate/prometheus/toolchain';
import { executable } from './fake-tools.ts';

let dir = '';
let removeDir: () => Promise<void>;
beforeEach(async () => {
  const temp = await tempDir('obsgate-promtool-test');
  dir = temp.dir;
  removeDir = temp.remove;
});
afterEach(() => removeDir());

/** A promtool 2.53.3 that does `script` for everything but `--version`. */
async function promtoolThat(script: string): Promise<Tool> {
  const answer = 'echo "promtool, version 2.53.3"';
  const path = await executable(dir, 'promtool', `#!/bin/sh\n[ "$1" = --version ] && ${answer} && exit\n${script}\n`);
  const result = await createToolchain({ reach: 'local' }).find('promtool', { path });
  if (result.kind === 'unavailable') throw new Error(result.message);
  return result.tool;
}

test('a promtool that hangs is a failure with its deadline, never a verdict', async () => {
  const run = await checkRules(await promtoolThat('sleep 600'), ['a.yml'], { cwd: dir, deadlineMs: 300 });
  expect(run).toMatchObject({ kind: 'failed', reason: 'deadline_exceeded' });
  expect(run.kind === 'failed' && run.message.replaceAll(dir, 'DIR')).toBe(
    'promtool 2.53.3 (DIR/promtool) check rules: no answer within 0.3 s',
  );
});

test('a promtool that crashes is a failure', async () => {
  const run = await checkRules(await promtoolThat('kill -SEGV $$'), ['a.yml'], { cwd: dir });
  expect(run).toMatchObject({ kind: 'failed', reason: 'tool_failed' });
});

test('a promtool that has gone since it was found is unavailable', async () => {
  const tool = await promtoolThat('true');
  await chmod(tool.path, 0o644);
  expect(await checkRules(tool, ['a.yml'], { cwd: dir })).toMatchObject({ kind: 'failed', reason: 'tool_unavailable' });
});

test('features are asked once per binary, and a binary that changed is asked again', async () => {
  const log = join(dir, 'log');
  const help = (flag: string): string =>
    `echo "$*" >> ${log}; printf 'usage: promtool\\n      --${flag}   Something\\n'`;
  const first = await promtoolThat(help('diff'));
  const [a, b] = await Promise.all([probeFeatures(first), probeFeatures(first)]);
  expect(a).toEqual(b);
  expect(a).toMatchObject({ kind: 'features', features: { diff: true, junit: false } });
  const second = await promtoolThat(help('junit'));
  expect(await probeFeatures(second)).toMatchObject({ kind: 'features', features: { diff: false, junit: true } });
});

test('something that answers "help" otherwise has no features instead of none', async () => {
  const result = await probeFeatures(await promtoolThat('echo no'));
  expect(result).toMatchObject({ kind: 'failed' });
});

test('a file name that starts with a dash is a file', async () => {
  const run = await checkRules(await promtoolThat('echo "$@"'), ['--lint-fatal'], { cwd: dir });
  expect(run).toMatchObject({ kind: 'ran', stdout: 'check rules ./--lint-fatal\n' });
});
