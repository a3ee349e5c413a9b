import { selectorsOf, unparenthesized, type PromqlNode } from '../../../promql/index.ts';
import { intervalOf } from '../../analysis/interval.ts';
import { constantWith, labelsOf } from '../../analysis/labels.ts';
import { alwaysPresent, asksForAbsence } from '../../analysis/presence.ts';
import { vectorArgument } from '../../analysis/shape.ts';
import { stateSeries } from '../../analysis/state.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/** A missing series compares with nothing: `heartbeat_ok == 0` is silent exactly when everything is down. */
export const fallback: LintRule = {
  id: 'heartbeat/fallback',
  summary: 'A state series has a value even when its heartbeat is missing.',
  docs: 'docs/rules/heartbeat/fallback.md',
  severity: 'error',
  reach: 'project',
  *check(context) {
    for (const linted of stateSeries(context)) {
      yield* sayAlive(linted, context);
      const { root, text } = linted.parsed;
      if (alwaysPresent(root, context.recorded)) continue;
      const main = excerpt(text, root.span);
      const constant = constantWith(labelsOf(root, context.recorded), context.settings.realm);
      yield inExpression(linted, root.span, {
        message: `\`${linted.rule.name.value}\` vanishes when the heartbeat that it reads is missing: alerts such as \`${linted.rule.name.value} == 0\` are then silent instead of firing.`,
        help:
          constant === undefined
            ? help(main, context)
            : `Write \`(${main}) or ${constant}\`, which has the same labels.`,
      });
    }
  },
};

/** A fallback other than 0 calls a missing heartbeat alive; only names that promise a good state are judged. */
function* sayAlive(linted: LintedRule, { settings, recorded }: LintContext): Iterable<Problem> {
  const name = linted.rule.name.value;
  if (!settings.isHeartbeat(name) || !settings.isState(name)) return;
  for (const standIn of fallbacksOf(linted.parsed.root)) {
    if (selectorsOf(standIn).length > 0 && !asksForAbsence(standIn)) continue;
    if (intervalOf(standIn, recorded).high <= 0) continue;
    const text = excerpt(linted.parsed.text, standIn.span);
    yield inExpression(linted, standIn.span, {
      message: `The fallback \`${text}\` is not 0: when its heartbeat is missing, \`${name}\` says that all is well.`,
      help: asksForAbsence(standIn)
        ? `Write \`${text} * 0\`.`
        : 'Fall back to `vector(0)`, with the labels of the left side.',
    });
  }
}

const KEEPS_VALUE = new Set(['clamp', 'clamp_min', 'clamp_max', 'min', 'max', 'label_replace']);

/** The right sides of each `or` whose value becomes the value of the whole. */
function fallbacksOf(node: PromqlNode): PromqlNode[] {
  const inner = unparenthesized(node);
  if (inner.kind === 'binary' && inner.operator === 'or') return [...fallbacksOf(inner.left), inner.right];
  if ((inner.kind !== 'call' && inner.kind !== 'aggregate') || !KEEPS_VALUE.has(inner.name)) return [];
  const argument = vectorArgument(inner);
  return argument === undefined ? [] : fallbacksOf(argument);
}

function help(main: string, { settings }: LintContext): string {
  const { label, value } = settings.realm;
  return `Aggregate to known labels and add a fallback that has them: \`max by (${label}) (${main}) or label_replace(vector(0), "${label}", "${value}", "", "")\`.`;
}
