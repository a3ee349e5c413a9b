import { gateReport, skippedStage, stageReport, type GateReport } from '../gate/index.ts';
import { finding, rangeBetween, sourceText, type SourceText } from '../kernel/index.ts';
import type { RuleMeta } from './options.ts';

// One report that has something of everything, for the tests of the renderers.

const YAML = `groups:
  - name: api
    rules:
      - record: job:requests:rate5m
        expr: sum(rate(http_requests_total[5m])))
      - record: job:錯誤:rate5m
        expr: "錯誤率"  + oops
`;
const source = sourceText('rules/api.yml', YAML);

/** The range of the first `text` in the sample's file. */
export function sampleRange(text: string) {
  const start = YAML.indexOf(text);
  return rangeBetween(source, start, start + text.length);
}

export function sampleSources(path: string): SourceText | undefined {
  return path === source.path ? source : undefined;
}

export const sampleRules: readonly RuleMeta[] = [
  {
    id: 'promtool/syntax',
    summary: 'The expression does not parse',
    helpUri: 'https://example.org/docs/promtool-syntax',
    level: 'error',
  },
];

export function sampleReport(): GateReport {
  return gateReport(
    [
      stageReport(
        'promtool-check',
        { facts: { files: 23, groups: 1, rules: 10_002 }, findings: sampleFindings() },
        410.4,
      ),
      stageReport('promql-unit', { cases: [sampleCase()] }, 1234),
      stageReport(
        'reload-dry-run',
        { reasons: [{ code: 'tool_unavailable', message: 'no prometheus', subject: '3.5' }] },
        61_000,
      ),
      skippedStage('smoke-query', { code: 'not_selected', message: 'left out by --stage' }),
    ],
    { promtool: ['2.54.1'] },
    62_000,
  );
}

function sampleFindings() {
  return [
    finding({
      rule: 'promtool/syntax',
      severity: 'error',
      message: "unexpected right parenthesis ')'",
      help: 'remove the last parenthesis',
      file: 'rules/api.yml',
      range: sampleRange(')))'),
      subject: 'a',
      related: [{ message: 'the same mistake', file: 'rules/other.yml', range: sampleRange('oops') }],
    }),
    finding({
      rule: 'promtool/name',
      severity: 'warning',
      message: 'a name with wide characters\nsecond line',
      file: 'rules/api.yml',
      range: sampleRange('oops'),
      subject: 'b',
    }),
    finding({ rule: 'gate/tools', severity: 'info', message: 'promtool 3.5.3 was not found', subject: 'c' }),
  ];
}

function sampleCase() {
  return {
    name: 'errors are counted',
    suite: 'tests/api_test.yml',
    file: 'tests/api_test.yml',
    range: { line: 12, column: 5, endLine: 12, endColumn: 9 },
    outcome: 'fail',
    durationMs: 12,
    message: '- expected {} 3\n+ actual   {} 4',
  } as const;
}
