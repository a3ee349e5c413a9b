import { describe, expect, test } from 'vitest';
import { alert, group, said } from '../../fixture.ts';

const RULE = 'heartbeat/dead-man';
const lint = (expr: string, more?: string, name = 'DeadMansSwitch'): string =>
  said(RULE, group(alert(name, expr, more)));

test('a switch that waits is reported at its for', () => {
  expect(lint('vector(1)', 'for: 5m')).toMatchInlineSnapshot(`
    "6:14-6:16 error ⟦5m⟧
      The dead man's switch \`DeadMansSwitch\` waits 5m before it fires: after every restart it is silent that long, and its silence is the alarm.
      help: Remove \`for\`."
  `);
});

test('a switch that depends on a metric is reported at the metric', () => {
  expect(lint('up{job="prometheus"} == 1')).toMatchInlineSnapshot(`
    "5:16-5:38 error ⟦up{job=\\"prometheus\\"}⟧
      The dead man's switch \`DeadMansSwitch\` depends on the metric \`up\`: it falls silent with that metric, not only when alerting is broken.
      help: Write \`expr: vector(1)\`."
  `);
});

test('a switch that has a condition is reported at its expression', () => {
  expect(lint('vector(1) and hour() > 8')).toMatchInlineSnapshot(`
    "5:16-5:40 error ⟦vector(1) and hour() > 8⟧
      The dead man's switch \`DeadMansSwitch\` does not always fire: \`vector(1) and hour() > 8\` can be empty.
      help: Write \`expr: vector(1)\`."
  `);
});

describe('a condition is found', () => {
  test.each([
    ['that is never true', 'vector(1) > 1'],
    ['that depends on the time', 'vector(time()) % 60 < 30'],
    ['that takes itself away', 'vector(1) unless vector(1)'],
    ['that asks for absence', 'absent(nothing)'],
    ['beside a constant', 'vector(1) or up'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).not.toBe('');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['vector(1)', 'vector(1)'],
    ['a number', '1'],
    ['a condition that is always true', 'vector(1) > 0'],
    ['a comparison with bool, which always has a value', 'vector(1) == bool 2'],
    ['an added label', 'label_replace(vector(1), "a", "b", "", "")'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('a for of nothing', () => {
    expect(lint('vector(1)', 'for: 0m')).toBe('');
  });
  test('alerts by other names', () => {
    expect(lint('up == 0', 'for: 5m', 'WatchdogMissing')).toBe('');
  });
});

test.each(['Watchdog', 'PrometheusWatchdog', 'DeadManSwitch', 'DeadMansSnitch', 'dead_mans_switch', 'AlwaysFiring'])(
  '%s is known as a switch',
  (name) => {
    expect(lint('up', '', name)).toContain('depends on the metric');
  },
);
