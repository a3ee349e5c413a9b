import { expect, test } from 'vitest';
import { group, record, said } from '../../fixture.ts';

const lint = (name: string, expr: string): string => said('promql/unparsed', group(record(name, expr)));

test('an expression that the grammar cannot read is reported', () => {
  expect(lint('job:x', 'sum(x) ++* 2')).toMatchInlineSnapshot(`
    "5:25-5:26 warning ⟦*⟧
      The PromQL grammar cannot read this expression from \`*\` on, so no lint rule has judged it.
      help: If promtool refuses it too, repair it; if promtool accepts it, write it another way, such as \`5.0\` for \`5.\`."
  `);
});

test('for a heartbeat that is an error, since no rule has judged it', () => {
  expect(lint('heartbeat_ok', 'heartbeat_seq >')).toMatch(/ error /);
});

test('nothing is said about an expression that can be read', () => {
  expect(lint('job:x', 'sum by (job) (rate(x_total{a=~"b.*"}[5m])) # why')).toBe('');
});
