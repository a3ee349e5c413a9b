import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkflow } from './workflow-files.ts';

const { jobs } = readWorkflow('.github/workflows/obs-lint.yml');

const passed = {
  PROMTOOL_CHECK: 'pass',
  PROMQL_UNIT: 'pass',
  HEARTBEAT_RULES_LINT: 'pass',
  RELOAD_DRY_RUN: 'pass',
  SMOKE_QUERY: 'pass',
  JOBS: 'success success success',
};

/** Runs the verdict's script as the runner does. */
function verdict(env: Readonly<Record<string, string>>) {
  const script = jobs['obs-lint']?.steps.find((step) => step.id === 'verdict')?.run ?? 'exit 99';
  const folder = mkdtempSync(join(tmpdir(), 'verdict-'));
  const output = join(folder, 'output');
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    env: { PATH: process.env['PATH'], GITHUB_OUTPUT: output, ...env },
    encoding: 'utf8',
  });
  const written = readFileSync(output, 'utf8');
  rmSync(folder, { recursive: true });
  return { status, stdout, written };
}

test('the checks that branch rules name are jobs of the workflow', () => {
  const names = Object.values(jobs).map((job) => job.name);
  expect(names).toEqual(expect.arrayContaining(['obs-lint', 'promql-unit', 'sandbox-smoke-60s']));
});

test('five stages that pass are a pass', () => {
  expect(verdict(passed)).toMatchObject({ status: 0, written: 'outcome=pass\n' });
});

test.each(Object.keys(passed).filter((name) => name !== 'JOBS'))('the verdict fails without a pass of %s', (name) => {
  for (const outcome of ['fail', 'error', 'skipped', '', 'pass pass', '*']) {
    expect(verdict({ ...passed, [name]: outcome })).toMatchObject({ status: 1, written: 'outcome=fail\n' });
  }
});

test('the verdict fails when a job was cancelled, skipped or failed after its stages passed', () => {
  for (const result of ['cancelled', 'skipped', 'failure', '']) {
    expect(verdict({ ...passed, JOBS: `success ${result} success` }).status).toBe(1);
  }
});

test('the log names the stages', () => {
  expect(verdict({ ...passed, SMOKE_QUERY: '', JOBS: 'success success failure' }).stdout).toMatchInlineSnapshot(`
    "promtool-check         pass
    promql-unit            pass
    heartbeat-rules-lint   pass
    reload-dry-run         pass
    smoke-query            no outcome
    jobs: success success failure
    verdict: fail
    "
  `);
});
