import { minimalFreshness } from '../../../heartbeat/index.ts';
import { formatDuration, parseDuration } from '../../../kernel/index.ts';
import { walk, type PromqlNode } from '../../../promql/index.ts';
import { ageLimit } from '../../analysis/age.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { atName, inExpression } from '../../problem.ts';

export const freshness: LintRule = {
  id: 'heartbeat/freshness',
  summary: 'A heartbeat counts as fresh for at least two ticks.',
  docs: 'docs/rules/heartbeat/freshness.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.heartbeats) {
      const limits = limitsIn(linted.parsed.root, context);
      yield* limits.flatMap(({ node, ms }) => tooShort(node, ms, linted, context));
      yield* misnamed(linted, limits);
    }
  },
};

type Limit = { readonly node: PromqlNode; readonly ms: number };

function limitsIn(root: PromqlNode, context: LintContext): Limit[] {
  const limits: Limit[] = [];
  walk(root, (node) => {
    const limit = ageLimit(node, context);
    if (limit === undefined || !['<', '<=', '>', '>='].includes(limit.operator) || limit.seconds <= 0) return;
    limits.push({ node, ms: Math.round(limit.seconds * 1000) });
  });
  return limits;
}

/** What an alert waits with `for` comes on top of its limit. */
function tooShort(node: PromqlNode, ms: number, linted: LintedRule, { settings }: LintContext): Problem[] {
  const wait = linted.rule.kind === 'alerting' ? (linted.rule.for?.value.ms ?? 0) : 0;
  const least = minimalFreshness(settings.timing);
  if (ms + wait >= least.ms) return [];
  const { tick, scrape } = settings.timing;
  const why =
    scrape !== undefined && scrape.ms > tick.ms
      ? `is scraped every ${formatDuration(scrape)}, so one failed scrape`
      : `ticks every ${formatDuration(tick)}, so one late tick`;
  return [
    inExpression(linted, node.span, {
      message: `${formatDuration({ ms: ms + wait })} is too short a limit on the age of a heartbeat that ${why} makes a live writer stale.`,
      help: `Use a limit of at least ${formatDuration(least)} (${least.ms / 1000} seconds).`,
    }),
  ];
}

/** `heartbeat_fresh_120s` recorded with another limit than 120 seconds. */
function* misnamed(linted: LintedRule, limits: readonly Limit[]): Iterable<Problem> {
  if (linted.rule.kind !== 'recording') return;
  const suffix = /[_:]fresh[_:]([0-9]+(?:ms|[smhdwy]))$/.exec(linted.rule.name.value)?.[1];
  const named = suffix === undefined ? undefined : parseDuration(suffix);
  const other = named === undefined ? undefined : limits.find((limit) => limit.ms !== named.ms);
  if (named === undefined || other === undefined) return;
  yield atName(linted, {
    message: `\`${linted.rule.name.value}\` uses a limit of ${formatDuration({ ms: other.ms })}, not the ${formatDuration(named)} of its name: whoever reads it trusts the name.`,
    help: 'Change the limit or the name, and what reads it.',
  });
}
