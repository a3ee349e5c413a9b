import { formatDuration } from '../../../kernel/index.ts';
import { selectorsOf } from '../../../promql/index.ts';
import { alwaysPresent } from '../../analysis/presence.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/**
 * A dead man's switch proves the way from Prometheus to the receiver by firing all the time; its silence is the alarm.
 * https://prometheus.io/docs/practices/alerting/#metamonitoring
 */
export const deadMan: LintRule = {
  id: 'heartbeat/dead-man',
  summary: "A dead man's switch fires always: no `for`, no metric, no condition.",
  docs: 'docs/rules/heartbeat/dead-man.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.rules) {
      if (linted.parsed.errors.length > 0 || !context.settings.isDeadMan(linted.rule.name.value)) continue;
      yield* waits(linted);
      yield* condition(linted, context);
    }
  },
};

function* waits(linted: LintedRule): Iterable<Problem> {
  const { rule } = linted;
  if (rule.kind !== 'alerting' || rule.for === undefined || rule.for.value.ms === 0) return;
  yield {
    file: rule.file.path,
    range: rule.for.range,
    subject: `${rule.group.name.value}/${rule.name.value}/for`,
    message: `The dead man's switch \`${rule.name.value}\` waits ${formatDuration(rule.for.value)} before it fires: after every restart it is silent that long, and its silence is the alarm.`,
    help: 'Remove `for`.',
  };
}

function* condition(linted: LintedRule, { recorded }: LintContext): Iterable<Problem> {
  const { rule, parsed } = linted;
  if (rule.kind !== 'alerting') return;
  const [selector] = selectorsOf(parsed.root);
  const help = 'Write `expr: vector(1)`.';
  if (selector !== undefined) {
    yield inExpression(linted, selector.span, {
      message: `The dead man's switch \`${rule.name.value}\` depends on the metric \`${selector.name ?? excerpt(parsed.text, selector.span)}\`: it falls silent with that metric, not only when alerting is broken.`,
      help,
    });
  } else if (!alwaysPresent(parsed.root, recorded)) {
    yield inExpression(linted, parsed.root.span, {
      message: `The dead man's switch \`${rule.name.value}\` does not always fire: \`${excerpt(parsed.text, parsed.root.span)}\` can be empty.`,
      help,
    });
  }
}
