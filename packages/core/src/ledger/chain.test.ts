import { expect, test } from 'vitest';
import { CHAIN_START, appendEntries, headOf, ledgerPath, lineHash, verifyChain } from './chain.ts';
import type { AuditEntry } from './entry.ts';

function entry(id: string, ts: string): Omit<AuditEntry, 'prev'> {
  const run = { id: 1, attempt: 1, url: 'https://example.test/runs/1' };
  return {
    schema: 'obsgate.audit/1',
    id,
    ts,
    stage: 'merge',
    result: 'done',
    reasons: [],
    actor: 'bot',
    run,
    ctx: { pr: 1 },
  };
}

const october = appendEntries('', CHAIN_START, [
  entry('a', '2026-10-31T23:59:59Z'),
  entry('b', '2026-10-31T23:59:59Z'),
]);
const november = appendEntries('', october.head, [entry('c', '2026-11-01T00:00:00Z')]);
const files = [
  { path: 'audit/2026-10.ndjson', text: october.text },
  { path: 'audit/2026-11.ndjson', text: november.text },
];

test('entries are chained over calls and months', () => {
  const chain = verifyChain(files);
  expect(chain.kind === 'ok' && chain.entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(chain.kind === 'ok' && chain.head).toBe(november.head);
  expect(headOf(october.text)).toBe(october.head);
  expect(verifyChain(files.slice(1), october.head).kind).toBe('ok');
});

test.each([
  ['changed', october.text.replace('"pr":1', '"pr":2'), 'audit/2026-10.ndjson:2'],
  ['removed', october.text.slice(october.text.indexOf('\n') + 1), 'audit/2026-10.ndjson:1'],
  ['put in another order', october.text.trimEnd().split('\n').toReversed().join('\n'), 'audit/2026-10.ndjson:1'],
  ['cut off', october.text.slice(0, -10), 'audit/2026-10.ndjson:2'],
])('a line that was %s breaks the chain where it stands', (_name, text, place) => {
  const chain = verifyChain([{ path: 'audit/2026-10.ndjson', text }]);
  expect(chain).toMatchObject({ kind: 'broken', reason: { code: 'ledger_broken', subject: place } });
});

test('an entry in the file of an earlier month breaks the chain', () => {
  expect(verifyChain([{ path: 'audit/2026-09.ndjson', text: october.text }]).kind).toBe('broken');
});

test('an entry after a cut-off line begins a line of its own', () => {
  const { text } = appendEntries('{"cut', lineHash('{"cut'), [entry('d', '2026-11-02T00:00:00Z')]);
  expect(text.split('\n')).toHaveLength(3);
});

test('a month has one file', () => {
  expect(ledgerPath('2026-11-21T10:00:00Z')).toBe('audit/2026-11.ndjson');
});
