import { formatDuration } from '../../../kernel/index.ts';
import { walk, type PromqlNode } from '../../../promql/index.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { inExpression, quoted } from '../../problem.ts';

/** Functions that need two samples in their range. */
const PAIRWISE = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv']);
/** Those that use the whole range: a failed scrape must leave them two samples. */
const WHOLE_RANGE = new Set(['rate', 'increase', 'delta', 'deriv']);

/**
 * A range of n scrapes surely holds n - 1 samples only, so two scrapes are the least that can work, and four the
 * least that survive a failed scrape and jitter.
 * https://www.robustperception.io/what-range-should-i-use-with-rate/
 */
export const rateWindow: LintRule = {
  id: 'promql/rate-window',
  summary: 'The range of rate(), increase() and the like holds enough scrapes.',
  docs: 'docs/rules/promql/rate-window.md',
  severity: 'warning',
  reach: 'rule',
  *check(context) {
    if (context.settings.scrapeInterval === undefined) return;
    for (const linted of context.rules) yield* checkRule(linted, context);
  },
};

function* checkRule(linted: LintedRule, { settings, recorded }: LintContext): Iterable<Problem> {
  const scrape = settings.scrapeInterval?.ms ?? 0;
  const found: Problem[] = [];
  walk(linted.parsed.root, (node) => {
    if (node.kind !== 'call' || !PAIRWISE.has(node.name)) return;
    const matrix = matrixOf(node.args[0]);
    if (matrix?.rangeMs === undefined) return;
    const name = selectorName(matrix.of);
    // A recorded series is sampled at its group's interval; a heartbeat's has a setting of its own.
    if (name === undefined || recorded.has(name) || settings.isHeartbeat(name)) return;
    const scrapes = matrix.rangeMs / scrape;
    if (scrapes >= (WHOLE_RANGE.has(node.name) ? 4 : 2)) return;
    found.push(
      inExpression(linted, matrix.span, {
        message: `${node.name}() over ${quoted(linted.parsed.text, matrix.span)} spans ${Number(scrapes.toFixed(1))} scrapes of ${formatDuration({ ms: scrape })}: ${scrapes < 2 ? 'it often holds fewer than the two samples that it needs, and is empty then' : 'one failed scrape leaves it fewer than two samples, and a gap in the result'}.`,
        help: `Use a range of at least ${formatDuration({ ms: 4 * scrape })} (four scrapes).`,
        ...(scrapes < 2 ? {} : { severity: 'info' as const }),
      }),
    );
  });
  yield* found;
}

type Matrix = Extract<PromqlNode, { kind: 'matrix' }>;

function matrixOf(node: PromqlNode | undefined): Matrix | undefined {
  if (node?.kind === 'matrix') return node;
  return node?.kind === 'modified' || node?.kind === 'paren' ? matrixOf(node.of) : undefined;
}

function selectorName(node: PromqlNode): string | undefined {
  if (node.kind === 'selector') return node.name;
  return node.kind === 'modified' || node.kind === 'paren' ? selectorName(node.of) : undefined;
}
