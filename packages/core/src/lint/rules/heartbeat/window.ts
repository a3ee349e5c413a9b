import {
  assuredChanges,
  minimalWindow,
  missBoundMs,
  missProbability,
  roundedUp,
  scrapeBoundMs,
  WINDOW_SCRAPES,
} from '../../../heartbeat/index.ts';
import { formatDuration, parseDuration } from '../../../kernel/index.ts';
import { unparenthesized, walk, type PromqlNode } from '../../../promql/index.ts';
import { constantOf, isComparison, mirrored } from '../../analysis/shape.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { atName, inExpression, quoted } from '../../problem.ts';

/** Functions that tell whether a heartbeat ticked within their window. */
const SEE_TICKS = new Set(['changes', 'increase', 'rate', 'irate', 'delta', 'idelta', 'deriv', 'resets']);
/** Functions that tell whether it was scraped within their window. */
const SEE_SAMPLES = new Set(['absent_over_time', 'present_over_time', 'count_over_time']);

export const window: LintRule = {
  id: 'heartbeat/window',
  summary: 'The window in which a heartbeat must tick is long enough for its tick and its scrapes.',
  docs: 'docs/rules/heartbeat/window.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.heartbeats) {
      const found: Problem[] = [];
      walk(linted.parsed.root, (node) => {
        const seen = windowOf(node, context);
        if (seen !== undefined) found.push(...tooShort(seen, linted, context));
        found.push(...demands(node, linted, context));
      });
      yield* found;
      yield* misnamed(linted, context);
    }
  },
};

type Window = { readonly of: 'ticks' | 'samples'; readonly ms: number; readonly node: PromqlNode };

/** The window in which a call looks at a heartbeat that is no state. */
function windowOf(node: PromqlNode, { settings, recorded }: LintContext): Window | undefined {
  if (node.kind !== 'call') return undefined;
  const of = SEE_TICKS.has(node.name) ? 'ticks' : SEE_SAMPLES.has(node.name) ? 'samples' : undefined;
  const [argument] = node.args;
  if (of === undefined || argument === undefined) return undefined;
  let inner = unparenthesized(argument);
  while (inner.kind === 'modified') inner = unparenthesized(inner.of);
  if ((inner.kind !== 'matrix' && inner.kind !== 'subquery') || inner.rangeMs === undefined) return undefined;
  let name: string | undefined;
  walk(inner.of, (below) => {
    if (below.kind === 'selector') name ??= below.name;
  });
  if (name === undefined || !settings.isHeartbeat(name)) return undefined;
  if (recorded.has(name) && settings.isState(name)) return undefined;
  return { of, ms: inner.rangeMs, node: inner };
}

function* tooShort({ of, ms, node }: Window, linted: LintedRule, { settings }: LintContext): Iterable<Problem> {
  const { timing } = settings;
  const least = of === 'ticks' ? minimalWindow(timing).ms : scrapeBoundMs(timing);
  if (ms >= least) return;
  const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
  const reasons: string[] = [];
  if (of === 'ticks' && ms < missBoundMs(timing)) {
    const miss = missProbability({ ms }, timing);
    reasons.push(
      `with a tick every ${formatDuration(timing.tick)} it misses a live writer with a probability of ${percent(miss)} (accepted: ${percent(timing.pMiss)})`,
    );
  }
  if (timing.scrape !== undefined && ms < scrapeBoundMs(timing)) {
    reasons.push(`it spans fewer than ${WINDOW_SCRAPES} scrapes of ${formatDuration(timing.scrape)}`);
  }
  yield inExpression(linted, node.span, {
    message: `The window of ${quoted(linted.parsed.text, node.span)} is too short: ${reasons.join(', and ')}.`,
    help: `Use at least ${formatDuration(roundedUp({ ms: least }))}.`,
  });
}

/** A comparison that demands more changes than a regular writer is sure to show, or none. */
function* demands(node: PromqlNode, linted: LintedRule, context: LintContext): Iterable<Problem> {
  if (node.kind !== 'binary' || !isComparison(node)) return;
  const rightLimit = constantOf(node.right);
  const limit = rightLimit ?? constantOf(node.left);
  const counted = rightLimit === undefined ? node.right : node.left;
  if (limit === undefined) return;
  const ms = changesWindow(counted, context, new Set());
  if (ms === undefined) return;
  const operator = rightLimit === undefined ? mirrored(node.operator) : node.operator;
  if (decided(operator, limit)) {
    yield inExpression(linted, node.span, {
      message:
        'Changes are never fewer than 0, so this comparison tells nothing: it is the same for a live writer and a stopped one.',
      help: 'Compare with at least one change, such as `>= bool 2`.',
    });
    return;
  }
  const demanded = demandedChanges(operator, limit);
  if (demanded === undefined) return;
  const { timing } = context.settings;
  const assured = assuredChanges({ ms }, timing);
  if (demanded <= assured || assured === 0) return;
  yield inExpression(linted, node.span, {
    message: `This asks for ${demanded} changes in ${formatDuration({ ms })}, but a writer that ticks every ${formatDuration(timing.tick)} is only sure to show ${assured}: a healthy heartbeat is called stalled.`,
    help: `Ask for at most ${assured}, or use a window of at least ${formatDuration(roundedUp({ ms: demanded * timing.tick.ms + (timing.scrape?.ms ?? 0) }))}.`,
  });
}

/** Whether the comparison has one outcome for every count. */
function decided(operator: string, limit: number): boolean {
  if (operator === '>=' || operator === '<') return limit <= 0;
  return (operator === '>' || operator === '<=') && limit < 0;
}

function demandedChanges(operator: string, limit: number): number | undefined {
  if (limit <= 0) return undefined;
  if (operator === '>=' || operator === '<') return Math.ceil(limit);
  return operator === '>' || operator === '<=' ? Math.floor(limit) + 1 : undefined;
}

const THROUGH = new Set(['min', 'max', 'avg', 'label_replace', 'scalar']);

/** The window of the changes() that the expression's value is; recorded series are followed. */
function changesWindow(node: PromqlNode, context: LintContext, following: ReadonlySet<string>): number | undefined {
  const inner = unparenthesized(node);
  if (inner.kind === 'binary' && inner.operator === 'or') return changesWindow(inner.left, context, following);
  if (inner.kind === 'call' && inner.name === 'changes') return windowOf(inner, context)?.ms;
  if ((inner.kind === 'call' || inner.kind === 'aggregate') && THROUGH.has(inner.name)) {
    const argument = inner.kind === 'call' ? inner.args[0] : inner.args.at(-1);
    return argument === undefined ? undefined : changesWindow(argument, context, following);
  }
  if (inner.kind !== 'selector' || inner.name === undefined || following.has(inner.name)) return undefined;
  const [rule] = context.recorded.get(inner.name) ?? [];
  const deeper = new Set([...following, inner.name]);
  return rule === undefined ? undefined : changesWindow(rule.parsed.root, context, deeper);
}

/** `heartbeat_changes_6m` recorded over another window than six minutes. */
function* misnamed(linted: LintedRule, context: LintContext): Iterable<Problem> {
  if (linted.rule.kind !== 'recording') return;
  const suffix = /[_:]changes[_:]([0-9]+(?:ms|[smhdwy]))$/.exec(linted.rule.name.value)?.[1];
  const named = suffix === undefined ? undefined : parseDuration(suffix);
  const ms = named === undefined ? undefined : changesWindow(linted.parsed.root, context, new Set());
  if (named === undefined || ms === undefined || ms === named.ms) return;
  yield atName(linted, {
    message: `\`${linted.rule.name.value}\` counts changes in ${formatDuration({ ms })}, not in the ${formatDuration(named)} of its name: whoever compares it expects the other number.`,
    help: 'Change the window or the name, and what reads it.',
  });
}
