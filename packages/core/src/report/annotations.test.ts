import { expect, test } from 'vitest';
import { gateReport, stageReport } from '../gate/index.ts';
import { finding, type Severity } from '../kernel/index.ts';
import { renderAnnotations } from './annotations.ts';
import { sampleReport } from './sample-report.ts';

function many(severity: Severity, amount: number) {
  return Array.from({ length: amount }, (_, index) =>
    finding({ rule: 'a/b', severity, message: `${severity} ${index}`, subject: `${severity}${index}` }),
  );
}

test('errors come first, on their lines, under the folder of the project', () => {
  expect(renderAnnotations(sampleReport(), { pathPrefix: './observability/' })).toMatchInlineSnapshot(`
    "::error file=observability/rules/api.yml,line=5,endLine=5,col=47,endColumn=49,title=promtool/syntax::unexpected right parenthesis ')'%0Aremove the last parenthesis
    ::error file=observability/tests/api_test.yml,line=12,endLine=12,col=5,endColumn=8,title=tests/api_test.yml%3A errors are counted::- expected {} 3%0A+ actual   {} 4
    ::error title=reload-dry-run%3A tool_unavailable::no prometheus
    ::warning file=observability/rules/api.yml,line=7,endLine=7,col=24,endColumn=27,title=promtool/name::a name with wide characters%0Asecond line
    ::notice title=gate/tools::promtool 3.5.3 was not found
    "
  `);
});

test('no text from outside can start a command of its own', () => {
  const report = gateReport(
    [
      stageReport(
        'promtool-check',
        {
          findings: [
            finding({
              rule: 'a/b',
              severity: 'error',
              message: 'x\n::set-output name=outcome::pass\r\n100%',
              file: 'a,line=9::b%0A\n::stop-commands::x.yml',
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
  expect(renderAnnotations(report, {})).toBe(
    '::error file=a%2Cline=9%3A%3Ab%250A%0A%3A%3Astop-commands%3A%3Ax.yml,title=a/b::x%0A::set-output name=outcome::pass%0A100%25\n',
  );
});

test('at most 50 are written, errors before warnings, and the last counts the rest', () => {
  const findings = [...many('info', 20), ...many('warning', 40), ...many('error', 30)];
  const lines = renderAnnotations(gateReport([stageReport('promtool-check', { findings }, 1)], {}, 1), {})
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(50);
  expect(lines.map((line) => line.split(' ')[0]).filter((word) => word === '::error')).toHaveLength(30);
  expect(lines.at(-1)).toMatchInlineSnapshot(
    `"::warning title=More findings::41 more are not shown here (0 errors, 21 warnings, 20 notes); the job summary and the report have them all."`,
  );
});

test('exactly 50 need no counting line', () => {
  const text = renderAnnotations(
    gateReport([stageReport('promtool-check', { findings: many('error', 50) }, 1)], {}, 1),
    {},
  );
  expect(text.trimEnd().split('\n')).toHaveLength(50);
  expect(text).not.toContain('more are not shown');
});
