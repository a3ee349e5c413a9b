import { selectorsOf, walk, type PromqlNode } from '../../promql/index.ts';
import type { Family, LintedRule, LintSettings, RecordedSeries } from '../model.ts';
import { readsAge } from './age.ts';
import { isStateSeries } from './state.ts';

/** Sorts the heartbeat metrics that are computed from each other into families. */
export function familiesOf(
  heartbeats: readonly LintedRule[],
  settings: LintSettings,
  recorded: RecordedSeries,
): readonly Family[] {
  let all: Family[] = [];
  for (const linted of heartbeats) {
    if (linted.rule.kind !== 'recording') continue;
    const own = [linted.rule.name.value, ...namesIn(linted.parsed.root)].filter((name) => settings.isHeartbeat(name));
    const touched = all.filter((family) => own.some((name) => family.names.has(name)));
    const guards = isStateSeries(linted, { settings }) || looksAtTicks(linted.parsed.root, settings, recorded);
    const merged: Family = {
      first: touched[0]?.first ?? linted,
      names: new Set([...touched.flatMap((family) => [...family.names]), ...own]),
      guarded: guards || touched.some((family) => family.guarded),
    };
    all = [...all.filter((family) => !touched.includes(family)), merged];
  }
  return all;
}

/** The metric names of an expression's selectors. */
export function namesIn(node: PromqlNode): string[] {
  return selectorsOf(node).flatMap(({ name }) => (name === undefined ? [] : [name]));
}

function looksAtTicks(root: PromqlNode, settings: LintSettings, recorded: RecordedSeries): boolean {
  let found = readsAge(root, { settings, recorded });
  walk(root, (node) => {
    if (node.kind === 'call' && node.name === 'changes')
      found ||= namesIn(node).some((name) => settings.isHeartbeat(name));
    return found ? 'skip' : undefined;
  });
  return found;
}
