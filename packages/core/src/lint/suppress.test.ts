import { describe, expect, test } from 'vitest';
import { lintTexts, rendered } from './fixture.ts';

const SWITCH = `groups:
  - name: meta
    rules:
      - alert: DeadMansSwitch
        expr: up
      - alert: Watchdog
        expr: up
`;

/** The file with a comment put before, or behind the text of, a line; what is then said about it. */
function withComment(comment: string, at: { before: number } | { behind: number }): string {
  const lines = SWITCH.split('\n');
  if ('before' in at) lines.splice(at.before - 1, 0, `      # obsgate: ${comment}`);
  else lines[at.behind - 1] += ` # obsgate: ${comment}`;
  const text = lines.join('\n');
  const said = lintTexts({ files: text, options: { scope: 'files' } });
  return said.map(({ rule, range }) => `${rule} ${range?.line ?? '-'}`).join(', ');
}

const DISABLE = 'disable=heartbeat/dead-man';

describe('a comment with a reason takes findings away', () => {
  test.each([
    ['of the rule that starts below', { before: 4 }, 'heartbeat/dead-man 8'],
    ['of the rule that it stands in', { before: 5 }, 'heartbeat/dead-man 8'],
    ['of the rule on whose first line it stands', { behind: 4 }, 'heartbeat/dead-man 7'],
    ['of its own line', { behind: 5 }, 'heartbeat/dead-man 7'],
    ['of the group below', { before: 2 }, ''],
    ['of the group on whose first line it stands', { behind: 2 }, ''],
  ])('%s', (_, at, rest) => {
    expect(withComment(`${DISABLE} it is meant so`, at)).toBe(rest);
  });
  test('of the whole file', () => {
    expect(withComment('disable-file=heartbeat/dead-man it is meant so', { behind: 7 })).toBe('');
  });
  test('of each rule that it lists', () => {
    expect(withComment('disable=heartbeat/dead-man, heartbeat/range it is meant so', { before: 2 })).toBe(
      'lint/disable-unused 2',
    );
  });
});

describe('a comment takes nothing away', () => {
  test('without a reason, and says so', () => {
    expect(withComment(DISABLE, { before: 4 })).toBe(
      'lint/disable-without-reason 4, heartbeat/dead-man 6, heartbeat/dead-man 8',
    );
  });
  test('when it names an unknown rule, and says so', () => {
    expect(withComment('disable=heartbeat/deadman always', { before: 4 })).toContain('lint/disable-unknown 4');
  });
  test('when its verb is misspelt, and says so', () => {
    expect(withComment('disabel=heartbeat/dead-man always', { before: 4 })).toContain('lint/disable-unknown 4');
  });
  test('above another rule than the finding', () => {
    expect(withComment(`${DISABLE} it is meant so`, { before: 8 })).toContain('lint/disable-unused');
  });
});

test('findings about comments say what to write', () => {
  const text = SWITCH.replace('meta\n', 'meta # obsgate: disable=heartbeat/dead-men\n');
  const about = lintTexts({ files: text }).filter(({ rule }) => rule.startsWith('lint/'));
  expect(rendered(about, text)).toMatchInlineSnapshot(`
    "2:16-2:53 warning ⟦# obsgate: disable=heartbeat/dead-men⟧
      \`heartbeat/dead-men\` is no lint rule, so this comment does not disable it.
      help: Did you mean \`heartbeat/dead-man\`?
    2:16-2:53 error ⟦# obsgate: disable=heartbeat/dead-men⟧
      \`disable=heartbeat/dead-men\` gives no reason, so it has no effect: the next reader cannot tell whether it still holds.
      help: Write why after the rule: \`# obsgate: disable=heartbeat/dead-men <reason>\`."
  `);
});

test('a comment about a finding that the configuration turned off is unused', () => {
  const text = SWITCH.replace('meta\n', 'meta # obsgate: disable=heartbeat/dead-man why not\n');
  const config = 'gate: { lint: { rules: { heartbeat/dead-man: "off" } } }';
  expect(lintTexts({ files: text, config, options: { scope: 'files' } }).map(({ rule }) => rule)).toEqual([
    'lint/disable-unused',
  ]);
});

test('other comments are none of its business', () => {
  expect(withComment('', { before: 4 })).toContain('lint/disable-unknown');
  const text = SWITCH.replace('meta\n', 'meta # see the guide of obsgate: it explains\n');
  expect(lintTexts({ files: text, only: 'lint/disable-unknown' })).toEqual([]);
});
