import {
  finding,
  offsetAt,
  rangeBetween,
  sourceText,
  type Finding,
  type Range,
  type SourceText,
} from '../../kernel/index.ts';
import type { FileVerdict, MessageKind, PromtoolMessage } from '../../promtool/index.ts';
import type { Rule, RuleFile } from '../../rules/index.ts';

/** The file of the repository that a verdict is about. */
export type CheckedFile = {
  readonly path: string;
  readonly source: SourceText;
  readonly ruleFile: RuleFile | undefined;
  /** Whether promtool's lines are those of the repository's file: not of rules that were taken out of a manifest. */
  readonly linesHold: boolean;
};

/** Severity of what promtool's linter (not its parser) says. */
export type LintSeverity = 'error' | 'warning';

const RULE_IDS: Readonly<Record<MessageKind, string>> = {
  yaml: 'promtool/syntax',
  promql: 'promtool/syntax',
  template: 'promtool/template',
  rule: 'promtool/rule',
  duplicate: 'promtool/duplicate',
  config: 'promtool/config',
  lint: 'promtool/lint',
  warning: 'promtool/warning',
  usage: 'promtool/usage',
  evaluation: 'promtool/rule',
  series: 'promtool/rule',
  other: 'promtool/other',
};

/** One finding for each of promtool's messages on a file, at the place in the repository that the message is about. */
export function verdictFindings(
  verdict: FileVerdict,
  file: CheckedFile,
  version: string,
  lint: LintSeverity,
): Finding[] {
  if (verdict.verdict === 'ok') return [];
  if (verdict.messages.length === 0) {
    const message = `promtool ${version} refuses the file without saying why`;
    return [finding({ rule: 'promtool/other', severity: 'error', message, file: file.path, subject: 'unexplained' })];
  }
  return verdict.messages.map((message) => messageFinding(message, file, version, lint));
}

function messageFinding(message: PromtoolMessage, file: CheckedFile, version: string, lint: LintSeverity): Finding {
  const range = rangeOf(message, file);
  const where =
    message.group === undefined ? '' : ` (group ${message.group}${message.ruleName ? `, ${message.ruleName}` : ''})`;
  return finding({
    rule: ruleIdOf(message, file),
    severity: message.kind === 'lint' || message.kind === 'warning' ? lint : 'error',
    message: `${message.message}${where} [promtool ${version}]`,
    file: file.path,
    subject: [message.group, message.ruleName, message.message].join('/'),
    ...(range !== undefined && { range }),
  });
}

/** YAML that can be read and is no configuration: an unknown field, a field given twice, a value of another type. */
const NO_CONFIG = /\bnot found in type |already set in type |^cannot unmarshal /;

function ruleIdOf({ kind, message }: PromtoolMessage, { ruleFile }: CheckedFile): string {
  return ruleFile === undefined && kind === 'yaml' && NO_CONFIG.test(message) ? 'promtool/config' : RULE_IDS[kind];
}

/** The place of a message: inside the expression when promtool tells it, else its rule, else its line. */
export function rangeOf(message: PromtoolMessage, file: CheckedFile): Range | undefined {
  const rule = ruleOf(message, file.ruleFile);
  if (rule !== undefined) return rangeInRule(message, rule);
  const group = file.ruleFile?.groups.find(({ name }) => name.value === message.group);
  if (group !== undefined) return group.name.range;
  if (message.line === undefined || !file.linesHold) return undefined;
  const start = offsetAt(file.source, { line: message.line, column: message.column ?? 1 });
  if (start === undefined) return undefined;
  const lineEnd = file.source.text.indexOf('\n', start);
  return rangeBetween(file.source, start, lineEnd === -1 ? file.source.text.length : lineEnd);
}

function rangeInRule(message: PromtoolMessage, rule: Rule): Range {
  if (message.kind !== 'promql') return rule.name.range;
  const { expression } = message;
  if (expression === undefined) return rule.expr.range;
  const text = rule.expr.value;
  const offset = offsetAt(sourceText('', text), expression);
  if (offset === undefined) return rule.expr.range;
  // What is missing at the end is missing behind the last character, not below the expression.
  const start = Math.min(offset, text.trimEnd().length);
  return rule.expr.rangeOf(start, Math.min(start + 1, text.length));
}

function ruleOf({ group, rule, ruleName }: PromtoolMessage, file: RuleFile | undefined): Rule | undefined {
  if (file === undefined || (group === undefined && ruleName === undefined)) return undefined;
  const rules = file.groups
    .filter(({ name }) => group === undefined || name.value === group)
    .flatMap((item) => item.rules);
  const byIndex = group !== undefined && rule !== undefined ? rules.find(({ index }) => index === rule - 1) : undefined;
  return byIndex ?? rules.find(({ name }) => name.value === ruleName);
}
