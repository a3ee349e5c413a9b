import type { PromqlNode } from '../../../promql/index.ts';
import { isComparison, isScalar, isSetOperation, vectorArgument } from '../../analysis/shape.ts';
import { isStateSeries } from '../../analysis/state.ts';
import type { LintedRule, LintRule, Problem } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/**
 * How the result of an expression is used: as a `number`, or as a `filter` that decides which series remain.
 * Why a number: `recorded`, `multiplied`, ...
 */
type Use = { readonly as: 'filter' } | { readonly as: 'number'; readonly how: string };

const FILTER: Use = { as: 'filter' };

/** Functions that only ask which series there are. */
const ASK_PRESENCE = new Set(['absent', 'absent_over_time', 'present_over_time', 'count_over_time', 'group', 'count']);
/** Functions that hand their argument's series through unchanged. */
const PASS = new Set(['label_replace', 'label_join', 'sort', 'sort_desc', 'topk', 'bottomk', 'limitk', 'limit_ratio']);
const CLAMPS = new Set(['clamp', 'clamp_min', 'clamp_max']);
const OPERATIONS: Readonly<Record<string, string>> = {
  '+': 'added',
  '-': 'subtracted',
  '*': 'multiplied',
  '/': 'divided',
  '%': 'divided',
  '^': 'raised to a power',
};

/**
 * Without `bool` a comparison is a filter: it keeps the compared value, or nothing.
 * https://prometheus.io/docs/prometheus/latest/querying/operators/#comparison-binary-operators
 */
export const boolArithmetic: LintRule = {
  id: 'heartbeat/bool-arithmetic',
  summary: 'A comparison that is used as a number carries `bool`.',
  docs: 'docs/rules/heartbeat/bool-arithmetic.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.heartbeats) {
      const recorded = linted.rule.kind === 'recording';
      const state = recorded && isStateSeries(linted, context);
      const found: Problem[] = [];
      visit(linted.parsed.root, recorded ? { as: 'number', how: 'recorded' } : FILTER, { linted, state, found });
      yield* found;
    }
  },
};

type Visit = { readonly linted: LintedRule; readonly state: boolean; readonly found: Problem[] };

function visit(node: PromqlNode, use: Use, to: Visit): void {
  switch (node.kind) {
    case 'paren':
    case 'modified':
    case 'matrix':
    case 'subquery':
      return visit(node.of, use, to);
    case 'unary':
      return visit(node.of, { as: 'number', how: 'negated' }, to);
    case 'call':
    case 'aggregate':
      return visitCall(node, use, to);
    case 'binary':
      return visitBinary(node, use, to);
    case 'selector':
    case 'number':
    case 'string':
    case 'error':
      return;
  }
}

function visitCall(node: Extract<PromqlNode, { kind: 'call' | 'aggregate' }>, use: Use, to: Visit): void {
  const argument = vectorArgument(node);
  if (argument === undefined) return;
  if (ASK_PRESENCE.has(node.name)) return visit(argument, FILTER, to);
  if (PASS.has(node.name)) return visit(argument, use, to);
  if (CLAMPS.has(node.name)) return visit(argument, { as: 'number', how: 'clamped' }, to);
  const aggregates = node.kind === 'aggregate' || node.name.endsWith('_over_time');
  // The sum, the least or the greatest of the series that pass is a good question, but no 0/1 state.
  if (aggregates) return visit(argument, to.state && use.as === 'number' ? use : FILTER, to);
  visit(argument, { as: 'number', how: `given to ${node.name}()` }, to);
}

function visitBinary(node: Extract<PromqlNode, { kind: 'binary' }>, use: Use, to: Visit): void {
  if (isSetOperation(node)) {
    visit(node.left, use, to);
    return visit(node.right, node.operator === 'or' ? use : FILTER, to);
  }
  if (isComparison(node)) {
    const scalars = isScalar(node.left) && isScalar(node.right);
    if (!node.bool && !scalars && use.as === 'number') to.found.push(problem(node, use.how, to.linted));
    visit(node.left, FILTER, to);
    return visit(node.right, FILTER, to);
  }
  // In an alert, `(x > 5) * on (instance) group_left (name) info` only adds labels.
  const joins = use.as === 'filter' && node.operator === '*' && node.matching?.group !== undefined;
  const operand: Use = joins ? FILTER : { as: 'number', how: OPERATIONS[node.operator] ?? 'computed with' };
  visit(node.left, operand, to);
  visit(node.right, operand, to);
}

function problem(node: Extract<PromqlNode, { kind: 'binary' }>, how: string, linted: LintedRule): Problem {
  const { text } = linted.parsed;
  const left = excerpt(text, node.left.span);
  const rest = excerpt(text, { start: node.operatorSpan.end, end: node.span.end });
  return inExpression(linted, node.span, {
    message: `This comparison is ${how} as a number but has no \`bool\`: it is not 1 or 0 but \`${shortened(left)}\` itself while it holds, and no series at all while it does not.`,
    help: `Write \`${left} ${node.operator} bool ${rest}\`.`,
  });
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
