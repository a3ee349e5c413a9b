import { expect, test } from 'vitest';
import { rangeOfKey } from './range-of-key.ts';

const TEXT = 'gate:\n  promtool_check: { lint: al, lint_fatal: true }\n';

test('a value that is written has a place', () => {
  const place = { line: 2, column: 27, endLine: 2, endColumn: 29 };
  expect(rangeOfKey('.obsgate.yml', TEXT, ['gate', 'promtool_check', 'lint'])).toEqual(place);
  expect(rangeOfKey('.obsgate.yml', `\uFEFF${TEXT}`, ['gate', 'promtool_check', 'lint'])).toEqual(place);
});

test.each(['', 'gate: {}\n', '- a\n', 'gate: x\n'])('a default has none (%j)', (text) => {
  expect(rangeOfKey('.obsgate.yml', text, ['gate', 'promtool_check', 'lint'])).toBeUndefined();
});
