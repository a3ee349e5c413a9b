import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGE_NAMES, type GateReport, type StageName, type StageReport } from '@obsgate/core/gate';
import type { Finding } from '@obsgate/core/kernel';
import { runGate } from '@obsgate/prometheus/gate';
import { withTempDir } from '@obsgate/prometheus/process';
import { describe, expect, test } from 'vitest';
import { brokenCases, buildCase, type Expected } from './build-case.ts';
import { toolsForTests } from '../stand/tools.ts';

/** Run on every case. The others start servers, which takes seconds: they run where the case says what they find. */
const STATIC: ReadonlySet<StageName> = new Set(['promtool-check', 'promql-unit', 'heartbeat-rules-lint']);
const EXAMPLE = fileURLToPath(new URL('../../docs/example', import.meta.url));

const { servers, missing } = await toolsForTests();
// The cases of disagreement need a version that knows durations as numbers and one that does not.
const versions = ['2.53', '3.5'].filter((wanted) => servers.some(({ version }) => version.startsWith(`${wanted}.`)));
const unable = versions.length < 2;
if (unable) {
  process.stderr.write(`broken repositories are skipped, they need Prometheus 2.53 and 3.5: ${missing.join('; ')}\n`);
}

const cases = await brokenCases();

async function gate(directory: string, stages: readonly StageName[]): Promise<GateReport> {
  const { report } = await runGate(
    { directory, stages },
    { env: process.env, progress: () => {}, signal: new AbortController().signal },
  );
  return { ...report, stages: report.stages.filter(({ name }) => stages.includes(name)) };
}

/** What counts in a comparison with `expected.json`: an `info` tells no defect. */
function told(findings: readonly Finding[]): { readonly rule: string; readonly at: string }[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule, file = '', range }) => ({ rule, at: range === undefined ? file : `${file}:${range.line}` }));
}

function sorted(items: readonly { readonly rule: string; readonly at?: string | undefined }[]): string[] {
  return items.map(({ rule, at }) => `${rule} ${at ?? ''}`).toSorted();
}

const IN_CONSEQUENCE = 'fails in consequence';

/** The findings, and why the stage could not judge, which only a consequence may excuse. */
function whatIsSeen({ name, outcome, findings, reasons }: StageReport, expected: Expected): string[] {
  if (expected.consequences.includes(name) && outcome !== 'pass') return [IN_CONSEQUENCE];
  const unjudged = outcome === 'error' ? reasons.map(({ code, message }) => `${code}: ${message}`) : [];
  return [...sorted(told(findings)), ...unjudged];
}

function whatIsWanted(name: StageName, expected: Expected): string[] {
  return expected.consequences.includes(name) ? [IN_CONSEQUENCE] : sorted(expected.findings[name] ?? []);
}

describe.skipIf(unable)('the gate', () => {
  test.each(cases)('finds what is broken in %s, and nothing else', async (name) => {
    await withTempDir('obsgate-broken', async (directory) => {
      const expected = await buildCase(name, directory);
      const stages = STAGE_NAMES.filter((stage) => STATIC.has(stage) || stage in expected.findings);
      const report = await gate(directory, stages);
      const seen = report.stages.map((stage) => ({ stage: stage.name, found: whatIsSeen(stage, expected) }));
      expect(seen).toEqual(stages.map((stage) => ({ stage, found: whatIsWanted(stage, expected) })));
    });
  });

  test('finds nothing in the sound repository that all of them are made from', async () => {
    await withTempDir('obsgate-sound', async (directory) => {
      await buildCase('sound', directory);
      const report = await gate(directory, STAGE_NAMES);
      expect(report.stages.map(({ outcome, findings }) => ({ outcome, found: told(findings) }))).toEqual(
        STAGE_NAMES.map(() => ({ outcome: 'pass', found: [] })),
      );
    });
  });

  test('finds nothing in docs/example, where a test asserts every rule', async () => {
    const report = await gate(EXAMPLE, STAGE_NAMES);
    expect(report.stages.map(({ outcome, findings }) => ({ outcome, found: told(findings) }))).toEqual(
      STAGE_NAMES.map(() => ({ outcome: 'pass', found: [] })),
    );
    expect(report.stages.find(({ name }) => name === 'promql-unit')?.facts).toMatchObject({ coverage: 100 });
  });

  test('does not change the repository that it judges', async () => {
    await withTempDir('obsgate-sound', async (directory) => {
      await mkdir(directory, { recursive: true });
      await buildCase('sound', directory);
      const path = join(directory, 'prometheus/prometheus.yml');
      const before = await readFile(path, 'utf8');
      await gate(directory, STAGE_NAMES);
      expect(await readFile(path, 'utf8')).toBe(before);
    });
  });
});

test('every broken repository is named in the table of its README', async () => {
  const readme = await readFile(new URL('../fixtures/broken/README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].flatMap(([, name]) => name ?? []);
  expect(rows.filter((row) => !['defect', 'findings', 'consequences', 'without'].includes(row))).toEqual(cases);
});
