import type { Rule, RuleFile, RuleGroup } from '../../rules/index.ts';
import type { ServerRule, ServerRuleGroup } from '../../server/index.ts';
import { expressionForm } from './same-expression.ts';

/** One way in which the rules that a server runs are not the rules of the files. */
export type RuleDifference =
  | { readonly kind: 'missing_group'; readonly group: RuleGroup }
  | { readonly kind: 'unknown_group'; readonly file: string; readonly name: string; readonly rules: number }
  | { readonly kind: 'rule_count'; readonly group: RuleGroup; readonly expected: number; readonly actual: number }
  | {
      readonly kind: 'changed';
      readonly rule: Rule;
      readonly field: 'type' | 'name' | 'duration' | 'labels' | 'expression';
      readonly expected: string;
      readonly actual: string;
    };

/** Two spellings of an expression that only the server itself can compare. */
export type OpenQuestion = { readonly rule: Rule; readonly expected: string; readonly actual: string };

export type RuleComparison = {
  readonly differences: readonly RuleDifference[];
  readonly questions: readonly OpenQuestion[];
  /** Rules that were found in their place on the server. */
  readonly matched: readonly { readonly rule: Rule; readonly server: ServerRule }[];
};

/**
 * Compares parsed rules with those of the rules API: file, group, order in the group, type, name, `for`, labels
 * and, as far as the texts tell, the expression.
 *
 * @param repositoryPath - Path in the repository of a file that the server names; undefined when it has none.
 */
export function compareRules(
  files: readonly RuleFile[],
  server: readonly ServerRuleGroup[],
  repositoryPath: (serverFile: string) => string | undefined,
): RuleComparison {
  const result = { differences: [] as RuleDifference[], questions: [] as OpenQuestion[], matched: [] as Pair[] };
  const rest = new Map(server.map((group) => [groupKey(repositoryPath(group.file), group.name), group]));
  for (const group of files.flatMap((file) => file.groups)) {
    const key = groupKey(group.file.path, group.name.value);
    const found = rest.get(key);
    rest.delete(key);
    if (found !== undefined) compareGroup(group, found, result);
    // The rules API leaves out groups without rules.
    else if (group.rules.length > 0) result.differences.push({ kind: 'missing_group', group });
  }
  for (const { file, name, rules } of rest.values()) {
    const difference = {
      kind: 'unknown_group',
      file: repositoryPath(file) ?? file,
      name,
      rules: rules.length,
    } as const;
    result.differences.push(difference);
  }
  return result;
}

type Pair = { readonly rule: Rule; readonly server: ServerRule };
type Draft = { differences: RuleDifference[]; questions: OpenQuestion[]; matched: Pair[] };

function groupKey(file: string | undefined, name: string): string {
  return JSON.stringify([file ?? null, name]);
}

function compareGroup(group: RuleGroup, found: ServerRuleGroup, result: Draft): void {
  if (group.rules.length !== found.rules.length) {
    const [expected, actual] = [group.rules.length, found.rules.length];
    result.differences.push({ kind: 'rule_count', group, expected, actual });
    return;
  }
  for (const [index, rule] of group.rules.entries()) {
    const server = found.rules[index];
    if (server === undefined) continue;
    result.matched.push({ rule, server });
    result.differences.push(...compareRule(rule, server));
    const [expected, actual] = [rule.expr.value, server.query];
    if (expected !== actual && !sameForm(expected, actual)) result.questions.push({ rule, expected, actual });
  }
}

function sameForm(a: string, b: string): boolean {
  const form = expressionForm(a);
  return form !== undefined && form === expressionForm(b);
}

function compareRule(rule: Rule, server: ServerRule): RuleDifference[] {
  const pairs = [
    ['type', rule.kind, server.kind],
    ['name', rule.name.value, server.name],
    ['duration', `${forSeconds(rule)}s`, `${server.durationSeconds}s`],
    ['labels', labelText(expectedLabels(rule)), labelText(server.labels)],
  ] as const;
  return pairs
    .filter(([, expected, actual]) => expected !== actual)
    .map(([field, expected, actual]) => ({ kind: 'changed', rule, field, expected, actual }));
}

function forSeconds(rule: Rule): number {
  return rule.kind === 'alerting' ? (rule.for?.value.ms ?? 0) / 1000 : 0;
}

/** The labels that the rule adds: its own over those of its group. */
export function expectedLabels(rule: Rule): Record<string, string> {
  const entries = [...rule.group.labels, ...rule.labels].map(({ key, value }) => [key.value, value.value] as const);
  return Object.fromEntries(entries);
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).filter(([, value]) => value !== '');
  written.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${written.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
