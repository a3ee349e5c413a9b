import { walk, type Selector } from '../../../promql/index.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { inExpression } from '../../problem.ts';

/**
 * Rules of a group run one after the other, at one timestamp; groups run on their own, in no order.
 * https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/#recording-rules
 */
export const order: LintRule = {
  id: 'heartbeat/order',
  summary: 'A rule reads series that were recorded before it, in its own group.',
  docs: 'docs/rules/heartbeat/order.md',
  severity: 'error',
  reach: 'project',
  *check(context) {
    const heartbeats = new Set(context.heartbeats);
    for (const linted of context.rules) yield* checkRule(linted, context, heartbeats);
  },
};

function* checkRule(linted: LintedRule, context: LintContext, heartbeats: ReadonlySet<LintedRule>): Iterable<Problem> {
  for (const selector of readNow(linted)) {
    const { name = '' } = selector;
    const sources = context.recorded.get(name) ?? [];
    if (sources.length === 0 || sources.includes(linted)) continue;
    const own = sources.filter(({ rule }) => rule.group === linted.rule.group);
    if (own.some(({ rule }) => rule.index < linted.rule.index)) continue;
    const watched = context.settings.isHeartbeat(name) && heartbeats.has(linted);
    const [later] = own;
    if (later !== undefined) yield readsLater(linted, selector, later, watched);
    else if (watched) yield* readsElsewhere(linted, selector, sources);
  }
}

/** Selectors that read the present; what has an offset or a fixed time is read from the past on purpose. */
function readNow({ parsed }: LintedRule): Selector[] {
  const found: Selector[] = [];
  walk(parsed.root, (node) => {
    if (node.kind === 'modified' && ((node.offsetMs ?? 0) > 0 || node.at !== undefined)) return 'skip';
    if (node.kind === 'selector' && node.name !== undefined) found.push(node);
    return undefined;
  });
  return found;
}

function readsLater(linted: LintedRule, selector: Selector, later: LintedRule, watched: boolean): Problem {
  const { name = '' } = selector;
  return inExpression(linted, selector.span, {
    message: `\`${linted.rule.name.value}\` reads \`${name}\`, which its group records after it: it always sees the value of the evaluation before, and none at all after a start.`,
    help: `Move the rule of \`${name}\` above this one.`,
    related: [{ message: `\`${name}\` is recorded here`, file: later.rule.file.path, range: later.rule.name.range }],
    ...(watched ? {} : { severity: 'warning' }),
  });
}

function* readsElsewhere(linted: LintedRule, selector: Selector, sources: readonly LintedRule[]): Iterable<Problem> {
  const [source] = sources;
  if (source === undefined) return;
  const { name = '' } = selector;
  yield inExpression(linted, selector.span, {
    message: `\`${linted.rule.name.value}\` reads \`${name}\`, which the group \`${source.rule.group.name.value}\` records: groups run in no order, so it sees the new value or the one before, and unit tests of it are unstable.`,
    help: `Put both rules in one group, \`${name}\` first; in unit tests state \`group_eval_order\`.`,
    related: [{ message: `\`${name}\` is recorded here`, file: source.rule.file.path, range: source.rule.name.range }],
    // An alert that is late by one evaluation is common and harmless; a state computed from old parts is wrong.
    ...(linted.rule.kind === 'recording' ? {} : { severity: 'warning' }),
  });
}
