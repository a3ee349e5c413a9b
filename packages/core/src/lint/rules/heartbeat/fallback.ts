import { constantWith, labelsOf } from '../../analysis/labels.ts';
import { alwaysPresent } from '../../analysis/presence.ts';
import { stateSeries } from '../../analysis/state.ts';
import type { LintContext, LintRule } from '../../model.ts';
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

function help(main: string, { settings }: LintContext): string {
  const { label, value } = settings.realm;
  return `Aggregate to known labels and add a fallback that has them: \`max by (${label}) (${main}) or label_replace(vector(0), "${label}", "${value}", "", "")\`.`;
}
