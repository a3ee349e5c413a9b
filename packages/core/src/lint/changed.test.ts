import { expect, test } from 'vitest';
import { alert, group, lintTexts, record } from './fixture.ts';

const FILES = group(alert('DeadMansSwitch', 'up'), alert('Watchdog', 'up'));

function lines(first: number, last: number, scope: 'project' | 'files' = 'files'): (number | undefined)[] {
  const changed = new Map([['rules.yml', [{ first, last }]]]);
  return lintTexts({ files: FILES, options: { scope, changed } }).map(({ range }) => range?.line);
}

test('a finding is kept when the change touched its rule, on whatever line', () => {
  expect(lines(4, 4)).toEqual([5]);
  expect(lines(5, 5)).toEqual([5]);
  expect(lines(6, 7)).toEqual([7]);
  expect(lines(1, 99)).toEqual([5, 7]);
});

test('a finding is left out when the change touched other rules or files', () => {
  expect(lines(1, 3)).toEqual([]);
  const changed = new Map([['other.yml', [{ first: 1, last: 99 }]]]);
  expect(lintTexts({ files: FILES, options: { scope: 'files', changed } })).toEqual([]);
});

test('what is missing from the whole repository is found although nobody changed the line', () => {
  const rules = group(record('heartbeat_changes_6m', 'changes(heartbeat_seq{metric_realm="prod"}[6m])'));
  const found = lintTexts({ files: rules, options: { changed: new Map() } });
  expect(found.map(({ rule }) => rule)).toEqual(['heartbeat/alerts-missing', 'heartbeat/alerts-missing']);
});
