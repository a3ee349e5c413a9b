import { expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const RULES = group(record('job:x', 'sum(x)'));

test('a repository in which no rule is a heartbeat is told so', () => {
  expect(said('heartbeat/none', RULES)).toMatchInlineSnapshot(`
    "1:1-1:1 error ⟦⟧
      No rule of 1 records or reads a heartbeat, so no heartbeat rule has been checked; does gate.lint.heartbeat.match fit the names of your heartbeats?
      help: Set gate.lint.heartbeat.match, add heartbeat rules (\`obsgate init\` writes them), or turn this rule off where there is no heartbeat."
  `);
});

test('nothing is said when only some files are linted', () => {
  expect(said('heartbeat/none', RULES, { options: { scope: 'files' } })).toBe('');
});

test('nothing is said when the pattern finds one', () => {
  expect(said('heartbeat/none', RULES, { config: 'gate: { lint: { heartbeat: { match: x } } }' })).toBe('');
});
