import { finding, checkedMs, sortFindings, type Finding, type Reason } from '../../kernel/index.ts';
import { allRules } from '../../rules/index.ts';
import type { Project } from '../project.ts';
import type { Promtool, PromtoolPorts } from '../promtool-port.ts';
import type { StageResult } from '../report.ts';
import { coveredRules } from './coverage.ts';
import { findTestFiles, requireShard, shardOf } from './find-test-files.ts';
import { prepareGroup, type PreparedGroup } from './prepare.ts';
import { readTestFile } from './read-test-file.ts';
import { withRealm } from '../realm.ts';
import { refusedRules, unreadRules } from './rule-file-validity.ts';
import { resolveRuleFiles, ruleFileReader, type RuleFileSource, type TestedRules } from './rule-files.ts';
import { runGroup, type GroupResult } from './run-group.ts';
import { checkTestFile } from './static-checks.ts';
import type { TestFile } from './test-file.ts';

export type PromqlUnitOptions = {
  /** `i/n`: only the i-th of n parts of the test groups. */
  readonly shard?: string;
};

export type PromqlUnitPorts = PromtoolPorts & {
  /** How many promtool processes may run at once. */
  readonly parallel: number;
  /** Monotonic milliseconds. */
  now(): number;
};

/**
 * Stage 2: every unit test by the server's promtool, each test group by itself with the rules it depends on.
 * Tests that pass whatever the rules say fail.
 */
export async function runPromqlUnit(
  project: Project,
  ports: PromqlUnitPorts,
  options: PromqlUnitOptions,
): Promise<StageResult> {
  if (options.shard !== undefined) requireShard(options.shard);
  const { config } = project;
  const paths = await project.files.list();
  const testPaths = findTestFiles(paths, config.gate.promql_unit.tests);
  if (testPaths.length === 0)
    return { findings: [noTestFiles(config.gate.promql_unit.tests)], facts: { files: 0, tests: 0 } };
  const source: RuleFileSource = { project, paths, realm: config.realm.value };
  const { files, findings: readFindings } = await readTestFiles(testPaths, source);
  const { groups, tested, findings: fileFindings } = await prepareFiles(files, source);
  const chosen = options.shard === undefined ? groups : (shardOf(groups, options.shard) ?? []);
  const staticFindings = [...readFindings, ...fileFindings, ...chosen.flatMap(({ findings }) => findings)];
  const facts = { files: files.length, tests: chosen.length };
  if (ports.authority.kind === 'unavailable') {
    return { reasons: [ports.authority.reason], findings: sortFindings(staticFindings), facts };
  }
  const { deadline } = config.gate.promql_unit;
  const [results, refused] = await Promise.all([
    runAll(runnable(chosen), ports.authority.promtool, ports, deadline),
    refusedRules(tested, ports),
  ]);
  const rules = allRules(project.ruleFiles);
  const covered = coveredRules(results, rules);
  const coverage = rules.length === 0 ? 0 : Math.round((1000 * covered.size) / rules.length) / 10;
  const low = options.shard === undefined ? coverageFinding(coverage, config.gate.promql_unit.min_coverage) : [];
  return {
    reasons: [...refused.reasons, ...results.flatMap(({ reasons }) => reasons)],
    findings: sortFindings([
      ...staticFindings,
      ...refused.findings,
      ...results.flatMap(({ findings }) => findings),
      ...low,
    ]),
    cases: results.map(({ report }) => report),
    facts: { ...facts, assertions: chosen.reduce((sum, { group }) => sum + group.assertions.length, 0), coverage },
  };
}

async function readTestFiles(
  paths: readonly string[],
  { project, realm }: RuleFileSource,
): Promise<{ readonly files: TestFile[]; readonly findings: Finding[] }> {
  const files: TestFile[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    const read = await project.files.read(path);
    if (read.kind === 'text') files.push(readTestFile(path, withRealm(read.text, realm)));
    else {
      const message = `the unit-test file cannot be read: ${read.detail}`;
      findings.push(finding({ rule: 'unit/unreadable', severity: 'error', message, file: path, subject: read.reason }));
    }
  }
  return { files, findings };
}

async function prepareFiles(
  files: readonly TestFile[],
  source: RuleFileSource,
): Promise<{
  readonly groups: PreparedGroup[];
  readonly tested: readonly TestedRules[];
  readonly findings: readonly Finding[];
}> {
  const read = ruleFileReader(source);
  const tested = new Set<TestedRules>();
  const groups: PreparedGroup[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const resolved = resolveRuleFiles(file, source);
    findings.push(...file.findings, ...resolved.findings, ...checkTestFile(file));
    const loaded = await Promise.all(resolved.paths.map((path) => read(path)));
    for (const item of loaded) tested.add(item);
    const ruleFiles = loaded.flatMap((item) => (item.kind === 'read' ? [item.file] : []));
    for (const group of file.groups)
      groups.push(prepareGroup(file, group, ruleFiles, source.project.config.realm.label));
  }
  return { groups, tested: [...tested], findings: [...findings, ...unreadRules([...tested])] };
}

/** A group without assertions has nothing to run; its finding says so. */
function runnable(groups: readonly PreparedGroup[]): PreparedGroup[] {
  return groups.filter(({ group }) => group.assertions.length > 0);
}

async function runAll(
  groups: readonly PreparedGroup[],
  promtool: Promtool,
  ports: PromqlUnitPorts,
  deadline: string,
): Promise<GroupResult[]> {
  const end = ports.now() + checkedMs(deadline);
  const results: GroupResult[] = [];
  const queue = groups.entries();
  const work = async (): Promise<void> => {
    for (const [index, prepared] of queue) {
      const left = Math.ceil(end - ports.now());
      results[index] =
        left <= 0
          ? lateResult(prepared, deadline)
          : await runGroup(prepared, promtool, ports.scratch, `unit/${index}`, left);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, ports.parallel) }, work));
  return results;
}

function lateResult(prepared: PreparedGroup, deadline: string): GroupResult {
  const { file, group } = prepared;
  const message = `not run: all unit tests together took longer than gate.promql_unit.deadline (${deadline})`;
  const reason: Reason = {
    code: 'deadline_exceeded',
    message: `${file.path}: ${group.name}: ${message}`,
    subject: group.name,
  };
  const common = { name: group.name, suite: file.path, file: file.path, range: group.range };
  return { prepared, report: { ...common, outcome: 'error', durationMs: 0, message }, findings: [], reasons: [reason] };
}

function noTestFiles(globs: readonly string[]): Finding {
  return finding({
    rule: 'unit/no-tests',
    severity: 'error',
    message: `there is no unit test: neither ${globs.join(', ')} nor *_test.yml matches a file`,
    help: 'Write a test for each rule, or name the folder of the tests in gate.promql_unit.tests.',
    subject: 'no test files',
  });
}

function coverageFinding(coverage: number, minimum: number): Finding[] {
  if (coverage >= minimum) return [];
  const message = `${coverage} % of the rules are asserted by a passing test; gate.promql_unit.min_coverage wants ${minimum} %`;
  return [finding({ rule: 'unit/coverage', severity: 'error', message, subject: 'coverage' })];
}
