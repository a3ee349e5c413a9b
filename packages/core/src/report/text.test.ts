import { expect, test } from 'vitest';
import { gateReport, stageReport } from '../gate/index.ts';
import { finding, sourceText } from '../kernel/index.ts';
import { sampleRange, sampleReport, sampleSources } from './sample-report.ts';
import { renderText } from './text.ts';

test('findings come with code and carets, then the stages, then the verdict as the last line', () => {
  expect(renderText(sampleReport(), { sources: sampleSources, color: false, width: 60 })).toMatchInlineSnapshot(`
    "── promtool-check ──────────────────────────────────────────

    error[promtool/syntax] unexpected right parenthesis ')'
      --> rules/api.yml:5:47
      4 │       - record: job:requests:rate5m
      5 │         expr: sum(rate(http_requests_total[5m])))
        │                                               ^^^
      = help: remove the last parenthesis
      = see: rules/other.yml:7:24: the same mistake

    warning[promtool/name] a name with wide characters
      second line
      --> rules/api.yml:7:24
      6 │       - record: job:錯誤:rate5m
      7 │         expr: "錯誤率"  + oops
        │                           ^^^^

    info[gate/tools] promtool 3.5.3 was not found

    ── promql-unit ─────────────────────────────────────────────

    fail tests/api_test.yml › errors are counted
      --> tests/api_test.yml:12:5
      - expected {} 3
      + actual   {} 4

    ✗ promtool-check  fail        410 ms  23 files, 1 group,
                                          10,002 rules, 1 error,
                                          1 warning, 1 note
    ✗ promql-unit     fail        1.23 s  1 failed case
    ! reload-dry-run  error    1 min 1 s
        tool_unavailable (3.5): no prometheus
    - smoke-query     skipped
        not_selected: left out by --stage

    ! error: 2 of 3 stages failed, 1 of 3 stages could not judge, 1 skipped, 1 error, 1 warning in 1 min 2 s
    "
  `);
});

test('quiet shows errors and stages that did not pass only', () => {
  expect(renderText(sampleReport(), { sources: sampleSources, color: false, width: 60, quiet: true }))
    .toMatchInlineSnapshot(`
      "── promtool-check ──────────────────────────────────────────

      error[promtool/syntax] unexpected right parenthesis ')'
        --> rules/api.yml:5:47
        4 │       - record: job:requests:rate5m
        5 │         expr: sum(rate(http_requests_total[5m])))
          │                                               ^^^
        = help: remove the last parenthesis
        = see: rules/other.yml:7:24: the same mistake

      ── promql-unit ─────────────────────────────────────────────

      fail tests/api_test.yml › errors are counted
        --> tests/api_test.yml:12:5
        - expected {} 3
        + actual   {} 4

      ✗ promtool-check  fail        410 ms  23 files, 1 group,
                                            10,002 rules, 1 error,
                                            1 warning, 1 note
      ✗ promql-unit     fail        1.23 s  1 failed case
      ! reload-dry-run  error    1 min 1 s
          tool_unavailable (3.5): no prometheus
      - smoke-query     skipped
          not_selected: left out by --stage

      ! error: 2 of 3 stages failed, 1 of 3 stages could not judge, 1 skipped, 1 error, 1 warning in 1 min 2 s
      "
    `);
});

test('colours appear only when asked for', () => {
  const escape = String.fromCodePoint(27);
  expect(renderText(sampleReport(), { sources: sampleSources, color: false })).not.toContain(escape);
  expect(renderText(sampleReport(), { sources: sampleSources, color: true })).toContain(
    `${escape}[31;1merror[promtool/syntax]${escape}[0m`,
  );
});

test('control characters of the checked files never reach the terminal', () => {
  const evil = `a: "\u001b[2J\u202eevil\u0007\u009b31m"\n`;
  const report = gateReport(
    [
      stageReport(
        'promtool-check',
        {
          findings: [
            finding({
              rule: 'x/y',
              severity: 'error',
              message: `bad \u001b[31mvalue\r\u0008`,
              file: 'a\u001b]0;title\u0007.yml',
              range: { line: 1, column: 4, endLine: 1, endColumn: 12 },
              subject: '',
            }),
          ],
        },
        1,
      ),
    ],
    {},
    1,
  );
  const text = renderText(report, { sources: (path) => sourceText(path, evil), color: false });
  // oxlint-disable-next-line no-control-regex -- that there are none is the point
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(text).toMatchInlineSnapshot(`
    "── promtool-check ──────────────────────────────────────────────────────────────────────────────────

    error[x/y] bad \\x1b[31mvalue\\x0d\\x08
      --> a\\x1b]0;title\\x07.yml:1:4
      1 │ a: "\\x1b[2J\\u{202e}evil\\x07\\x9b31m"
        │    ^^^^^^^^^^^^^^^^^^

    ✗ promtool-check  fail     1 ms  1 error

    ✗ fail: 1 of 1 stage failed, 1 error in 1 ms
    "
  `);
});

test('more findings than fit with code frames are shown with a line each', () => {
  const findings = Array.from({ length: 60 }, (_, index) =>
    finding({
      rule: 'x/y',
      severity: 'warning',
      message: `number ${index}`,
      file: 'rules/api.yml',
      range: sampleRange('oops'),
      subject: String(index),
    }),
  );
  const lines = renderText(gateReport([stageReport('promtool-check', { findings }, 1)], {}, 1), {
    sources: sampleSources,
    color: false,
  }).split('\n');
  expect(lines.filter((line) => line.startsWith('warning[x/y] number'))).toHaveLength(50);
  expect(lines.filter((line) => line.startsWith('rules/api.yml:7:24: warning[x/y] number'))).toHaveLength(10);
});
