import type { PromqlNode } from '../../promql/index.ts';
import type { RecordedSeries } from '../model.ts';
import { onceForEach } from './follow.ts';
import { isComparison, isScalar, mirrored, vectorArgument } from './shape.ts';

/** The least and the greatest value that an expression can have, as far as its form tells; NaN is left out. */
export type Interval = { readonly low: number; readonly high: number };

export const ANYTHING: Interval = { low: -Infinity, high: Infinity };
const ONE: Interval = { low: 1, high: 1 };
const ZERO_OR_ONE: Interval = { low: 0, high: 1 };
const NOT_NEGATIVE: Interval = { low: 0, high: Infinity };

const VALUES: Readonly<Record<string, Interval>> = {
  absent: ONE,
  absent_over_time: ONE,
  present_over_time: ONE,
  changes: NOT_NEGATIVE,
  resets: NOT_NEGATIVE,
  rate: NOT_NEGATIVE,
  irate: NOT_NEGATIVE,
  increase: NOT_NEGATIVE,
  count_over_time: { low: 1, high: Infinity },
  stddev_over_time: NOT_NEGATIVE,
  stdvar_over_time: NOT_NEGATIVE,
  time: NOT_NEGATIVE,
  timestamp: NOT_NEGATIVE,
  exp: NOT_NEGATIVE,
  sqrt: NOT_NEGATIVE,
  group: ONE,
  count: { low: 1, high: Infinity },
  count_values: { low: 1, high: Infinity },
  stddev: NOT_NEGATIVE,
  stdvar: NOT_NEGATIVE,
};

/** Functions and aggregations whose result lies among the values of their vector argument. */
const AMONG = new Set(
  (
    'vector scalar sort sort_desc sort_by_label sort_by_label_desc label_replace label_join ' +
    'min_over_time max_over_time avg_over_time last_over_time first_over_time quantile_over_time ' +
    'min max avg quantile topk bottomk limitk limit_ratio'
  ).split(' '),
);

/** Bounds of the expression's value; recorded series are followed to the rules that record them. */
export function intervalOf(node: PromqlNode, recorded: RecordedSeries): Interval {
  const of = (inner: PromqlNode): Interval => intervalOf(inner, recorded);
  switch (node.kind) {
    case 'number':
      return Number.isNaN(node.value) ? ANYTHING : { low: node.value, high: node.value };
    case 'selector':
      return selected(node.name, recorded);
    case 'paren':
    case 'modified':
    case 'matrix':
    case 'subquery':
      return of(node.of);
    case 'unary':
      return node.operator === '-' ? negated(of(node.of)) : of(node.of);
    case 'call':
    case 'aggregate':
      return called(node, of);
    case 'binary':
      return binary(node, of);
    case 'string':
    case 'error':
      return ANYTHING;
  }
}

const once = onceForEach(ANYTHING);

function selected(name: string | undefined, recorded: RecordedSeries): Interval {
  if (name === 'up' || name === 'ALERTS') return ZERO_OR_ONE;
  const rules = name === undefined ? undefined : recorded.get(name);
  if (name === undefined || rules === undefined) return ANYTHING;
  return once(recorded, name, () => rules.map(({ parsed }) => intervalOf(parsed.root, recorded)).reduce(hull));
}

type Called = Extract<PromqlNode, { kind: 'call' | 'aggregate' }>;

function called(node: Called, of: (inner: PromqlNode) => Interval): Interval {
  const known = VALUES[node.name];
  if (known !== undefined) return known;
  const argument = vectorArgument(node);
  if (argument === undefined) return ANYTHING;
  const inner = of(argument);
  if (AMONG.has(node.name)) return inner;
  const [, first, second] = node.args.map(of);
  switch (node.name) {
    case 'clamp':
      return first === undefined || second === undefined ? ANYTHING : clamped(inner, first.low, second.high);
    case 'clamp_min':
      return first === undefined ? ANYTHING : clamped(inner, first.low, Infinity);
    case 'clamp_max':
      return first === undefined ? ANYTHING : clamped(inner, -Infinity, first.high);
    case 'sgn':
      return { low: Math.sign(inner.low), high: Math.sign(inner.high) };
    case 'abs':
      return inner.low >= 0 ? inner : { low: 0, high: Math.max(Math.abs(inner.low), Math.abs(inner.high)) };
    case 'ceil':
      return { low: Math.ceil(inner.low), high: Math.ceil(inner.high) };
    case 'floor':
      return { low: Math.floor(inner.low), high: Math.floor(inner.high) };
    case 'sum':
    case 'sum_over_time':
      return inner.low >= 0 ? NOT_NEGATIVE : ANYTHING;
    default:
      return ANYTHING;
  }
}

type Binary = Extract<PromqlNode, { kind: 'binary' }>;

function binary(node: Binary, of: (inner: PromqlNode) => Interval): Interval {
  if (isComparison(node)) return node.bool ? ZERO_OR_ONE : filtered(node, of);
  const left = of(node.left);
  const right = of(node.right);
  switch (node.operator) {
    case 'and':
    case 'unless':
      return left;
    case 'or':
      return hull(left, right);
    case '+':
      return { low: left.low + right.low, high: left.high + right.high };
    case '-':
      return { low: left.low - right.high, high: left.high - right.low };
    case '*':
      return product(left, right);
    case '/':
      return quotient(left, right);
    case '%':
      return left.low >= 0 && right.low > 0 ? { low: 0, high: Math.min(left.high, right.high) } : ANYTHING;
    case '^':
      return within(left, ZERO_OR_ONE) && right.low >= 0 ? ZERO_OR_ONE : ANYTHING;
    default:
      return ANYTHING;
  }
}

/** A comparison without `bool` keeps the values of its vector side that pass. */
function filtered(node: Binary, of: (inner: PromqlNode) => Interval): Interval {
  const swap = isScalar(node.left) && !isScalar(node.right);
  const kept = of(swap ? node.right : node.left);
  const bound = of(swap ? node.left : node.right);
  switch (swap ? mirrored(node.operator) : node.operator) {
    case '==':
      return { low: Math.max(kept.low, bound.low), high: Math.min(kept.high, bound.high) };
    case '<':
    case '<=':
      return { low: kept.low, high: Math.min(kept.high, bound.high) };
    case '>':
    case '>=':
      return { low: Math.max(kept.low, bound.low), high: kept.high };
    default:
      return kept;
  }
}

/** Whether the comparison holds for every pair of values from the two intervals. */
export function alwaysHolds(operator: string, left: Interval, right: Interval): boolean {
  switch (operator) {
    case '==':
      return left.low === left.high && right.low === right.high && left.low === right.low;
    case '!=':
      return left.high < right.low || left.low > right.high;
    case '<':
      return left.high < right.low;
    case '<=':
      return left.high <= right.low;
    case '>':
      return left.low > right.high;
    case '>=':
      return left.low >= right.high;
    default:
      return false;
  }
}

export function within(inner: Interval, outer: Interval): boolean {
  return inner.low >= outer.low && inner.high <= outer.high;
}

function hull(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

function negated({ low, high }: Interval): Interval {
  return { low: -high, high: -low };
}

function clamped({ low, high }: Interval, least: number, greatest: number): Interval {
  return { low: Math.min(Math.max(low, least), greatest), high: Math.max(Math.min(high, greatest), least) };
}

function product(a: Interval, b: Interval): Interval {
  // 0 times an infinite bound is a bound of 0, for the values themselves are finite.
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((x) =>
    Number.isNaN(x) ? 0 : x,
  );
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

function quotient(a: Interval, b: Interval): Interval {
  if (b.low <= 0 && b.high >= 0) return a.low >= 0 && b.low >= 0 ? NOT_NEGATIVE : ANYTHING;
  return product(a, { low: 1 / b.high, high: 1 / b.low });
}
