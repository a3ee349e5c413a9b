import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ledgerPort } from '@obsgate/github/ledger';
import { seededRandom } from '@obsgate/core/slo/stats';
import { afterEach, expect, test } from 'vitest';
import { connectTo, startStage, type Stage } from '../rollback/stage.ts';
import { runWatch } from './stage.ts';

const NOW = Math.floor(Date.now() / 60_000) * 60;
const WINDOWS = 500;
const objective = (name: string): string =>
  `  ${name}: { bad: 'sum(increase(bad_total{job="${name}"}[1m]))', total: 'sum(increase(all_total{job="${name}"}[1m]))', max: 0.003 }\n`;
const SLO = `slo:\n${['one', 'two', 'three', 'four'].map(objective).join('')}`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Counted = { requests: number; most: number; longest: number };

/** Answers every range query with a healthy service, and counts. */
async function startHealthy(): Promise<{ readonly url: string; readonly counted: Counted }> {
  const counted: Counted = { requests: 0, most: 0, longest: 0 };
  let running = 0;
  const server = createServer((request, response) => {
    counted.requests += 1;
    running += 1;
    counted.most = Math.max(counted.most, running);
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
      const random = seededRandom(counted.requests);
      const mean = form.get('query')?.includes('bad_total') === true ? 3 : 3000;
      const values: [number, string][] = [];
      for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 60)
        values.push([at, String(Math.round(mean * (0.9 + 0.2 * random())))]);
      counted.longest = Math.max(counted.longest, values.length);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } }),
      );
      running -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  // The address of a listening TCP server is an object.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counted };
}

/** A ledger with many merges, `apart` seconds from each other, the latest an hour ago. */
async function startWithMerges(apart: number): Promise<Stage> {
  const stage = await startStage();
  closing.push(() => stage.double.close());
  await stage.repo.push('main', { '.slo/shop.yml': SLO });
  const run = { id: 1, attempt: 1, url: 'https://github.test/runs/1' };
  const ledger = ledgerPort(await connectTo(stage), { actor: 'obsgate', run });
  const merges = Array.from({ length: WINDOWS }, (_, index) => ({
    stage: 'merge' as const,
    result: 'pass' as const,
    reasons: [],
    ts: new Date((NOW - 3600 - index * apart) * 1000).toISOString(),
    ctx: { pr: 1000 + index, sha: index.toString(16).padStart(40, '0'), base: 'main', merged: true },
  }));
  const appended = await ledger.append(merges);
  if (appended.kind === 'refused') throw new Error(JSON.stringify(appended.reasons));
  stage.double.clearRequests();
  return stage;
}

test('500 windows of one afternoon share eight range queries, and a handful of requests to GitHub', async () => {
  const { url, counted } = await startHealthy();
  const stage = await startWithMerges(20);
  const result = await runWatch(stage, { url, now: NOW, dryRun: true });
  expect(result.report.windows).toHaveLength(WINDOWS);
  expect(new Set(result.report.windows.map(({ outcome }) => outcome))).not.toContain('error');
  expect(result.breaches).toEqual([]);
  expect({ requests: counted.requests, queries: result.report.queries }).toEqual({ requests: 8, queries: 8 });
  expect(counted.most).toBeLessThanOrEqual(8);
  expect(stage.double.requests.length).toBeLessThanOrEqual(10);
}, 60_000);
