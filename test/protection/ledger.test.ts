import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyChain, type AuditFacts, type LedgerPort } from '@obsgate/core/ledger';
import { ledgerPort } from '@obsgate/github/ledger';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

function port(at = '2026-11-21T10:00:00Z'): LedgerPort {
  return ledgerPort(stage.session.client, {
    actor: 'obsgate[bot]',
    run: { id: 5, attempt: 1, url: 'https://github.com/acme/obs/actions/runs/5' },
    now: () => Date.parse(at),
    sleep: async () => undefined,
  });
}

const facts = (pr: number): AuditFacts => ({
  stage: 'merge',
  result: 'done',
  reasons: [],
  ctx: { pr, scenario: 'safe-docs' },
});

function chain(...months: string[]) {
  return verifyChain(
    months
      .map((month) => `audit/${month}.ndjson`)
      .map((path) => ({ path, text: stage.repo.file('obsgate-ledger', path) ?? '' })),
  );
}

async function appended(ledger: LedgerPort, ...prs: number[]): Promise<void> {
  const result = await ledger.append(prs.map(facts));
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.reasons));
}

test('the first entry begins the branch, without a parent; the next ones take two requests each', async () => {
  await appended(port(), 1);
  stage.double.clearRequests();
  await appended(port(), 2, 3);
  expect(stage.double.requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.map(({ ctx }) => ctx.pr)).toEqual([1, 2, 3]);
});

test('many who write at once all get their entries in, each once, in one chain', async () => {
  await appended(port(), 1);
  await Promise.all([2, 3, 4].map((pr) => appended(port(), pr)));
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.length).toBe(4);
  expect(read.kind === 'ok' && new Set(read.entries.map(({ ctx }) => ctx.pr))).toEqual(new Set([1, 2, 3, 4]));
});

test('two who begin the ledger at once begin one', async () => {
  await Promise.all([1, 2].map((pr) => appended(port(), pr)));
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.length).toBe(2);
});

test('the chain goes on in the next month', async () => {
  await appended(port('2026-10-31T23:00:00Z'), 1);
  await appended(port('2026-11-01T01:00:00Z'), 2);
  await appended(port('2027-01-01T01:00:00Z'), 3);
  expect(chain('2026-10', '2026-11', '2027-01').kind).toBe('ok');
});

test.each([
  ['lost after the effect', { do: 'drop', effect: 'applied' }],
  ['lost before the effect', { do: 'drop', effect: 'none' }],
  ['a 502', { do: 'status', status: 502 }],
] as const)('an answer that was %s leaves the entry there exactly once', async (_name, fault) => {
  await appended(port(), 1);
  stage.double.faults.add({ method: 'PUT', fault });
  await appended(port(), 2);
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.map(({ ctx }) => ctx.pr)).toEqual([1, 2]);
});

test('a file above one megabyte is still appended to', async () => {
  await appended(port(), 1);
  await port().append([{ ...facts(2), ctx: { pr: 2, note: 'x'.repeat(1_100_000) } }]);
  await appended(port(), 3);
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.map(({ ctx }) => ctx.pr)).toEqual([1, 2, 3]);
});

test('hostile text stays inside its line', async () => {
  await port().append([
    { ...facts(1), ctx: { pr: 1, title: 'a\n{"schema":"obsgate.audit/1"}\u2028$(id) "quoted" \u202e' } },
  ]);
  const read = chain('2026-11');
  expect(read.kind === 'ok' && read.entries.length).toBe(1);
});

test('without the permission it is named', async () => {
  const app = stage.double.app({ slug: 'weak', permissions: { contents: 'read' } });
  const token = stage.double.installationToken(stage.double.install(app, 'acme'));
  const { connect } = await import('@obsgate/github/client');
  const client = await connect({ apiUrl: stage.double.url, token, owner: 'acme', repo: 'obs' });
  const result = await ledgerPort(client, { actor: 'x', run: { id: 1, attempt: 1, url: '' } }).append([facts(1)]);
  expect(result).toMatchObject({
    kind: 'refused',
    reasons: [{ code: 'permission_missing', message: expect.stringContaining('contents: write') }],
  });
});
