import { gateReport, skippedStage, stageReport } from '@obsgate/core/gate';
import { finding } from '@obsgate/core/kernel';
import { gateSchema } from '@obsgate/core/report';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { finishGateAction } from './gate-action.ts';
import type { OutputValue } from './outputs.ts';

let folder = '';
let log = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-action-'));
  log = '';
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function finish(report: ReturnType<typeof gateReport>) {
  let outputs: Readonly<Record<string, OutputValue | undefined>> = {};
  const exitCode = await finishGateAction(
    { report, sources: () => undefined, rules: [] },
    {
      name: 'promtool-check',
      outputs: { rules: { description: '' }, 'mutation-score': { description: '' } },
      env: { RUNNER_TEMP: folder, NO_COLOR: '1' },
      setOutputs: async (values) => {
        outputs = values;
      },
    },
  );
  return { exitCode, outputs };
}

test('a failed report becomes a file, outputs, a log and annotations, and exit code 1', async () => {
  const evil = finding({ rule: 'a/b', severity: 'error', message: '::add-mask::pass', file: 'a.yml', subject: '' });
  const stage = stageReport(
    'promtool-check',
    { facts: { files: 2, rules: 7, mutation_score: 0.5 }, findings: [evil] },
    5,
  );
  const { exitCode, outputs } = await finish(gateReport([stage], {}, 5));
  expect(exitCode).toBe(1);
  expect(outputs).toEqual({
    rules: 7,
    'mutation-score': 0.5,
    outcome: 'fail',
    'reason-codes': ['findings'],
    report: expect.stringMatching(/obsgate-.*promtool-check\.json$/),
  });
  expect(
    gateSchema.parse(JSON.parse(readFileSync(typeof outputs['report'] === 'string' ? outputs['report'] : '', 'utf8')))
      .outcome,
  ).toBe('fail');
  expect(log.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'TOKEN')).toMatchInlineSnapshot(`
    "::stop-commands::TOKEN
    ── promtool-check ──────────────────────────────────────────────────────────────────────────────────

    error[a/b] ::add-mask::pass
      --> a.yml

    ✗ promtool-check  fail     5 ms  2 files, 7 rules, mutation score: 0.5, 1 error

    ✗ fail: 1 of 1 stage failed, 1 error in 5 ms
    ::TOKEN::
    ::error file=a.yml,title=a/b::::add-mask::pass
    "
  `);
});

test('a stage that could not judge is undecided, a defect of ours is internal, and neither passes', async () => {
  const unjudged = (code: 'tool_unavailable' | 'internal') =>
    gateReport([stageReport('promtool-check', { reasons: [{ code, message: 'm' }] }, 1)], {}, 1);
  expect(await finish(unjudged('tool_unavailable'))).toMatchObject({
    exitCode: 3,
    outputs: { outcome: 'error', 'reason-codes': ['tool_unavailable'] },
  });
  expect(await finish(unjudged('internal'))).toMatchObject({ exitCode: 70, outputs: { outcome: 'error' } });
});

test('a gate of skipped stages only is no pass', async () => {
  const skipped = skippedStage('promtool-check', { code: 'disabled_by_config', message: 'm' });
  expect((await finish(gateReport([skipped], {}, 1))).exitCode).toBe(3);
});
