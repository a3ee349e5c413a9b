import { parsePromql, selectorsOf } from '../promql/index.ts';
import { allRules, type RuleFile } from '../rules/index.ts';
import { familiesOf } from './analysis/families.ts';
import type { LintContext, LintedRule, LintScope, LintSettings } from './model.ts';

/** Parses every expression once and sorts the rules by what they record and read. */
export function lintContext(files: readonly RuleFile[], settings: LintSettings, scope: LintScope): LintContext {
  const rules = allRules(files).map((rule): LintedRule => ({ rule, parsed: parsePromql(rule.expr.value) }));
  const recorded = new Map<string, LintedRule[]>();
  for (const linted of rules) {
    if (linted.rule.kind !== 'recording') continue;
    const same = recorded.get(linted.rule.name.value);
    if (same === undefined) recorded.set(linted.rule.name.value, [linted]);
    else same.push(linted);
  }
  const heartbeats = rules.filter((linted) => isHeartbeatRule(linted, settings));
  const families = familiesOf(heartbeats, settings, recorded);
  return { scope, settings, files, rules, heartbeats, recorded, families };
}

function isHeartbeatRule({ rule, parsed }: LintedRule, settings: LintSettings): boolean {
  if (rule.kind === 'recording' && settings.isHeartbeat(rule.name.value)) return true;
  return selectorsOf(parsed.root).some(({ name }) => name !== undefined && settings.isHeartbeat(name));
}
