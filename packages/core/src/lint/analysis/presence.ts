import { walk, type PromqlNode } from '../../promql/index.ts';
import type { RecordedSeries } from '../model.ts';
import { onceForEach } from './follow.ts';
import { alwaysHolds, intervalOf } from './interval.ts';
import { isComparison, vectorArgument } from './shape.ts';

const once = onceForEach<boolean>(false);

const ABSENT = new Set(['absent', 'absent_over_time']);

/** Whether the expression asks somewhere for the absence of a series. */
export function asksForAbsence(node: PromqlNode): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.kind === 'call' && ABSENT.has(inner.name)) found = true;
    return found ? 'skip' : undefined;
  });
  return found;
}

/**
 * Whether the expression has a result even when no scraped series exists. `x or vector(0)` has one, and so has
 * `x or absent(x) * 0`: whichever of the two is missing, the other one is there.
 */
export function alwaysPresent(node: PromqlNode, recorded: RecordedSeries): boolean {
  const present = (inner: PromqlNode | undefined): boolean => inner !== undefined && alwaysPresent(inner, recorded);
  switch (node.kind) {
    case 'number':
      return true;
    case 'selector': {
      const { name } = node;
      const rules = name === undefined ? undefined : recorded.get(name);
      if (name === undefined || rules === undefined) return false;
      return once(recorded, name, () => rules.some(({ parsed }) => alwaysPresent(parsed.root, recorded)));
    }
    case 'paren':
    case 'unary':
    case 'modified':
    case 'matrix':
    case 'subquery':
      return present(node.of);
    case 'call':
      if (ABSENT.has(node.name)) return false;
      return node.args.length === 0 || present(vectorArgument(node));
    case 'aggregate':
      return present(vectorArgument(node));
    case 'binary':
      if (node.operator === 'or') return present(node.left) || present(node.right) || asksForAbsence(node.right);
      if (node.operator === 'unless') return false;
      if (!present(node.left) || !present(node.right)) return false;
      return !isComparison(node) || node.bool || comparisonHolds(node, recorded);
    case 'string':
    case 'error':
      return false;
  }
}

function comparisonHolds(node: Extract<PromqlNode, { kind: 'binary' }>, recorded: RecordedSeries): boolean {
  return alwaysHolds(node.operator, intervalOf(node.left, recorded), intervalOf(node.right, recorded));
}
