import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alert, group, lintTexts, record, rendered } from './fixture.ts';
import { GOOD_HEARTBEAT } from './fixtures-heartbeat.ts';

test('a complete set of heartbeat rules has no finding', () => {
  expect(rendered(lintTexts({ files: GOOD_HEARTBEAT }), GOOD_HEARTBEAT)).toBe('');
});

/** Replaces the one occurrence of `from`. */
function broken(from: string, to: string): string {
  expect(GOOD_HEARTBEAT.split(from)).toHaveLength(2);
  return GOOD_HEARTBEAT.replace(from, to);
}

/** The good rules without the rule that begins with `head`. */
function withoutRule(head: string): string {
  const [before = '', after = ''] = GOOD_HEARTBEAT.split(`      - ${head}\n`);
  const next = after.search(/^ {6}- /m);
  return before + (next === -1 ? '' : after.slice(next));
}

describe('one defect is found by its rule, and by no other rule as an error', () => {
  test.each([
    ['bool is forgotten', '>= bool 2', '>= 2', 'heartbeat/bool-arithmetic'],
    [
      'a raw selector loses its realm',
      'changes(metric_heartbeat_seq{metric_realm="prod"}[6m])',
      'changes(metric_heartbeat_seq[6m])',
      'heartbeat/realm-label',
    ],
    [
      'a recorded series loses its realm',
      'max by (metric_realm) (changes',
      'max by (job) (changes',
      'heartbeat/realm-label',
    ],
    ['the window shrinks with its name', '6m', '2m', 'heartbeat/window'],
    ['the window shrinks below its name', '[6m]', '[5m]', 'heartbeat/window'],
    ['the limit of freshness shrinks with its name', '120', '60', 'heartbeat/freshness'],
    ['the limit of freshness is not that of the name', 'bool 120', 'bool 180', 'heartbeat/freshness'],
    ['increase takes the place of changes', '(changes(metric', '(increase(metric', 'heartbeat/forbidden-function'],
    ['the dead man waits', 'expr: vector(1)', 'expr: vector(1)\n        for: 5m', 'heartbeat/dead-man'],
    ['the dead man depends on a metric', 'expr: vector(1)', 'expr: up == 1', 'heartbeat/dead-man'],
    [
      'an alert asks Prometheus again',
      '{{ $labels.metric_realm }} is gone',
      '{{ query "up" }}',
      'heartbeat/forbidden-template',
    ],
    [
      'absence is asked of a series that is always there',
      'absent(metric_heartbeat_seq{',
      'absent(heartbeat_ok{',
      'heartbeat/alerts-missing',
    ],
    [
      'a fallback calls a missing heartbeat alive',
      'vector(0), "metric_realm"',
      'vector(1), "metric_realm"',
      'heartbeat/fallback',
    ],
    ['no change at all is demanded', '>= bool 2', '>= bool 0', 'heartbeat/window'],
  ])('%s', (_, from, to, rule) => {
    expect(GOOD_HEARTBEAT).toContain(from);
    const text = GOOD_HEARTBEAT.replaceAll(from, to);
    const errors = lintTexts({ files: text }).filter(({ severity }) => severity === 'error');
    expect([...new Set(errors.map((item) => item.rule))]).toEqual([rule]);
  });

  test.each([
    ['no alert for absence', withoutRule('alert: MetricHeartbeatAbsent')],
    ['no alert for standstill', withoutRule('alert: MetricHeartbeatStalled')],
  ])('%s', (_, text) => {
    expect(lintTexts({ files: text }).map(({ rule }) => rule)).toEqual(['heartbeat/alerts-missing']);
  });

  test('a fallback is lost', () => {
    const text = broken('\n          or label_replace(vector(0), "metric_realm", "prod", "", "")', '');
    expect(lintTexts({ files: text }).map(({ rule }) => rule)).toEqual(['heartbeat/fallback']);
  });

  test('a fallback loses its labels', () => {
    const text = broken(
      '          or label_replace(vector(0), "metric_realm", "prod", "", "")',
      '          or vector(0)',
    );
    expect(lintTexts({ files: text }).map(({ rule }) => rule)).toEqual(['heartbeat/fallback-labels']);
  });

  test('a clamp is lost from a sum', () => {
    const text = broken('clamp(\n', '(\n')
      .replace('"", ""),\n            0, 1)', '"", ""))')
      .replace('* (heartbeat_changes', '+ (heartbeat_changes');
    expect(lintTexts({ files: text }).map(({ rule }) => rule)).toEqual(['heartbeat/range']);
  });

  test('a rule moves behind its reader', () => {
    const [head = '', changes = '', fresh = '', ok = '', ...rest] = GOOD_HEARTBEAT.split(/(?=^ {6}- )/m);
    const found = lintTexts({ files: [head, ok, changes, fresh, ...rest].join('') });
    expect(found.map(({ rule }) => rule)).toEqual(['heartbeat/order', 'heartbeat/order']);
  });
});

test('rules that read each other many times over take no longer than others', () => {
  const chain = Array.from({ length: 60 }, (_, at) => {
    const before = at === 0 ? 'heartbeat_raw{metric_realm="prod"}' : `heartbeat_${at - 1}_ok`;
    return record(`heartbeat_${at}_ok`, `clamp(${before} * ${before} - ${before}, 0, 1) or ${before}`);
  });
  expect(lintTexts({ files: group(...chain), only: 'heartbeat/fallback' })).toHaveLength(60);
});

test('no expression makes the lint fail', () => {
  const words =
    'heartbeat_ok heartbeat_seq{metric_realm="prod"} up ( ) [5m] [5m:1m] changes( sum by (a) ( + - * / > bool 1 0.5 or and unless on () ignoring (a) group_left offset 5m @ start() , "x" label_replace( absent( vector( time() clamp(';
  const expression = fc.array(fc.constantFrom(...words.split(' ')), { maxLength: 12 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(expression, expression, (first, second) => {
      const rules = group(record('heartbeat_ok', first), record('heartbeat_x', second), alert('Watchdog', first));
      expect(() => lintTexts({ files: rules })).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test('a finding in a folded expression points at the line where it stands', () => {
  const text = broken(
    '          or label_replace(vector(0), "metric_realm", "prod", "", "")',
    '          or vector(0)',
  );
  const [found] = lintTexts({ files: text });
  expect(found?.range).toMatchObject({ line: 10, column: 14, endLine: 10, endColumn: 23 });
});
