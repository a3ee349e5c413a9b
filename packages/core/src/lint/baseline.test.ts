import { describe, expect, test } from 'vitest';
import { ConfigError } from '../kernel/index.ts';
import { formatBaseline, parseBaseline } from './baseline.ts';
import { alert, group, lintTexts } from './fixture.ts';

const FILES = group(alert('DeadMansSwitch', 'up'), alert('Watchdog', 'up'));
const found = lintTexts({ files: FILES, options: { scope: 'files' } });
const baseline = parseBaseline('base.json', formatBaseline(found));

test('a baseline of all findings leaves none', () => {
  expect(found).toHaveLength(2);
  expect(lintTexts({ files: FILES, options: { scope: 'files', baseline } })).toEqual([]);
});

test('a finding keeps its place in the baseline when lines move', () => {
  const moved = `# a comment\n\n${FILES}`;
  expect(lintTexts({ files: moved, options: { scope: 'files', baseline } })).toEqual([]);
});

test('a new finding is not accepted', () => {
  const more = group(alert('DeadMansSwitch', 'up'), alert('Watchdog', 'up'), alert('AlwaysFiring', 'up'));
  expect(lintTexts({ files: more, options: { scope: 'files', baseline } })).toMatchObject([{ range: { line: 9 } }]);
});

test('a second finding of the same words in the same rule is not accepted with the first', () => {
  const twice = group(alert('DeadMansSwitch', 'vector(1)', 'for: 1m'), alert('DeadMansSwitch', 'vector(1)', 'for: 1m'));
  const all = lintTexts({ files: twice, options: { scope: 'files' } });
  expect(all).toHaveLength(2);
  const first = parseBaseline('base.json', formatBaseline(all.slice(0, 1)));
  expect(lintTexts({ files: twice, options: { scope: 'files', baseline: first } })).toHaveLength(1);
});

test('an entry that accepts nothing is reported in the file of the baseline', () => {
  const repaired = group(alert('DeadMansSwitch', 'vector(1)'), alert('Watchdog', 'up'));
  expect(lintTexts({ files: repaired, options: { scope: 'files', baseline } })).toMatchObject([
    { rule: 'lint/baseline-stale', file: 'base.json', severity: 'warning' },
  ]);
});

test('findings about comments are never accepted', () => {
  const commented = group(alert('Watchdog', 'vector(1)')).replace(
    'vector(1)"',
    'vector(1)" # obsgate: disable=heartbeat/dead-man',
  );
  const about = lintTexts({ files: commented, options: { scope: 'files' } });
  expect(about.map(({ rule }) => rule)).toEqual(['lint/disable-without-reason']);
  expect(JSON.parse(formatBaseline(about))).toEqual({ schema: 'obsgate.baseline/1', findings: [] });
});

describe('a baseline is refused when it', () => {
  test.each([
    ['is of another schema', '{"schema":"other/1","findings":[]}'],
    ['has an unknown key', '{"schema":"obsgate.baseline/1","findings":[],"finding":[]}'],
    ['has a broken fingerprint', '{"schema":"obsgate.baseline/1","findings":[{"fingerprint":"x","rule":"a/b"}]}'],
    ['is empty', ''],
  ])('%s', (_, text) => {
    expect(() => parseBaseline('base.json', text)).toThrow(ConfigError);
  });
});

test('the text of a baseline depends on the findings alone', () => {
  expect(formatBaseline(found.toReversed())).toBe(formatBaseline(found));
});
