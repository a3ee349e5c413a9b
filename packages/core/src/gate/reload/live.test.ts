import { expect, test } from 'vitest';
import { classifyReload, type LiveState } from './live.ts';

const before: LiveState = { metrics: { successful: 1, succeededAt: 100 }, configText: 'old' };
const state = (successful: number | undefined, succeededAt: number | undefined, configText: string): LiveState => ({
  metrics: { successful, succeededAt },
  configText,
});

test.each<[string, number, LiveState, string]>([
  ['200, metric 1, time moved', 200, state(1, 101, 'new'), 'reloaded'],
  ['the same configuration reloaded', 200, state(1, 101, 'old'), 'reloaded'],
  ['200 and a time that did not move', 200, state(1, 100, 'old'), 'refused'],
  ['200 and metric 0', 200, state(0, 100, 'new'), 'partial'],
  ['200 and no metric', 200, state(undefined, undefined, 'old'), 'refused'],
  ['500 and the old configuration', 500, state(0, 100, 'old'), 'refused'],
  ['500 and the new configuration', 500, state(0, 100, 'new'), 'partial'],
  ['403', 403, state(1, 100, 'old'), 'not_enabled'],
])('%s', (_, status, after, kind) => {
  expect(classifyReload({ status, body: '' }, before, after).kind).toBe(kind);
});

test('a time that was missing before proves nothing', () => {
  const unknown: LiveState = { metrics: { successful: 1, succeededAt: undefined }, configText: 'old' };
  expect(classifyReload({ status: 200, body: '' }, unknown, state(1, 101, 'old')).kind).toBe('refused');
});
