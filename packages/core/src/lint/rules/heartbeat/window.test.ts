import { describe, expect, test } from 'vitest';
import { alert, group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/window';
const lint = (expr: string, config?: string): string =>
  said(RULE, group(record('heartbeat_count', expr)), config === undefined ? {} : { config });
const timed = (settings: string): string => `gate: { lint: { heartbeat: { ${settings} } } }`;

test('says with which probability a window misses a live writer', () => {
  expect(lint('changes(heartbeat_seq{metric_realm="prod"}[2m])')).toMatchInlineSnapshot(`
    "5:24-5:64 error ⟦heartbeat_seq{metric_realm=\\"prod\\"}[2m]⟧
      The window of \`heartbeat_seq{metric_realm="prod"}[2m]\` is too short: with a tick every 1m it misses a live writer with a probability of 14 % (accepted: 5 %).
      help: Use at least 3m."
  `);
});

test('speaks of scrapes when those are too few', () => {
  expect(lint('changes(heartbeat_seq[4m])', timed('scrape_interval: 60s'))).toMatchInlineSnapshot(`
    "5:24-5:41 error ⟦heartbeat_seq[4m]⟧
      The window of \`heartbeat_seq[4m]\` is too short: it spans fewer than 5 scrapes of 1m.
      help: Use at least 5m."
  `);
});

test('says how many changes a window is sure to hold', () => {
  expect(lint('changes(heartbeat_seq[6m]) >= bool 6')).toMatchInlineSnapshot(`
    "5:16-5:52 error ⟦changes(heartbeat_seq[6m]) >= bool 6⟧
      This asks for 6 changes in 6m, but a writer that ticks every 1m is only sure to show 5: a healthy heartbeat is called stalled.
      help: Ask for at most 5, or use a window of at least 7m."
  `);
});

test('holds the window against the name', () => {
  expect(said(RULE, group(record('heartbeat_changes_6m', 'changes(heartbeat_seq[10m])')))).toMatchInlineSnapshot(`
    "4:17-4:37 error ⟦heartbeat_changes_6m⟧
      \`heartbeat_changes_6m\` counts changes in 10m, not in the 6m of its name: whoever compares it expects the other number.
      help: Change the window or the name, and what reads it."
  `);
});

describe('a window is too short', () => {
  test.each([
    ['in a subquery', 'changes(heartbeat_seq[2m:15s])'],
    ['behind an offset', 'changes(heartbeat_seq[2m] offset 1h)'],
    ['under an aggregation', 'max by (job) (changes(heartbeat_seq[2m])) > bool 0'],
    ['for increase as well', 'increase(heartbeat_seq[1m])'],
    ['for absent_over_time, by scrapes', 'absent_over_time(heartbeat_seq[1m])'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('is too short');
  });
  test('for a slower tick', () => {
    expect(lint('changes(heartbeat_seq[5m])', timed('tick: 2m'))).toContain('Use at least 6m');
  });
  test('for a stricter probability', () => {
    expect(lint('changes(heartbeat_seq[3m])', timed('p_miss: 0.001'))).toContain('Use at least 7m');
  });
});

describe('too many changes are demanded', () => {
  test.each([
    ['by the recorded series', 'changes(heartbeat_seq[6m]) > bool 5'],
    ['from the other side', '6 <= bool changes(heartbeat_seq[6m])'],
    ['beside a fallback', '(changes(heartbeat_seq[6m]) or vector(0)) >= bool 6'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('is only sure to show 5');
  });
  test('by an alert on a recorded series', () => {
    const rules = group(
      record('heartbeat_changes_3m', 'changes(heartbeat_seq[3m])'),
      alert('Stalled', 'heartbeat_changes_3m < 3'),
    );
    expect(said(RULE, rules)).toContain('asks for 3 changes in 3m');
  });
});

describe('no change at all is demanded', () => {
  test.each([
    ['by at least 0', 'changes(heartbeat_seq[6m]) >= bool 0'],
    ['by more than a negative number', 'changes(heartbeat_seq[6m]) > bool -1'],
    ['by fewer than 0', 'changes(heartbeat_seq[6m]) < bool 0'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toContain('this comparison tells nothing');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['six minutes for a tick of one', 'changes(heartbeat_seq[6m]) >= bool 2'],
    ['the shortest window that is long enough', 'changes(heartbeat_seq[3m])'],
    ['any change at all', 'changes(heartbeat_seq[6m]) > bool 0'],
    ['as many changes as are sure', 'changes(heartbeat_seq[6m]) >= bool 5'],
    ['other metrics', 'changes(process_start_time_seconds[1m])'],
    ['flaps of a recorded state', 'changes(heartbeat_ok[1m])'],
    ['reading the last value', 'last_over_time(heartbeat_seq[1m])'],
    ['absence over five scrapes', 'absent_over_time(heartbeat_seq[75s])'],
  ])('%s', (_, expr) => {
    expect(said(RULE, group(record('heartbeat_ok', 'x'), record('heartbeat_count', expr)))).toBe('');
  });
  test('a window that fits its name', () => {
    expect(said(RULE, group(record('heartbeat_changes_6m', 'changes(heartbeat_seq[6m])')))).toBe('');
  });
});
