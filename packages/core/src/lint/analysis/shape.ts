import { unparenthesized, type PromqlNode } from '../../promql/index.ts';

type Binary = Extract<PromqlNode, { kind: 'binary' }>;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const SETS = new Set(['and', 'or', 'unless']);

export function isComparison(node: Binary): boolean {
  return COMPARISONS.has(node.operator);
}

export function isSetOperation(node: Binary): boolean {
  return SETS.has(node.operator);
}

/** Functions that give a scalar. https://prometheus.io/docs/prometheus/latest/querying/functions/ */
const SCALARS = new Set(['scalar', 'time', 'pi']);

/** Whether the expression is a scalar, not a vector. */
export function isScalar(node: PromqlNode): boolean {
  const inner = unparenthesized(node);
  switch (inner.kind) {
    case 'number':
      return true;
    case 'call':
      return SCALARS.has(inner.name);
    case 'unary':
      return isScalar(inner.of);
    case 'binary':
      return isScalar(inner.left) && isScalar(inner.right);
    case 'selector':
    case 'string':
    case 'matrix':
    case 'subquery':
    case 'modified':
    case 'aggregate':
    case 'paren':
    case 'error':
      return false;
  }
}

/** The value of an expression of numbers alone; undefined for every other. */
export function constantOf(node: PromqlNode): number | undefined {
  const inner = unparenthesized(node);
  if (inner.kind === 'number') return Number.isNaN(inner.value) ? undefined : inner.value;
  if (inner.kind === 'unary') {
    const value = constantOf(inner.of);
    return value === undefined || inner.operator === '+' ? value : -value;
  }
  if (inner.kind === 'call' && (inner.name === 'vector' || inner.name === 'scalar')) {
    return inner.args[0] === undefined ? undefined : constantOf(inner.args[0]);
  }
  if (inner.kind !== 'binary') return undefined;
  const left = constantOf(inner.left);
  const right = constantOf(inner.right);
  if (left === undefined || right === undefined) return undefined;
  switch (inner.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    default:
      return undefined;
  }
}

/** The comparison as it reads from the other side: `1 < x` is `x > 1`. */
export function mirrored(operator: string): string {
  return { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }[operator] ?? operator;
}

/** Whose vector argument is the second one. */
const SECOND_ARGUMENT = new Set(['histogram_quantile', 'histogram_fraction', 'quantile_over_time']);

/** The argument of a call or aggregation that the result's series come from. */
export function vectorArgument(node: Extract<PromqlNode, { kind: 'call' | 'aggregate' }>): PromqlNode | undefined {
  if (node.kind === 'aggregate') return node.args.at(-1);
  return SECOND_ARGUMENT.has(node.name) ? node.args.at(-1) : node.args[0];
}
