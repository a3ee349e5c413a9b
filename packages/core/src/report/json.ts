import type { CaseReport, GateReport, StageReport } from '../gate/index.ts';
import type { Finding, Range, RelatedPlace } from '../kernel/index.ts';
import type { GateJson } from './gate-schema.ts';

type StageJson = GateJson['stages'][number];

/** The report as `obsgate.gate/1`, ready for `JSON.stringify`. */
export function toGateJson(report: GateReport): GateJson {
  return {
    schema: 'obsgate.gate/1',
    outcome: report.outcome,
    duration_ms: Math.round(report.durationMs),
    tools: Object.fromEntries(Object.entries(report.tools).map(([tool, versions]) => [tool, [...versions]])),
    stages: report.stages.map(stageJson),
  };
}

/** The report as indented JSON text that ends with a newline. */
export function renderJson(report: GateReport): string {
  return `${JSON.stringify(toGateJson(report), null, 2)}\n`;
}

function stageJson(stage: StageReport): StageJson {
  return {
    name: stage.name,
    outcome: stage.outcome,
    duration_ms: Math.round(stage.durationMs),
    reasons: stage.reasons.map(({ code, message, subject }) => ({
      code,
      message,
      ...(subject === undefined ? {} : { subject: subject }),
    })),
    facts: Object.fromEntries(
      Object.entries(stage.facts).map(([name, fact]) => [name, typeof fact === 'object' ? [...fact] : fact]),
    ),
    findings: stage.findings.map(findingJson),
    cases: stage.cases.map(caseJson),
  };
}

function findingJson(finding: Finding): StageJson['findings'][number] {
  const { rule, severity, message, help, file, range, related, fingerprint } = finding;
  return {
    rule,
    severity,
    message,
    ...(help === undefined ? {} : { help: help }),
    ...(file === undefined ? {} : { file: file }),
    ...placeJson(range),
    ...(related === undefined ? {} : { related: related.map(relatedJson) }),
    fingerprint,
  };
}

function relatedJson({ message, file, range }: RelatedPlace) {
  return { message, file, ...placeJson(range) };
}

function caseJson(item: CaseReport): StageJson['cases'][number] {
  return {
    name: item.name,
    suite: item.suite,
    ...(item.file === undefined ? {} : { file: item.file }),
    ...placeJson(item.range),
    outcome: item.outcome,
    duration_ms: Math.round(item.durationMs),
    ...(item.message === undefined ? {} : { message: item.message }),
  };
}

function placeJson(range: Range | undefined) {
  if (range === undefined) return {};
  return { line: range.line, column: range.column, end_line: range.endLine, end_column: range.endColumn };
}
