import type { AlertingRule, RecordingRule, Rule, RuleFile } from './model.ts';
import { allRules } from './model.ts';

/** Look-ups over all rules of a project, in file and group order. */
export type RuleIndex = {
  readonly rules: readonly Rule[];
  readonly recordings: ReadonlyMap<string, readonly RecordingRule[]>;
  readonly alerts: ReadonlyMap<string, readonly AlertingRule[]>;
};

/** Builds the look-ups: recording rules by the name they record, alerts by their name. */
export function indexRules(files: readonly RuleFile[]): RuleIndex {
  const rules = allRules(files);
  const recordings = new Map<string, RecordingRule[]>();
  const alerts = new Map<string, AlertingRule[]>();
  for (const rule of rules) {
    if (rule.kind === 'recording') append(recordings, rule.name.value, rule);
    else append(alerts, rule.name.value, rule);
  }
  return { rules, recordings, alerts };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
