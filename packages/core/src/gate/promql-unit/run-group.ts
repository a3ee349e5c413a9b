import { finding, parseDuration, type Finding, type Range, type Reason } from '../../kernel/index.ts';
import { parseTestRules, type TestFailure } from '../../promtool/index.ts';
import type { Promtool, Scratch } from '../promtool-port.ts';
import type { CaseReport } from '../report.ts';
import { explainFailure, failureDiff, failureTitle } from './explain-failure.ts';
import { writeGroup, type PreparedGroup } from './prepare.ts';

/** What came of one test group. */
export type GroupResult = {
  readonly prepared: PreparedGroup;
  readonly report: CaseReport;
  readonly findings: readonly Finding[];
  readonly reasons: readonly Reason[];
};

/** Runs one prepared group with promtool. `name` is its folder in the scratch space. */
export async function runGroup(
  prepared: PreparedGroup,
  promtool: Promtool,
  scratch: Scratch,
  name: string,
  deadlineMs: number,
): Promise<GroupResult> {
  const { file, group } = prepared;
  const common = { name: group.name, suite: file.path, file: file.path, range: group.range };
  const run = await promtool.testRules(await writeGroup(prepared, name, scratch), { deadlineMs });
  if (run.kind === 'failed') {
    const reason: Reason = {
      code: run.reason,
      message: `${file.path}: ${group.name}: ${run.message}`,
      subject: group.name,
    };
    const report: CaseReport = { ...common, outcome: 'error', durationMs: 0, message: run.message };
    return { prepared, report, findings: [], reasons: [reason] };
  }
  const { failed, messages } = parseTestRules(run, file.path);
  const failures = failed.flatMap((item) => item.failures);
  const other = [...failed.flatMap((item) => item.messages), ...messages].map(({ message }) => message);
  const findings = [
    ...failures.map((failure) => failureFinding(failure, prepared)),
    ...other.map((message) => plainFinding(message, prepared)),
  ];
  if (run.exitCode !== 0 && findings.length === 0) {
    findings.push(plainFinding(`promtool ended with exit code ${run.exitCode}: ${run.stderr.trim()}`, prepared));
  }
  const outcome = findings.length === 0 ? 'pass' : 'fail';
  const message = findings
    .map((item) => [item.message, item.help].filter((text) => text !== undefined).join('\n'))
    .join('\n\n');
  const report: CaseReport = {
    ...common,
    outcome,
    durationMs: run.durationMs,
    ...(outcome === 'fail' && { message }),
  };
  return { prepared, report, findings, reasons: [] };
}

function failureFinding(failure: TestFailure, prepared: PreparedGroup): Finding {
  const { file, group, closure } = prepared;
  const help = explainFailure(failure, { group, closure });
  return finding({
    rule: 'unit/failed',
    severity: 'error',
    message: [`${group.name}: ${failureTitle(failure)}`, ...failureDiff(failure)].join('\n'),
    file: file.path,
    range: assertionRange(failure, prepared),
    subject: `${group.name}/${failure.kind === 'alert' ? failure.alertname : failure.expr}/${failure.time}`,
    ...(help !== undefined && { help }),
  });
}

function plainFinding(message: string, { file, group }: PreparedGroup): Finding {
  return finding({
    rule: 'unit/failed',
    severity: 'error',
    message: `${group.name}: ${message}`,
    file: file.path,
    range: group.range,
    subject: `${group.name}/${message}`,
  });
}

/** The assertion that a failure speaks of: the same name or expression at the same time. */
function assertionRange(failure: TestFailure, { group }: PreparedGroup): Range {
  const time = parseDuration(failure.time)?.ms;
  const found = group.assertions.find((assertion) => {
    if ((assertion.evalTime?.value.ms ?? 0) !== time) return false;
    return assertion.kind === 'alert'
      ? failure.kind === 'alert' && assertion.alertname.value === failure.alertname
      : failure.kind !== 'alert' && assertion.expr.value === failure.expr;
  });
  return found?.range ?? group.range;
}
