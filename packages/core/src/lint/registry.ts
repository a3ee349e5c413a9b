import type { LintRule } from './model.ts';
import { metaRules } from './rules/lint/meta.ts';
import { rateWindow } from './rules/promql/rate-window.ts';
import { unparsed } from './rules/promql/unparsed.ts';

/** Every lint rule, by id. */
export const lintRules: readonly LintRule[] = [...metaRules, rateWindow, unparsed].toSorted((a, b) =>
  a.id < b.id ? -1 : 1,
);

export const lintRuleIds: readonly string[] = lintRules.map((rule) => rule.id);
