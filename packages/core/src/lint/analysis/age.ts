import type { PromqlNode } from '../../promql/index.ts';
import type { LintContext } from '../model.ts';
import { onceForEach } from './follow.ts';
import { constantOf, isComparison, isScalar, mirrored, vectorArgument } from './shape.ts';

/** `time * time() + beat * <heartbeat's timestamp> + constant`. */
type Linear = { readonly time: number; readonly beat: number; readonly constant: number };

/** A comparison of a heartbeat's age with a limit: `age <operator> seconds`. */
export type AgeLimit = { readonly operator: string; readonly seconds: number };

type Context = Pick<LintContext, 'settings' | 'recorded'>;

/** Functions that give back one of their argument's values, or leave the age an age. */
const THROUGH = new Set(
  (
    'min max avg topk bottomk sum scalar vector timestamp abs clamp_min clamp_max ' +
    'last_over_time max_over_time min_over_time sort sort_desc label_replace label_join'
  ).split(' '),
);

/**
 * Reads a comparison as a limit on a heartbeat's age, however it is arranged: `time() - x < 120`,
 * `x > time() - 120`, `(time() - x) / 60 < 2`, `heartbeat_age_seconds < 120`. Undefined when it is none.
 */
export function ageLimit(node: PromqlNode, context: Context): AgeLimit | undefined {
  if (node.kind !== 'binary' || !isComparison(node)) return undefined;
  const left = linearOf(node.left, context);
  const right = linearOf(node.right, context);
  if (left === undefined || right === undefined) return undefined;
  const difference = added(left, right, -1);
  if (difference.time === 0 || difference.beat === 0 || difference.time > 0 === difference.beat > 0) return undefined;
  return {
    operator: difference.time > 0 ? node.operator : mirrored(node.operator),
    seconds: -difference.constant / difference.time,
  };
}

/** Whether the expression is a heartbeat's age, or is computed from one. */
export function readsAge(node: PromqlNode, context: Context): boolean {
  const linear = linearOf(node, context);
  return linear !== undefined && linear.time !== 0 && linear.beat !== 0;
}

function linearOf(node: PromqlNode, context: Context): Linear | undefined {
  const constant = constantOf(node);
  if (constant !== undefined) return { time: 0, beat: 0, constant };
  const of = (inner: PromqlNode | undefined): Linear | undefined =>
    inner === undefined ? undefined : linearOf(inner, context);
  switch (node.kind) {
    case 'selector':
      return selected(node.name, context);
    case 'paren':
    case 'modified':
    case 'matrix':
      return of(node.of);
    case 'unary': {
      const inner = of(node.of);
      return inner === undefined || node.operator === '+' ? inner : scaled(inner, -1);
    }
    case 'call':
    case 'aggregate':
      if (node.name === 'time') return { time: 1, beat: 0, constant: 0 };
      return THROUGH.has(node.name) ? of(vectorArgument(node)) : undefined;
    case 'binary':
      return computed(node, of);
    case 'number':
    case 'string':
    case 'subquery':
    case 'error':
      return undefined;
  }
}

const once = onceForEach<{ readonly linear: Linear | undefined }>({ linear: undefined });

function selected(name: string | undefined, context: Context): Linear | undefined {
  const { settings, recorded } = context;
  if (name === undefined || !settings.isHeartbeat(name)) return undefined;
  const [rule] = recorded.get(name) ?? [];
  if (rule === undefined) return { time: 0, beat: 1, constant: 0 };
  return once(recorded, name, () => ({ linear: linearOf(rule.parsed.root, context) })).linear;
}

function computed(
  node: Extract<PromqlNode, { kind: 'binary' }>,
  of: (inner: PromqlNode) => Linear | undefined,
): Linear | undefined {
  const left = of(node.left);
  const right = of(node.right);
  switch (node.operator) {
    case 'or':
    case 'and':
    case 'unless':
      return left;
    case '+':
      return left && right && added(left, right, 1);
    case '-':
      return left && right && added(left, right, -1);
    case '*':
    case '/': {
      const factor = constantOf(node.right);
      if (factor !== undefined && factor !== 0)
        return left && scaled(left, node.operator === '*' ? factor : 1 / factor);
      const before = node.operator === '*' && isScalar(node.left) ? constantOf(node.left) : undefined;
      return before === undefined ? undefined : right && scaled(right, before);
    }
    default:
      return undefined;
  }
}

function added(a: Linear, b: Linear, sign: 1 | -1): Linear {
  return { time: a.time + sign * b.time, beat: a.beat + sign * b.beat, constant: a.constant + sign * b.constant };
}

function scaled({ time, beat, constant }: Linear, factor: number): Linear {
  return { time: time * factor, beat: beat * factor, constant: constant * factor };
}
