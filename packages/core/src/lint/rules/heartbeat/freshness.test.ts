import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/freshness';
const TS = 'heartbeat_timestamp_seconds{metric_realm="prod"}';
const lint = (expr: string): string => said(RULE, group(record('heartbeat_fresh', expr)));
const inAlert = (expr: string, more?: string): string => said(RULE, group(alert('Stale', expr, more)));

test('says which limit is too short, and which is not', () => {
  expect(lint(`time() - max by (metric_realm) (${TS}) <= bool 60`)).toMatchInlineSnapshot(`
    "5:16-5:110 error ⟦time() - max by (metric_realm) (heartbeat_timestamp_seconds{metric_realm=\\"prod\\"}) <= bool 60⟧
      1m is too short a limit on the age of a heartbeat that ticks every 1m, so one late tick makes a live writer stale.
      help: Use a limit of at least 2m (120 seconds)."
  `);
});

test('holds the limit against the name', () => {
  expect(said(RULE, group(record('heartbeat_fresh_120s', `time() - ${TS} < bool 180`)))).toMatchInlineSnapshot(`
    "4:17-4:37 error ⟦heartbeat_fresh_120s⟧
      \`heartbeat_fresh_120s\` uses a limit of 3m, not the 2m of its name: whoever reads it trusts the name.
      help: Change the limit or the name, and what reads it."
  `);
});

describe('a short limit is found', () => {
  test.each([
    ['from the other side', `90 >= bool time() - ${TS}`],
    ['as an earlier time', `${TS} > bool time() - 90`],
    ['in minutes', `(time() - ${TS}) / 60 < bool 1.5`],
    ['over milliseconds', `time() - heartbeat_timestamp_ms / 1000 < bool 90`],
    ['as a product', `time() - ${TS} < bool 2 * 45`],
    ['under abs', `abs(time() - ${TS}) < bool 90`],
    ['with timestamp()', 'time() - timestamp(heartbeat_seq) < bool 90'],
    ['beside a fallback', `(time() - ${TS} < bool 90) or vector(0)`],
    ['within a product', `(time() - ${TS} < bool 90) * (changes(heartbeat_seq[6m]) >= bool 2)`],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('1m30s is too short a limit');
  });
  test('on a recorded age', () => {
    const rules = group(
      record('heartbeat_age_seconds', `time() - ${TS}`),
      record('heartbeat_fresh', 'heartbeat_age_seconds < bool 90'),
    );
    expect(said(RULE, rules)).toContain('1m30s is too short a limit');
  });
  test('in an alert', () => {
    expect(inAlert(`time() - ${TS} > 90`)).toContain('1m30s is too short a limit');
  });
  test('when scrapes are slower than ticks', () => {
    const config = 'gate: { lint: { heartbeat: { scrape_interval: 2m } } }';
    expect(said(RULE, group(record('heartbeat_fresh', `time() - ${TS} < bool 180`)), { config })).toContain(
      'is scraped every 2m',
    );
  });
});

describe('nothing is said about', () => {
  test.each([
    ['two ticks', `time() - ${TS} <= bool 120`],
    ['other metrics', 'time() - process_start_time_seconds < bool 10'],
    ['a comparison of heartbeats with each other', `${TS} > bool ${TS} offset 1m`],
    ['numbers that are no age', 'heartbeat_seq > bool 5'],
    ['a clock that is ahead', `time() - ${TS} > bool -5`],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('an alert that waits for the rest', () => {
    expect(inAlert(`time() - ${TS} > 60`, 'for: 1m')).toBe('');
  });
  test('a limit that fits its name', () => {
    expect(said(RULE, group(record('heartbeat_fresh_120s', `time() - ${TS} < bool 120`)))).toBe('');
  });
});
