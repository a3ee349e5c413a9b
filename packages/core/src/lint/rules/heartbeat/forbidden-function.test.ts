import { describe, expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const RULE = 'heartbeat/forbidden-function';
const lint = (expr: string): string => said(RULE, group(record('heartbeat_x', expr)));

const REPORTED = [
  'increase(heartbeat_seq{metric_realm="prod"}[6m]) > bool 0',
  'sum(rate(heartbeat_seq[6m]))',
  'abs(time() - heartbeat_timestamp_seconds) < bool 120',
  'sgn(changes(heartbeat_seq[6m]))',
  'sign(changes(heartbeat_seq[6m]))',
];

test('a function is reported at its name, with what to write instead', () => {
  expect(REPORTED.map(lint).join('\n')).toMatchInlineSnapshot(`
    "5:16-5:24 error ⟦increase⟧
      increase() on the gauge \`heartbeat_seq\` does not count ticks: it adds up the distance between its values, and takes a restart of the writer for a counter reset.
      help: Count the ticks: \`changes(heartbeat_seq{metric_realm="prod"}[6m])\`.
    5:20-5:24 warning ⟦rate⟧
      rate() on the gauge \`heartbeat_seq\` does not count ticks: it adds up the distance between its values, and takes a restart of the writer for a counter reset.
      help: Count the ticks: \`changes(heartbeat_seq[6m])\`.
    5:16-5:19 error ⟦abs⟧
      abs() around \`heartbeat_timestamp_seconds\` hides a heartbeat from the future: a writer whose clock is ahead looks as fresh as one that is on time.
      help: Leave the sign in place: \`time() - heartbeat_timestamp_seconds\`, with \`clamp_min(time() - heartbeat_timestamp_seconds, 0)\` where a negative age must not be recorded.
    5:16-5:19 error ⟦sgn⟧
      sgn() around \`heartbeat_seq\` turns a negative value into -1, which is neither alive nor dead.
      help: Write \`(changes(heartbeat_seq[6m])) > bool 0\`.
    "
  `);
});

test('a function of the configuration is reported', () => {
  const config = 'gate: { lint: { heartbeat: { forbidden_functions: [predict_linear] } } }';
  expect(said(RULE, group(record('x', 'predict_linear(heartbeat_seq[1h], 60)')), { config })).toMatchInlineSnapshot(`
    "5:16-5:30 warning ⟦predict_linear⟧
      predict_linear() must not read the heartbeat \`heartbeat_seq\` (gate.lint.heartbeat.forbidden_functions).
      help: Read the heartbeat without predict_linear()."
  `);
});

describe('nothing is said about', () => {
  test.each([
    ['changes', 'changes(heartbeat_seq[6m])'],
    ['the rate of a counter', 'rate(heartbeat_pushes_total[6m])'],
    ['functions around other metrics', 'abs(delta(temperature[5m])) + on () heartbeat_seq'],
  ])('%s', (_, expr) => {
    expect(lint(expr)).toBe('');
  });
  test('what the configuration allows', () => {
    const config = 'gate: { lint: { heartbeat: { forbidden_functions: [] } } }';
    expect(said(RULE, group(record('heartbeat_x', 'rate(heartbeat_seq[6m])')), { config })).toBe('');
  });
});

test('a sequence that is named like a counter is still a sequence when the pattern says so', () => {
  const config = 'gate: { lint: { heartbeat: { sequence: heartbeat_total } } }';
  expect(said(RULE, group(record('heartbeat_x', 'rate(heartbeat_total[6m])')), { config })).toContain('rate()');
});
