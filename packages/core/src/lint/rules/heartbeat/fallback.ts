import { alwaysPresent } from '../../analysis/presence.ts';
import { stateSeries } from '../../analysis/state.ts';
import type { LintRule } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/** A missing series compares with nothing: `heartbeat_ok == 0` is silent exactly when everything is down. */
export const fallback: LintRule = {
  id: 'heartbeat/fallback',
  summary: 'A state series has a value even when its heartbeat is missing.',
  docs: 'docs/rules/heartbeat/fallback.md',
  severity: 'error',
  reach: 'project',
  *check(context) {
    const { label, value } = context.settings.realm;
    for (const linted of stateSeries(context)) {
      const { root, text } = linted.parsed;
      if (alwaysPresent(root, context.recorded)) continue;
      const main = excerpt(text, root.span);
      yield inExpression(linted, root.span, {
        message: `\`${linted.rule.name.value}\` vanishes when the heartbeat that it reads is missing: alerts such as \`${linted.rule.name.value} == 0\` are then silent instead of firing`,
        help: `add a fallback with the same labels: \`(${main}) or label_replace(vector(0), "${label}", "${value}", "", "")\`, or \`(${main}) or vector(0)\` where the left side has no labels`,
      });
    }
  },
};
