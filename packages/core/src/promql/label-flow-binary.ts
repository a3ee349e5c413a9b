import {
  closedFlow,
  eitherFlow,
  labelFact,
  matchedFlow,
  onlyLabels,
  withFact,
  withoutLabels,
  type LabelFlow,
} from './labels.ts';
import type { PromqlNode } from './model.ts';

type Binary = Extract<PromqlNode, { kind: 'binary' }>;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

/**
 * The labels of a binary operation's result.
 * https://prometheus.io/docs/prometheus/latest/querying/operators/#vector-matching
 */
export function binaryFlow(node: Binary, left: LabelFlow, right: LabelFlow): LabelFlow {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return closedFlow('two numbers have no labels', node.span, new Map(), 'scalar');
  }
  if (left.kind === 'scalar') return named(node, right);
  if (right.kind === 'scalar') return named(node, left);
  const isMatched = matchedLabels(node);
  switch (node.operator) {
    case 'or':
      return eitherFlow(left, right);
    case 'unless':
      return left;
    case 'and':
      return matchedFlow(left, right, isMatched);
    default:
      return named(node, vectorFlow(node, left, right, isMatched));
  }
}

function matchedLabels({ matching }: Binary): (label: string) => boolean {
  if (matching?.kind === 'on') return (label) => matching.labels.includes(label);
  return (label) => label !== '__name__' && matching?.labels.includes(label) !== true;
}

function vectorFlow(node: Binary, left: LabelFlow, right: LabelFlow, isMatched: (label: string) => boolean): LabelFlow {
  const { matching, operatorSpan: span } = node;
  if (matching?.group !== undefined) {
    const { side, include } = matching.group;
    const [many, one] = side === 'left' ? [left, right] : [right, left];
    const why = `group_${side} takes it from the other side`;
    return include.reduce(
      (flow, label) => withFact(flow, label, { ...labelFact(one, label), why, span }),
      matchedFlow(many, one, isMatched),
    );
  }
  const both = matchedFlow(left, right, isMatched);
  if (matching === undefined) return both;
  const list = `${matching.kind} (${matching.labels.join(', ')})`;
  return matching.kind === 'on'
    ? onlyLabels(both, matching.labels, `${list} keeps no other labels`, span)
    : withoutLabels(both, matching.labels, `${list} removes it`, span);
}

/** Filters keep the metric name, calculations drop it. */
function named(node: Binary, flow: LabelFlow): LabelFlow {
  if (COMPARISONS.has(node.operator) && !node.bool) return flow;
  return withoutLabels(flow, ['__name__'], `${node.operator} drops the metric name`, node.operatorSpan);
}
