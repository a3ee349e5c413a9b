import { intervalOf, within } from '../../analysis/interval.ts';
import { stateSeries } from '../../analysis/state.ts';
import type { LintRule } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/** A state is multiplied, averaged over time and compared with 1: every other value breaks what reads it. */
export const range: LintRule = {
  id: 'heartbeat/range',
  summary: 'A 0/1 state cannot leave the range from 0 to 1.',
  docs: 'docs/rules/heartbeat/range.md',
  severity: 'error',
  reach: 'project',
  *check(context) {
    for (const linted of stateSeries(context)) {
      const { root, text } = linted.parsed;
      const bounds = intervalOf(root, context.recorded);
      if (within(bounds, { low: 0, high: 1 })) continue;
      yield inExpression(linted, root.span, {
        message: `\`${linted.rule.name.value}\` is a 0/1 state, but its value can lie anywhere ${words(bounds.low, bounds.high)}; what multiplies it or compares it with 1 is then wrong.`,
        help: `Write \`clamp(${excerpt(text, root.span)}, 0, 1)\`, or make it a comparison with \`bool\`.`,
      });
    }
  },
};

function words(low: number, high: number): string {
  if (low === -Infinity && high === Infinity) return 'below 0 and above 1';
  if (high === Infinity) return `from ${low} up`;
  return low === -Infinity ? `from ${high} down` : `from ${low} to ${high}`;
}
