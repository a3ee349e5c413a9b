import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolsForTests } from '../stand/tools.ts';
import { goProgram, runObsLint, type ActEvent } from './act.ts';

const act = goProgram('act');
const { servers } = await toolsForTests();
/** The outcome that each stage's step gave to the verdict. */
function outcomes(events: readonly ActEvent[]): Record<string, string | undefined> {
  const given = events.filter(({ command, name }) => command === 'set-output' && name === 'outcome');
  return Object.fromEntries(given.map(({ stepID, arg }) => [stepID?.[0] ?? '', arg]));
}

function jobs(events: readonly ActEvent[]): Record<string, string | undefined> {
  return Object.fromEntries(
    events.filter(({ jobResult }) => jobResult !== undefined).map(({ jobID, jobResult }) => [jobID ?? '', jobResult]),
  );
}

describe.skipIf(act === undefined || servers.length === 0)(
  'obs-lint.yml in a runner (skipped where act is not installed: go install github.com/nektos/act@v0.2.89)',
  () => {
    test(
      'called by a workflow, the example passes all five stages, and every report is kept',
      { timeout: 180_000 },
      async () => {
        const { code, events, errors } = await runObsLint(act ?? '', 'workflow_call', async () => {});
        expect({ code, outcomes: outcomes(events), jobs: jobs(events), errors }).toMatchObject({
          code: 0,
          outcomes: {
            'promtool-check': 'pass',
            'promql-unit': 'pass',
            'heartbeat-rules-lint': 'pass',
            'reload-dry-run': 'pass',
            'smoke-query': 'pass',
            verdict: 'pass',
          },
          jobs: { rules: 'success', 'promql-unit': 'success', 'sandbox-smoke-60s': 'success', 'obs-lint': 'success' },
        });
        expect(events.filter(({ command }) => command === 'error')).toEqual([]);
        const kept = events.filter(({ msg }) => msg.includes('kept obsgate-report')).map(({ msg }) => msg.trim());
        expect(kept.toSorted()).toEqual([
          'kept obsgate-report-promql-unit promql-unit.json',
          'kept obsgate-report-rules heartbeat-rules-lint.json',
          'kept obsgate-report-rules promtool-check.json',
          'kept obsgate-report-rules reload-dry-run.json',
          'kept obsgate-report-smoke-query smoke-query.json',
        ]);
      },
    );

    test(
      'a pull request with a broken change runs every stage, fails once, and stands on its line',
      { timeout: 180_000 },
      async () => {
        const { code, events } = await runObsLint(act ?? '', 'pull_request', async (repository) => {
          const path = join(repository, 'docs/example/prometheus/rules/heartbeat.yml');
          const text = await readFile(path, 'utf8');
          expect(text).toContain('<= bool 120');
          await writeFile(path, text.replace('<= bool 120', '<= 120'));
        });
        expect(code).toBe(1);
        const stages = outcomes(events);
        expect(Object.keys(stages).toSorted()).toEqual([
          'heartbeat-rules-lint',
          'promql-unit',
          'promtool-check',
          'reload-dry-run',
          'smoke-query',
          'verdict',
        ]);
        expect(stages).toMatchObject({
          'promtool-check': 'pass',
          'promql-unit': 'fail',
          'heartbeat-rules-lint': 'fail',
          'reload-dry-run': 'pass',
          verdict: 'fail',
        });
        expect(jobs(events)['obs-lint']).toBe('failure');
        const places = events.filter(({ command }) => command === 'error').map(({ kvPairs }) => kvPairs ?? {});
        expect(places).toContainEqual(
          expect.objectContaining({
            title: 'heartbeat/bool-arithmetic',
            file: 'docs/example/prometheus/rules/heartbeat.yml',
            line: '25',
          }),
        );
      },
    );
  },
);
