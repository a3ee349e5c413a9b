import { expect, test } from 'vitest';
import { ConfigError } from '../kernel/index.ts';
import { defaultConfig, parseConfig } from './load.ts';

test('an empty file is the default configuration', () => {
  expect(parseConfig('.obsgate.yml', '')).toEqual(defaultConfig());
});

test('every problem is named with its place, and unknown keys name the nearest known one', () => {
  const text = `prometheus:
  confg: a.yml
  version: 2.5
gate:
  promql_unit: { min_coverage: x, deadline: 5 }
  lint:
    rules:
      heartbeat/range: eror
merge:
  method: fast-forward
watcher: {}
`;
  let message = '';
  try {
    parseConfig('.obsgate.yml', text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    ({ message } = error);
  }
  expect(message).toMatchInlineSnapshot(`
    ".obsgate.yml:3:12: Invalid input: expected string, received number (in prometheus.version)
    .obsgate.yml:2:3: unknown key "confg" (in prometheus); did you mean "config"?
    .obsgate.yml:5:32: Invalid input: expected number, received string (in gate.promql_unit.min_coverage)
    .obsgate.yml:5:45: Invalid input: expected string, received number (in gate.promql_unit.deadline)
    .obsgate.yml:8:24: Invalid option: expected one of "off"|"error"|"warning"|"info" (in gate.lint.rules.heartbeat/range)
    .obsgate.yml:10:11: Invalid option: expected one of "squash"|"merge"|"rebase" (in merge.method)
    .obsgate.yml:11:1: unknown key "watcher"; did you mean "watch"?"
  `);
});

test('a YAML error has a place', () => {
  expect(() => parseConfig('.obsgate.yml', 'a: [1\nb: 2')).toThrow(/^\.obsgate\.yml:\d+:\d+: /);
});

test('a duplicate key is an error, not a silent override', () => {
  expect(() => parseConfig('.obsgate.yml', 'merge: {}\nmerge: {}\n')).toThrow(/^\.obsgate\.yml:2:1: .*unique/i);
});
