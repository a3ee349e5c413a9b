import { parsePromql, type PromqlNode } from '../../promql/index.ts';

/**
 * A text that two spellings of one PromQL expression share: spaces, comments, parentheses, quotes, number and duration
 * notation do not count. Undefined when the expression cannot be told completely; equal forms mean equal
 * expressions, different forms mean nothing until the server has formatted both.
 */
export function expressionForm(text: string): string | undefined {
  const { root, errors } = parsePromql(text);
  // Experimental `fill` modifiers of binary operators are not in the tree.
  if (errors.length > 0 || /\bfill(?:_left|_right)?\b/.test(text)) return undefined;
  try {
    return JSON.stringify(form(root));
  } catch (error) {
    if (error === UNTOLD) return undefined;
    throw error;
  }
}

type Form = string | number | boolean | readonly Form[];

const UNTOLD = new Error('the tree does not tell everything about the expression');

function told<T>(value: T | undefined): T {
  if (value === undefined) throw UNTOLD;
  return value;
}

function form(node: PromqlNode): Form {
  switch (node.kind) {
    case 'selector':
      return selectorForm(node);
    case 'number':
      // JSON has neither NaN nor infinities.
      return ['number', String(node.value)];
    case 'string':
      return ['string', node.value];
    case 'matrix':
      return ['matrix', form(node.of), told(node.rangeMs)];
    case 'subquery':
      // Without a step, Prometheus prints none either; a step that could not be read looks the same.
      return ['subquery', form(node.of), told(node.rangeMs), node.stepMs ?? 'default'];
    case 'modified':
      if (node.offsetMs === undefined && node.at === undefined) throw UNTOLD;
      return ['modified', form(node.of), node.offsetMs ?? 'none', node.at?.replace(/\s+/g, '') ?? 'none'];
    case 'call':
      return ['call', node.name, node.args.map(form)];
    case 'aggregate':
      return ['aggregate', node.name.toLowerCase(), groupingForm(node.grouping), node.args.map(form)];
    case 'binary':
      return binaryForm(node);
    case 'unary':
      return ['unary', node.operator, form(node.of)];
    case 'paren':
      return form(node.of);
    case 'error':
      throw UNTOLD;
    default:
      return node satisfies never;
  }
}

function selectorForm({ name, matchers }: Extract<PromqlNode, { kind: 'selector' }>): Form {
  const written = matchers
    .filter((matcher) => !(matcher.label === '__name__' && matcher.operator === '=' && matcher.value === name))
    .map(({ label, operator, value }) => [label, operator, value])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return ['selector', name ?? '', written];
}

function groupingForm(grouping: Extract<PromqlNode, { kind: 'aggregate' }>['grouping']): Form {
  // `sum by () (x)` and `sum(x)` are one expression, and Prometheus prints the second.
  if (grouping === undefined || (grouping.kind === 'by' && grouping.labels.length === 0)) return 'all';
  return [grouping.kind, [...grouping.labels]];
}

function binaryForm(node: Extract<PromqlNode, { kind: 'binary' }>): Form {
  const { matching } = node;
  const bare = matching === undefined || (matching.kind === 'ignoring' && matching.labels.length === 0);
  const how: Form =
    matching === undefined || (bare && matching.group === undefined)
      ? 'all'
      : [
          matching.kind,
          [...matching.labels],
          matching.group ? [matching.group.side, [...matching.group.include]] : 'one',
        ];
  return ['binary', node.operator.toLowerCase(), node.bool, how, form(node.left), form(node.right)];
}
