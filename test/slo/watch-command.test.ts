import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../packages/cli/src/run-cli.ts';

const MERGED_AT = 1_700_000_000;
const SLO = `slo:\n  a: { query: 'min(up)', min: 1 }\n`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'obsgate-watch-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  await writeFile(join(path, 'slo.yml'), SLO);
  await mkdir(join(path, 'data'));
  const values = Array.from({ length: 180 }, (_, index) => [MERGED_AT + (index - 119) * 60, index > 140 ? '0' : '1']);
  const body = { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } };
  await writeFile(join(path, 'data/a.query.json'), JSON.stringify(body));
  return path;
}

async function run(cwd: string, args: readonly string[]): Promise<{ exitCode: number; text: string }> {
  let text = '';
  const exitCode = await runCli(['watch', ...args], {
    cwd,
    env: {},
    out: (part) => (text += part),
    err: (part) => (text += part),
    color: false,
    progress: false,
    signal: new AbortController().signal,
    home: pathToFileURL(join(import.meta.dirname, '../../')),
  });
  return { exitCode, text };
}

const times = (minute: number): string[] => [
  '--slo',
  'slo.yml',
  '--merged-at',
  '2023-11-14T22:13:20Z',
  '--now',
  String(MERGED_AT + minute * 60),
];

test('a breach in saved answers exits with 1, and writes report and charts whole', async () => {
  const cwd = await folder();
  const outputs = ['--output', 'json=out/report.json', '--output', 'markdown', '--charts', 'charts'];
  const { exitCode, text } = await run(cwd, [...times(50), '--data', 'data', ...outputs]);
  expect(exitCode).toBe(1);
  expect(text).toMatch(/^## ❌ An objective is broken/);
  expect(await readFile(join(cwd, 'out/report.json'), 'utf8')).toMatch(/"schema": "obsgate.watch\/1"/);
  expect(await readdir(join(cwd, 'charts'))).toEqual(['a.svg']);
});

test('a window that proves nothing yet exits with 3', async () => {
  expect((await run(await folder(), [...times(15), '--data', 'data'])).exitCode).toBe(3);
});

test.each([
  ['a folder that is not there', [...times(50), '--data', 'elsewhere'], 'there is no such folder'],
  ['neither server nor data', times(50), 'give either --url'],
  ['both', [...times(50), '--data', 'data', '--url', 'http://127.0.0.1:1'], 'give either --url'],
  [
    'a time without its offset',
    ['--slo', 'slo.yml', '--merged-at', '2023-11-14T22:13:20', '--data', 'data'],
    'is no time',
  ],
  ['a time before the merge', [...times(-1), '--data', 'data'], 'before the merge'],
  ['an unknown format', [...times(50), '--data', 'data', '--format', 'jsn'], 'did you mean json?'],
  ['no SLO file', ['--slo', 'no.yml', '--merged-at', '1', '--data', 'data'], 'cannot be read'],
])('%s is the fault of the user, and says what to give', async (_, args, says) => {
  const { exitCode, text } = await run(await folder(), args);
  expect(text).toContain(says);
  expect(exitCode).toBe(2);
});
