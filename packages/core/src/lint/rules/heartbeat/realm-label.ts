import { matcherMatches, selectorsOf, type Matcher, type Selector } from '../../../promql/index.ts';
import { mayCarry, ruleLabels } from '../../analysis/labels.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { atName, excerpt, inExpression } from '../../problem.ts';

/** Without a realm the heartbeat of a test keeps the alert of production silent. */
export const realmLabel: LintRule = {
  id: 'heartbeat/realm-label',
  summary: 'A heartbeat is read and recorded per realm.',
  docs: 'docs/rules/heartbeat/realm-label.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.heartbeats) {
      if (linted.parsed.errors.length > 0) continue;
      yield* selectorsWithout(linted, context);
      yield* ruleWithout(linted, context);
    }
  },
};

function* selectorsWithout(linted: LintedRule, { settings, recorded }: LintContext): Iterable<Problem> {
  const { label, value } = settings.realm;
  for (const selector of selectorsOf(linted.parsed.root)) {
    const { name } = selector;
    if (name === undefined || !settings.isHeartbeat(name) || recorded.has(name)) continue;
    if (selector.matchers.some((matcher) => matcher.label === label && demandsLabel(matcher))) continue;
    yield inExpression(linted, selector.span, {
      message: `The raw heartbeat \`${name}\` is read without \`${label}\`: the heartbeat of any other realm counts as this one's.`,
      help: `Write \`${withMatcher(linted, selector, `${label}="${value}"`)}\`.`,
    });
  }
}

/** Whether a series without the label is left out, and the label is not just any. */
function demandsLabel(matcher: Matcher): boolean {
  return matcherMatches(matcher, '') === false && (matcher.operator === '=' || matcher.operator === '=~');
}

function withMatcher({ parsed }: LintedRule, selector: Selector, matcher: string): string {
  const text = excerpt(parsed.text, selector.span);
  if (text.endsWith('{}')) return `${text.slice(0, -1)}${matcher}}`;
  return text.endsWith('}') ? `${text.slice(0, -1).replace(/[\s,]+$/, '')},${matcher}}` : `${text}{${matcher}}`;
}

function* ruleWithout(linted: LintedRule, { settings, recorded }: LintContext): Iterable<Problem> {
  const { label, value } = settings.realm;
  if (mayCarry(ruleLabels(linted, recorded), label)) return;
  const { kind, name } = linted.rule;
  yield atName(linted, {
    message:
      kind === 'recording'
        ? `\`${name.value}\` is recorded without \`${label}\`: realms cannot be told apart, and \`${name.value}{${label}="${value}"}\` selects nothing.`
        : `The alert \`${name.value}\` carries no \`${label}\`: it cannot be routed or silenced by realm.`,
    help: `Keep the label with \`by (${label})\`, or add \`labels: { ${label}: ${value} }\` to the rule.`,
  });
}
