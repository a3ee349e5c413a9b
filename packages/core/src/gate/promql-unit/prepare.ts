import type { Finding } from '../../kernel/index.ts';
import { finding, formatDuration } from '../../kernel/index.ts';
import { dependencyClosure, indexRules, serializeRules, type Rule, type RuleFile } from '../../rules/index.ts';
import type { Scratch } from '../promtool-port.ts';
import { groupOrder } from './group-order.ts';
import { checkRealm } from './realm-check.ts';
import { checkTestGroup } from './static-checks.ts';
import type { TestFile, TestGroup } from './test-file.ts';

/** One test group, ready to run by itself against just the rules it depends on. */
export type PreparedGroup = {
  readonly file: TestFile;
  readonly group: TestGroup;
  readonly closure: readonly Rule[];
  readonly findings: readonly Finding[];
};

/** Narrows the rules down to those the group's assertions depend on, and finds what is wrong with the group. */
export function prepareGroup(
  file: TestFile,
  group: TestGroup,
  ruleFiles: readonly RuleFile[],
  realmLabel: string,
): PreparedGroup {
  const index = indexRules(ruleFiles);
  const { rules } = dependencyClosure(index, {
    alerts: group.assertions.flatMap((item) => (item.kind === 'alert' ? [item.alertname.value] : [])),
    expressions: group.assertions.flatMap((item) => (item.kind === 'expr' ? [item.expr.value] : [])),
  });
  const closure = index.rules.filter((rule) => rules.has(rule));
  const findings = [
    ...checkTestGroup({ file, group, rules: index.rules, closure }),
    ...checkRealm(file, group, closure, realmLabel),
    ...checkOrder(file, group, closure),
  ];
  return { file, group, closure, findings };
}

/**
 * Writes the group as a test file of its own, and its rules as rule files; returns the test file's absolute path.
 * Rules are evaluated in order of dependency where they span groups and the test does not say in which order.
 */
export async function writeGroup(prepared: PreparedGroup, name: string, scratch: Scratch): Promise<string> {
  const { file, group, closure } = prepared;
  const wanted = new Set(closure);
  const files = [...new Set(closure.map((rule) => rule.file))];
  const ruleFiles: string[] = [];
  for (const [index, ruleFile] of files.entries()) {
    ruleFiles.push(
      await scratch.write(
        `${name}/rules-${index}.yml`,
        serializeRules(ruleFile.groups, (rule) => wanted.has(rule)).text,
      ),
    );
  }
  const order = groupOrder(closure);
  const groupEvalOrder =
    file.groupEvalOrder.length === 0 && order.kind === 'ordered'
      ? { group_eval_order: JSON.stringify(order.groups) }
      : {};
  // Releases before 2.43 take a missing interval for none at all: every sample at the same time.
  const interval = 'interval' in group.plain ? '' : `interval: ${formatDuration(group.interval)}, `;
  const tests = `[{${interval}${group.written.slice(1)}]`;
  const keys = { ...file.settings, ...groupEvalOrder, rule_files: JSON.stringify(ruleFiles), tests };
  const lines = Object.entries(keys).map(([key, value]) => `${JSON.stringify(key)}: ${value}\n`);
  return scratch.write(`${name}/test.yml`, lines.join(''));
}

function checkOrder(file: TestFile, group: TestGroup, closure: readonly Rule[]): Finding[] {
  if (file.groupEvalOrder.length > 0) return [];
  const order = groupOrder(closure);
  if (order.kind === 'independent') return [];
  const { reader, source } = order.example;
  const read = `${reader.name.value} (group ${reader.group.name.value}) reads ${source.name.value} (group ${source.group.name.value})`;
  const common = { file: file.path, range: group.range, rule: 'unit/group-order', subject: `${group.name}/${read}` };
  if (order.kind === 'unordered') {
    const message = `the result of ${group.name} depends on the order of evaluation, and ${order.why}: ${read}`;
    return [finding({ ...common, severity: 'error', message, help: 'Put the rules into one group.' })];
  }
  const message = `promtool evaluates groups in no fixed order, but ${read}: without group_eval_order this test passes or fails by chance`;
  const help = `It ran in order here. Write group_eval_order: [${order.groups.join(', ')}] into the file, or put the rules into one group.`;
  return [finding({ ...common, severity: 'warning', message, help })];
}
