import { binaryFlow } from './label-flow-binary.ts';
import { callFlow } from './label-flow-call.ts';
import {
  closedFlow,
  labelFact,
  onlyLabels,
  openFlow,
  withFact,
  withoutLabels,
  type LabelFact,
  type LabelFlow,
} from './labels.ts';
import { matcherMatches } from './matcher.ts';
import type { PromqlNode, Selector } from './model.ts';

/**
 * Which labels the result of an expression can and must have, and why: through selectors, aggregations, vector
 * matching, `label_replace`, `label_join`, `absent` and the other functions. What a recorded metric carries is not
 * followed: a selector may have any label that its matchers do not exclude.
 */
export function labelFlow(node: PromqlNode): LabelFlow {
  switch (node.kind) {
    case 'selector':
      return selectorFlow(node);
    case 'number':
      return closedFlow('a number has no labels', node.span, new Map(), 'scalar');
    case 'string':
      return closedFlow('a text has no labels', node.span, new Map(), 'string');
    case 'unary':
      return dropName(labelFlow(node.of), `${node.operator} drops the metric name`, node);
    case 'aggregate':
      return aggregateFlow(node);
    case 'call':
      return callFlow(node, node.args.map(labelFlow));
    case 'binary':
      return binaryFlow(node, labelFlow(node.left), labelFlow(node.right));
    case 'paren':
    case 'matrix':
    case 'subquery':
    case 'modified':
      return labelFlow(node.of);
    case 'error':
      return openFlow('this cannot be read', node.span);
  }
}

function selectorFlow({ name, matchers, span }: Selector): LabelFlow {
  const facts = new Map<string, LabelFact>();
  if (name !== undefined)
    facts.set('__name__', { presence: 'must', value: name, why: `selected by name ${name}`, span });
  for (const matcher of matchers) {
    const { label, operator, value } = matcher;
    const why = `selected with ${label}${operator}${JSON.stringify(value)}`;
    const known = facts.get(label);
    if (operator === '=' && value === '') facts.set(label, { presence: 'never', why, span: matcher.span });
    else if (operator === '=') facts.set(label, { presence: 'must', value, why, span: matcher.span });
    else if (matcherMatches(matcher, '') === false && known === undefined) {
      facts.set(label, { presence: 'must', why, span: matcher.span });
    }
  }
  return openFlow('the selector takes whatever labels the series have', span, facts);
}

const SELECTING: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

function aggregateFlow(node: Extract<PromqlNode, { kind: 'aggregate' }>): LabelFlow {
  const { name, grouping, args, span } = node;
  const flow = args.map(labelFlow).findLast((arg) => arg.kind === 'vector') ?? openFlow('this cannot be read', span);
  if (SELECTING.has(name)) return flow;
  const grouped =
    grouping === undefined
      ? closedFlow(`${name}() without \`by\` removes all labels`, span)
      : grouping.kind === 'by'
        ? onlyLabels(
            flow,
            grouping.labels,
            `${name} by (${grouping.labels.join(', ')}) removes other labels`,
            grouping.span,
          )
        : withoutLabels(
            flow,
            [...grouping.labels, '__name__'],
            `${name} without (${grouping.labels.join(', ')}) removes it`,
            grouping.span,
          );
  const [label] = args;
  if (name !== 'count_values' || label?.kind !== 'string') return grouped;
  return withFact(grouped, label.value, { presence: 'must', why: 'count_values() writes it', span: label.span });
}

function dropName(flow: LabelFlow, why: string, { span }: PromqlNode): LabelFlow {
  return labelFact(flow, '__name__').presence === 'never' ? flow : withoutLabels(flow, ['__name__'], why, span);
}
