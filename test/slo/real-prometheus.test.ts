import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sandboxProgram } from '@obsgate/prometheus/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { runCli } from '../../packages/cli/src/run-cli.ts';
import { toolsForTests } from '../stand/tools.ts';
import { openMetrics, type Service } from './history.ts';

// Whole minutes some hours ago, so that everything lies in the past of a real server.
const MERGED_AT = Math.floor(Date.now() / 60_000) * 60 - 4 * 3600;
const tools = await toolsForTests();
if (tools.servers.length === 0) process.stderr.write('skipped: no Prometheus on this machine\n');

const healthy = (): number => 0.001;
const SERVICES: readonly Service[] = [
  { job: 'healthy', requests: 3000, share: healthy },
  { job: 'broken', requests: 3000, share: (minute) => (minute > 20 ? 0.015 : 0.001) },
  { job: 'outage', requests: 3000, share: (minute) => (minute > 20 ? 0.3 : 0.001) },
  { job: 'blip', requests: 3000, share: (minute) => (minute > 20 && minute <= 22 ? 0.1 : 0.0005) },
  { job: 'before', requests: 3000, share: () => 0.02 },
  { job: 'restarted', requests: 3000, share: healthy, restart: 33 },
  { job: 'unscraped', requests: 3000, share: healthy, lost: (minute) => minute > 30 && minute < 70 },
  { job: 'faultless', requests: 3000, share: undefined },
  { job: 'quiet', requests: 60, share: (minute) => (minute > 20 ? 0.1 : 0.001) },
];

const reportSchema = z.object({
  outcome: z.string(),
  reasons: z.array(z.object({ code: z.string() })),
  metrics: z.array(
    z.object({
      onset: z.string().nullable(),
      decided_at: z.string().nullable(),
      requests: z.number().nullable(),
      slices: z.object({ missing: z.record(z.string(), z.number()) }),
    }),
  ),
});
type Judged = z.infer<typeof reportSchema> & { readonly exitCode: number; readonly text: string };

describe.skipIf(tools.servers.length === 0).each(tools.servers.slice(-2))(
  'Prometheus $version',
  ({ version, prometheus, promtool }) => {
    let url = '';
    let folder = '';
    let stop = async (): Promise<unknown> => undefined;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'obsgate-slo-'));
      const program = sandboxProgram({ version, prometheus: prometheus.path, promtool: promtool.path });
      const history = openMetrics(SERVICES, MERGED_AT);
      const files = new Map([['prometheus.yml', 'global: {}\n']]);
      const start = await program.start({ files, config: 'prometheus.yml', features: [], history, deadlineMs: 60_000 });
      if (start.kind !== 'ready') throw new Error(JSON.stringify(start));
      url = start.server.api.url;
      stop = () => start.server.stop();
    });
    afterAll(async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function watch(objective: string, minute: number, more: readonly string[] = ['--url', url]): Promise<Judged> {
      const file = join(folder, 'slo.yml');
      await mkdir(folder, { recursive: true });
      await writeFile(file, `slo:\n  a: ${objective}\n`);
      let text = '';
      const times = ['--merged-at', String(MERGED_AT), '--now', String(MERGED_AT + minute * 60 + 30)];
      const exitCode = await runCli(['watch', '--slo', file, ...times, '--format', 'json', ...more], {
        cwd: folder,
        env: {},
        out: (part) => (text += part),
        err: (part) => (text += part),
        color: false,
        progress: false,
        signal: new AbortController().signal,
        home: pathToFileURL(join(import.meta.dirname, '../../')),
      });
      expect(text, text).toMatch(/^\{/);
      return { ...reportSchema.parse(JSON.parse(text)), exitCode, text };
    }

    const ratio = (job: string): string =>
      `{ bad: 'sum(increase(app_requests_total{job="${job}",code=~"5.."}[1m]))', total: 'sum(increase(app_requests_total{job="${job}"}[1m]))', max: 0.003 }`;
    const answer = ({ outcome, reasons, exitCode }: Judged): unknown[] => [
      outcome,
      exitCode,
      ...reasons.map(({ code }) => code),
    ];

    test('a healthy service passes, and so does one that restarts', async () => {
      expect(answer(await watch(ratio('healthy'), 120))).toEqual(['pass', 0]);
      expect(answer(await watch(ratio('restarted'), 120))).toEqual(['pass', 0]);
    });

    test('a breach is found within seven minutes of its onset, an outage within four', async () => {
      const minutesAfter = ({ metrics }: Judged): number =>
        (Date.parse(metrics[0]?.decided_at ?? '') / 1000 - MERGED_AT) / 60 - 20;
      const broken = await watch(ratio('broken'), 60);
      expect(answer(broken)).toEqual(['breach', 1, 'slo_breached']);
      expect(minutesAfter(broken)).toBeLessThanOrEqual(7);
      const outage = await watch(ratio('outage'), 60);
      expect(answer(outage)).toEqual(['breach', 1, 'slo_breached']);
      expect(minutesAfter(outage)).toBeLessThanOrEqual(4);
    });

    test('at no minute is a blip a breach', async () => {
      for (const minute of [22, 23, 24, 25, 26, 30]) expect((await watch(ratio('blip'), minute)).outcome).toBe('hold');
    });

    test('what was broken before, what is missing and what is too little are held', async () => {
      expect(answer(await watch(ratio('before'), 120))).toEqual(['hold', 3, 'preexisting']);
      expect(answer(await watch(ratio('unscraped'), 120))).toEqual(['hold', 3, 'coverage_low']);
      expect(answer(await watch(ratio('faultless'), 120))).toEqual(['hold', 3, 'coverage_low']);
      expect(answer(await watch(ratio('quiet'), 120))).toEqual(['hold', 3, 'too_little_traffic']);
    });

    test('a count that may be absent passes once it is written so that it is not', async () => {
      const total = 'sum(increase(app_requests_total{job="faultless"}[1m]))';
      const bad = `sum(increase(app_requests_total{job="faultless",code=~"5.."}[1m])) or 0 * ${total}`;
      expect(answer(await watch(`{ bad: '${bad}', total: '${total}', max: 0.003 }`, 120))).toEqual(['pass', 0]);
    });

    test('a ratio that users have is judged by its parts', async () => {
      const rate = (code: string): string => `sum(rate(app_requests_total{job="broken"${code}}[5m]))`;
      const judged = await watch(`{ query: '${rate(',code=~"5.."')} / ${rate('')}', threshold: 0.003 }`, 60);
      expect(answer(judged)).toEqual(['breach', 1, 'slo_breached']);
      expect(judged.metrics[0]?.requests).toBeGreaterThan(100_000);
    });

    test('a value that the server repeats after the last scrape is stale', async () => {
      const judged = await watch(`{ query: 'min(app_up)', min: 1 }`, 15);
      expect(answer(judged)).toEqual(['hold', 3, 'coverage_low']);
      expect(judged.metrics[0]?.slices.missing['stale']).toBeGreaterThanOrEqual(3);
    });

    test('a query that the server refuses and a server that is gone are errors', async () => {
      expect(
        answer(
          await watch(
            `{ query: 'sum(app_up) + on(a) group_left', min: 1 }`.replace('+ on(a) group_left', '+ "text"'),
            60,
          ),
        ),
      ).toEqual(['error', 3, 'query_failed']);
      expect(answer(await watch(ratio('healthy'), 60, ['--url', 'http://127.0.0.1:1']))).toEqual([
        'error',
        3,
        'server_unreachable',
        'server_unreachable',
      ]);
    });

    test('saved answers give the same verdict without the server', async () => {
      const saved = join(folder, 'saved');
      const live = await watch(ratio('broken'), 60, ['--url', url, '--save', saved]);
      const again = await watch(ratio('broken'), 60, ['--data', saved]);
      const metrics = (text: string): unknown => z.object({ metrics: z.unknown() }).parse(JSON.parse(text)).metrics;
      expect(metrics(again.text)).toEqual(metrics(live.text));
      expect(await readFile(join(saved, 'a.bad.json'), 'utf8')).toMatch(/^\{"status":"success"/);
    });
  },
);
