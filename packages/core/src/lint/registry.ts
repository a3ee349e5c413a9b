import type { LintRule } from './model.ts';
import { alertsMissing } from './rules/heartbeat/alerts-missing.ts';
import { boolArithmetic } from './rules/heartbeat/bool-arithmetic.ts';
import { deadMan } from './rules/heartbeat/dead-man.ts';
import { fallback } from './rules/heartbeat/fallback.ts';
import { fallbackLabels } from './rules/heartbeat/fallback-labels.ts';
import { forbiddenFunction } from './rules/heartbeat/forbidden-function.ts';
import { forbiddenTemplate } from './rules/heartbeat/forbidden-template.ts';
import { freshness } from './rules/heartbeat/freshness.ts';
import { none } from './rules/heartbeat/none.ts';
import { order } from './rules/heartbeat/order.ts';
import { range } from './rules/heartbeat/range.ts';
import { realmLabel } from './rules/heartbeat/realm-label.ts';
import { window } from './rules/heartbeat/window.ts';
import { incomplete } from './rules/lint/incomplete.ts';
import { metaRules } from './rules/lint/meta.ts';
import { rateWindow } from './rules/promql/rate-window.ts';
import { unparsed } from './rules/promql/unparsed.ts';

/** Every lint rule, by id. */
export const lintRules: readonly LintRule[] = [
  alertsMissing,
  boolArithmetic,
  deadMan,
  fallback,
  fallbackLabels,
  forbiddenFunction,
  forbiddenTemplate,
  freshness,
  incomplete,
  none,
  order,
  range,
  rateWindow,
  realmLabel,
  unparsed,
  window,
  ...metaRules,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));

export const lintRuleIds: readonly string[] = lintRules.map((rule) => rule.id);
