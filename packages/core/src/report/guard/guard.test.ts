import { expect, test } from 'vitest';
import { guardReport, type BranchDrift, type LeaseReport } from '../../guard/index.ts';
import { guardAlarms, renderGuardMarkdown } from './markdown.ts';
import { renderGuardText } from './text.ts';

const claims = {
  repositoryId: 1,
  branch: 'release',
  ruleIds: [],
  pr: 3,
  headSha: 'a'.repeat(40),
  runId: 8,
  runAttempt: 1,
  expiresAt: '2026-11-21T10:00:00Z',
};
const finished = {
  kind: 'finished',
  branch: 'main',
  pr: 12,
  runId: 5,
  reasons: [],
  foreign: [],
  released: true,
} as const;
const hostile = 'x|`$(id)`\n@everyone \u202e<b>';
const leases: LeaseReport[] = [
  { ...finished, outcome: 'restored' },
  { kind: 'held', claims },
  {
    ...finished,
    branch: hostile,
    outcome: 'open',
    released: false,
    reasons: [{ code: 'github_unavailable', message: `no answer for ${hostile}` }],
  },
];
const drift: BranchDrift[] = [
  {
    branch: 'main',
    live: {},
    reasons: [],
    differences: [{ path: 'classic.enforceAdmins', before: true, after: false }],
  },
];
const report = guardReport(leases, drift);

test('the log says what became of each lease, and text from outside does nothing', () => {
  expect(renderGuardText(report)).toMatchInlineSnapshot(`
    "lease main: was open, and was restored
    lease release: held by a run that is at work
    lease x|\`$(id)\`\\x0a@everyone \\u{202e}<b>: MAY STILL BE OPEN; the lease stays, and the next run tries again
    drift main: classic.enforceAdmins: true -> false
    github_unavailable: no answer for x|\`$(id)\`\\x0a@everyone \\u{202e}<b>
    breach: 3 leases, 1 restored, 2 left standing; 1 of 1 compared branches drifted
    "
  `);
});

test('the summary says the same, escaped', () => {
  expect(renderGuardMarkdown(report)).toMatchInlineSnapshot(`
    "### Protection guard: breach: 3 leases, 1 restored, 2 left standing; 1 of 1 compared branches drifted

    | Lease | Ending |
    | --- | --- |
    | \`main\` | was open, and was restored |
    | \`release\` | held by a run that is at work |
    | <code>x&#124;&#96;&#36;(id)&#96; &#64;everyone &#92;u{202e}&lt;b&gt;</code> | MAY STILL BE OPEN; the lease stays, and the next run tries again |

    \`main\` is not as committed:

    - \`classic.enforceAdmins: true -> false\`

    | Reason |  |
    | --- | --- |
    | \`github_unavailable\` | no answer for x\\|\\\`\\$(id)\\\` @<!-- -->everyone \\\\u{202e}&lt;b&gt; |
    "
  `);
});

test('people are called for what is open and for what drifted, not for what is well', () => {
  expect(guardAlarms(report).map(({ title, body }) => `${title}\n${body}`)).toMatchInlineSnapshot(`
    [
      "Protection of x|\`$(id)\` (at)everyone  <b> may be open
    The merge of pull request 12 (run 5) left a lease on <code>x&#124;&#96;&#36;(id)&#96; &#64;everyone &#92;u{202e}&lt;b&gt;</code>, which MAY STILL BE OPEN; the lease stays, and the next run tries again.

    | Reason |  |
    | --- | --- |
    | \`github_unavailable\` | no answer for x\\|\\\`\\$(id)\\\` @<!-- -->everyone \\\\u{202e}&lt;b&gt; |

    Check the protection by hand now.",
      "Protection of main is not the committed one
    The protection of \`main\` differs from the committed baseline:

    - \`classic.enforceAdmins: true -> false\`

    Either set it back, or commit what it is now: the report of the run holds it under \`protection\`.
    ",
    ]
  `);
});

test('a round without anything to do says so', () => {
  expect(renderGuardText(guardReport([], []))).toMatchInlineSnapshot(`
    "pass: 0 leases, 0 restored, 0 left standing; no branch compared
    "
  `);
});

test.each([
  ['nothing', [], [], 'pass'],
  ['a restored lease', [leases[0]], [], 'pass'],
  ['a lease at work', [leases[1]], [], 'pass'],
  ['an open lease', [leases[2]], [], 'breach'],
  ['a lease that cannot be opened', [{ kind: 'unreadable', ref: 'r', sha: 's', reasons: [] }], [], 'breach'],
  ['leases that could not be listed', [{ kind: 'refused', reasons: [] }], [], 'error'],
  ['drift', [], drift, 'breach'],
  ['a branch that could not be read', [], [{ branch: 'main', live: null, reasons: [], differences: [] }], 'error'],
] as const)('with %s the outcome is %4$s', (_name, some, drifts, outcome) => {
  expect(
    guardReport(
      [...some].flatMap((each): LeaseReport[] => (each === undefined ? [] : [each])),
      drifts,
    ).outcome,
  ).toBe(outcome);
});
