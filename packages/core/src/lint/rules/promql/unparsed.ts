import type { LintRule } from '../../model.ts';
import { inExpression, quoted } from '../../problem.ts';

/** promtool decides what is valid; what this grammar cannot read, no other rule has judged. */
export const unparsed: LintRule = {
  id: 'promql/unparsed',
  summary: 'Every expression can be read, so that the other rules judge all of it.',
  docs: 'docs/rules/promql/unparsed.md',
  severity: 'warning',
  reach: 'rule',
  *check({ rules, heartbeats }) {
    const watched = new Set(heartbeats);
    for (const linted of rules) {
      const [first] = linted.parsed.errors;
      if (first === undefined) continue;
      const end = Math.max(first.end, Math.min(first.start + 1, linted.parsed.text.length));
      yield inExpression(
        linted,
        { start: first.start, end },
        {
          message: `The PromQL grammar cannot read this expression from ${end > first.start ? quoted(linted.parsed.text, { start: first.start, end }) : 'its end'} on, so no lint rule has judged it.`,
          help: 'If promtool refuses it too, repair it; if promtool accepts it, write it another way, such as `5.0` for `5.`.',
          ...(watched.has(linted) ? { severity: 'error' } : {}),
        },
      );
    }
  },
};
