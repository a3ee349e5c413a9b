import { describe, expect, test } from 'vitest';
import { alert, group, lintTexts, record } from './fixture.ts';

const WATCHDOG = group(alert('Watchdog', 'up'));
const lint = (config: string): unknown =>
  lintTexts({ files: WATCHDOG, config, options: { scope: 'files' } }).map(({ severity }) => severity);
const rules = (text: string): string => `gate: { lint: { rules: { ${text} } } }`;

test.each([
  ['error', ['error']],
  ['warning', ['warning']],
  ['info', ['info']],
  ['off', []],
])('the severity %s of the configuration holds', (severity, expected) => {
  expect(lint(rules(`heartbeat/dead-man: "${severity}"`))).toEqual(expected);
});

describe('a configuration is refused that', () => {
  test.each([
    ['names an unknown rule', rules('heartbeat/dead-men: error'), 'did you mean "heartbeat/dead-man"'],
    ['has a broken pattern', 'gate: { lint: { heartbeat: { match: "(" } } }', 'gate.lint.heartbeat.match'],
    ['has a tick of zero', 'gate: { lint: { heartbeat: { tick: 0s } } }', 'gate.lint.heartbeat.tick'],
    ['accepts every miss', 'gate: { lint: { heartbeat: { p_miss: 1 } } }', 'p_miss must be between 0 and 1'],
    ['accepts no miss', 'gate: { lint: { heartbeat: { p_miss: 0 } } }', 'p_miss must be between 0 and 1'],
  ])('%s', (_, config, words) => {
    expect(() => lint(config)).toThrow(words);
  });
});

test('the scrape interval of heartbeats goes before the global one', () => {
  const files = group(record('heartbeat_x', 'absent_over_time(heartbeat_seq{metric_realm="prod"}[2m])'));
  const config = 'gate: { lint: { heartbeat: { scrape_interval: 30s } } }';
  expect(lintTexts({ files, only: 'heartbeat/window' })).toEqual([]);
  expect(lintTexts({ files, config, only: 'heartbeat/window' })).toHaveLength(1);
});

test('a pattern is anchored on both ends', () => {
  const files = group(record('my_heartbeat_ok', 'heartbeat_raw'));
  const config = 'gate: { lint: { heartbeat: { match: "heartbeat" } } }';
  expect(lintTexts({ files, config }).map(({ rule }) => rule)).toEqual(['heartbeat/none']);
});
