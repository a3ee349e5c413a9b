import type { CaseReport, GateReport, StageReport } from '../gate/index.ts';
import type { Finding } from '../kernel/index.ts';
import { xmlElement, xmlTextElement } from './xml.ts';

/** One `<testcase>`: a case of a stage, a finding, or the stage itself. */
type TestCase = {
  readonly suite: string;
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly seconds: number;
  readonly outcome: 'pass' | 'fail' | 'error' | 'skipped';
  readonly type?: string;
  readonly message?: string;
  readonly detail?: string;
};

/**
 * The report as JUnit XML: a suite for each suite of each stage, a test case for each case and each finding of
 * severity error, with file and line. A stage that could not judge is a suite with an error of its own, and a stage
 * without cases shows itself as one, so that no stage is missing from the file.
 */
export function renderJunit(report: GateReport): string {
  const suites = report.stages.flatMap((stage) =>
    [...groupBySuite(stageCases(stage))].map(([name, cases]) => suite(stage, name, cases)),
  );
  const all = report.stages.flatMap(stageCases);
  const root = xmlElement(
    'testsuites',
    { name: 'obsgate gate', ...totals(all), time: seconds(report.durationMs) },
    suites.flat(),
  );
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...root, ''].join('\n');
}

function suite(stage: StageReport, name: string, cases: readonly TestCase[]): string[] {
  const time = cases.reduce((sum, item) => sum + item.seconds, 0);
  const own = name === stage.name ? Math.max(time, stage.durationMs / 1000) : time;
  const attributes = { name, ...totals(cases), time: own.toFixed(3) };
  return xmlElement(
    'testsuite',
    attributes,
    cases.flatMap((item) => caseElement(stage, item)),
  );
}

function totals(cases: readonly TestCase[]) {
  const having = (outcome: TestCase['outcome']): number => cases.filter((item) => item.outcome === outcome).length;
  return { tests: cases.length, failures: having('fail'), errors: having('error'), skipped: having('skipped') };
}

function caseElement(stage: StageReport, item: TestCase): string[] {
  const attributes = {
    classname: `obsgate.${stage.name}`,
    name: item.name,
    file: item.file,
    line: item.line,
    time: item.seconds.toFixed(3),
  };
  return xmlElement('testcase', attributes, caseBody(item));
}

function caseBody(item: TestCase): string[] {
  const message = item.message ?? '';
  if (item.outcome === 'pass') return [];
  if (item.outcome === 'skipped') return xmlElement('skipped', { message }, []);
  const name = item.outcome === 'fail' ? 'failure' : 'error';
  return [xmlTextElement(name, { message, type: item.type ?? name }, item.detail ?? message)];
}

function stageCases(stage: StageReport): TestCase[] {
  const errors = stage.findings.filter((item) => item.severity === 'error');
  const cases = [...stage.cases.map((item) => ofCase(stage, item)), ...errors.map((item) => ofFinding(stage, item))];
  const own = ofStage(stage);
  return stage.outcome === 'pass' || stage.outcome === 'fail' ? (cases.length > 0 ? cases : [own]) : [own, ...cases];
}

function ofStage(stage: StageReport): TestCase {
  const message = stage.reasons.map(({ code, message: text }) => `${code}: ${text}`).join('\n');
  const [reason] = stage.reasons;
  return {
    suite: stage.name,
    name: stage.name,
    seconds: stage.durationMs / 1000,
    outcome: stage.outcome,
    message,
    ...(reason === undefined ? {} : { type: reason.code }),
  };
}

function ofCase(stage: StageReport, item: CaseReport): TestCase {
  const [message = ''] = (item.message ?? '').split('\n');
  return {
    suite: item.suite === '' ? stage.name : `${stage.name}: ${item.suite}`,
    name: item.name,
    file: item.file,
    line: item.range?.line,
    seconds: item.durationMs / 1000,
    outcome: item.outcome,
    message,
    ...(item.message === undefined ? {} : { detail: item.message }),
  };
}

function ofFinding(stage: StageReport, item: Finding): TestCase {
  const { rule, message, help, file, range } = item;
  const where = file === undefined ? '' : range === undefined ? file : `${file}:${range.line}:${range.column}`;
  const lines = [where, message, ...(help === undefined ? [] : [`help: ${help}`])];
  return {
    suite: stage.name,
    name: where === '' ? rule : `${rule} ${where}`,
    file,
    line: range?.line,
    seconds: 0,
    outcome: 'fail',
    type: rule,
    message,
    detail: lines.filter((line) => line !== '').join('\n'),
  };
}

function groupBySuite(cases: readonly TestCase[]): Map<string, TestCase[]> {
  const groups = new Map<string, TestCase[]>();
  for (const item of cases) {
    const group = groups.get(item.suite);
    if (group === undefined) groups.set(item.suite, [item]);
    else group.push(item);
  }
  return groups;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
