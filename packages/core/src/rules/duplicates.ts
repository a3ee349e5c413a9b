import { finding, type Finding } from '../kernel/index.ts';
import { ruleIdentity } from './effective-labels.ts';
import type { Rule, RuleFile, RuleGroup } from './model.ts';
import { surelySameSeries } from './series-conflict.ts';

/**
 * Rules that repeat another one: same name and labels, within a file (promtool reports them, and exits 0) or across
 * files (no tool notices), and groups that repeat a name within their file. One pass over the rules.
 *
 * An error is what promtool rejects (one file), what is the same in its expression too, and recording rules that
 * surely write the same series. Otherwise a warning: rules of different systems may share a name.
 */
export function findDuplicates(files: readonly RuleFile[]): Finding[] {
  const seen = new Map<string, Rule>();
  const findings = files.flatMap(duplicateGroups);
  for (const file of files) {
    const inFile = new Map<string, Rule>();
    for (const group of file.groups) {
      for (const rule of group.rules) {
        const identity = ruleIdentity(rule);
        const first = inFile.get(identity) ?? seen.get(identity);
        if (first !== undefined) findings.push(duplicateRule(first, rule));
        if (!inFile.has(identity)) inFile.set(identity, rule);
        if (!seen.has(identity)) seen.set(identity, rule);
      }
    }
  }
  return findings;
}

function duplicateRule(first: Rule, rule: Rule): Finding {
  const sameExpression = squeezed(first.expr.value) === squeezed(rule.expr.value);
  const sameFile = first.file === rule.file;
  const certain = sameExpression || sameFile || (rule.kind === 'recording' && surelySameSeries(first, rule));
  const what = rule.kind === 'recording' ? 'Recording rule' : 'Alert';
  const where = sameFile ? 'this file' : first.file.path;
  const labels = [...rule.labels, ...rule.group.labels].length === 0 ? 'name' : 'name and the same labels';
  return finding({
    rule: certain ? 'rules/duplicate' : rule.kind === 'recording' ? 'rules/same-record' : 'rules/same-alert',
    severity: certain ? 'error' : 'warning',
    message: `${what} ${JSON.stringify(rule.name.value)} stands a second time with the same ${labels}${
      sameExpression ? ' and expression' : ', but another expression'
    } (first in ${where}, line ${first.name.range.line})${consequence(rule, sameExpression)}`,
    help: sameExpression ? 'Remove one of them.' : 'Give one of them another name or a label that tells them apart.',
    file: rule.file.path,
    range: rule.name.range,
    related: [{ message: 'first here', file: first.file.path, range: first.name.range }],
    subject: `${ruleIdentity(rule)} ${sameExpression ? '' : rule.expr.value}`,
  });
}

function consequence(rule: Rule, sameExpression: boolean): string {
  if (rule.kind === 'recording') {
    return sameExpression
      ? ': both write the same series.'
      : ': both write the same series name, and where their results overlap one of them is lost.';
  }
  return sameExpression ? ': every notification is sent twice.' : ': nobody can tell which of the two fires.';
}

function duplicateGroups(file: RuleFile): Finding[] {
  const seen = new Map<string, RuleGroup>();
  const findings: Finding[] = [];
  // Objects of a cluster are files of their own, so that their groups may share names.
  if (file.format === 'crd') return findings;
  for (const group of file.groups) {
    const first = seen.get(group.name.value);
    if (first === undefined) seen.set(group.name.value, group);
    else findings.push(duplicateGroup(first, group));
  }
  return findings;
}

function duplicateGroup(first: RuleGroup, group: RuleGroup): Finding {
  return finding({
    rule: 'rules/duplicate-group',
    severity: 'error',
    message: `The group name ${JSON.stringify(group.name.value)} stands twice in this file (first in line ${first.name.range.line}), so Prometheus cannot load it.`,
    help: 'Rename one of the groups, or join them.',
    file: group.file.path,
    range: group.name.range,
    related: [{ message: 'first here', file: first.file.path, range: first.name.range }],
    subject: `group ${group.name.value}`,
  });
}

function squeezed(expression: string): string {
  return expression.replace(/\s+/g, ' ').trim();
}
