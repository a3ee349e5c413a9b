import type { TreeCursor } from '@lezer/common';
import { unquote } from './literal.ts';
import type { Matcher, PromqlNode, Selector, Span } from './model.ts';
import { parseNumber } from './number.ts';
import { readDuration } from './range-duration.ts';

type Binary = Extract<PromqlNode, { kind: 'binary' }>;
type Matching = NonNullable<Binary['matching']>;
type Grouping = NonNullable<Extract<PromqlNode, { kind: 'aggregate' }>['grouping']>;

/** What is converted: the text of the expression, and where the spans that cannot be read are collected. */
export type Conversion = { readonly text: string; readonly errors: Span[]; depth: number };

/** Operands and parentheses within each other; everything that goes through a tree does so by recursion. */
const MAX_DEPTH = 500;

/** The expression under the cursor; undefined when the cursor stands on something else. */
export function convert(cursor: TreeCursor, to: Conversion): PromqlNode | undefined {
  if (to.depth >= MAX_DEPTH) {
    to.errors.push(spanOf(cursor));
    return { kind: 'error', span: spanOf(cursor) };
  }
  to.depth++;
  const node = convertNode(cursor, to);
  to.depth--;
  return node;
}

function convertNode(cursor: TreeCursor, to: Conversion): PromqlNode | undefined {
  switch (cursor.name) {
    case 'VectorSelector':
      return convertSelector(cursor, to);
    case 'NumberDurationLiteral':
      return { kind: 'number', value: parseNumber(textOf(cursor, to)), span: spanOf(cursor) };
    case 'StringLiteral':
      return { kind: 'string', value: unquote(textOf(cursor, to)), span: spanOf(cursor) };
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return convertRange(cursor, to);
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      return convertModified(cursor, to);
    case 'AggregateExpr':
      return convertAggregate(cursor, to);
    case 'FunctionCall':
      return convertCall(cursor, to);
    case 'BinaryExpr':
      return convertBinary(cursor, to);
    case 'UnaryExpr':
      return convertUnary(cursor, to);
    case 'ParenExpr': {
      const [of] = expressionsIn(cursor, to);
      return { kind: 'paren', of: of ?? missing(cursor), span: spanOf(cursor) };
    }
    default:
      return undefined;
  }
}

/** Runs `each` on every child of the node under the cursor; spans of error nodes are collected on the way. */
export function eachChild(cursor: TreeCursor, to: Conversion, each: (name: string) => void): void {
  if (!cursor.firstChild()) return;
  do {
    if (cursor.type.isError) to.errors.push(spanOf(cursor));
    else each(cursor.name);
  } while (cursor.nextSibling());
  cursor.parent();
}

export function spanOf(cursor: TreeCursor): Span {
  return { start: cursor.from, end: cursor.to };
}

function textOf(cursor: TreeCursor, to: Conversion): string {
  return to.text.slice(cursor.from, cursor.to);
}

function missing(cursor: TreeCursor): PromqlNode {
  return { kind: 'error', span: { start: cursor.to, end: cursor.to } };
}

function expressionsIn(cursor: TreeCursor, to: Conversion): PromqlNode[] {
  const found: PromqlNode[] = [];
  eachChild(cursor, to, () => {
    const node = convert(cursor, to);
    if (node !== undefined) found.push(node);
  });
  return found;
}

function convertSelector(cursor: TreeCursor, to: Conversion): Selector {
  const span = spanOf(cursor);
  const matchers: Matcher[] = [];
  let name: string | undefined;
  eachChild(cursor, to, (child) => {
    if (child === 'Identifier') name = textOf(cursor, to);
    else if (child === 'LabelMatchers') {
      eachChild(cursor, to, (inner) => {
        if (inner === 'QuotedLabelName') name ??= unquote(textOf(cursor, to));
        else if (inner === 'UnquotedLabelMatcher' || inner === 'QuotedLabelMatcher') {
          matchers.push(convertMatcher(cursor, to));
        }
      });
    }
  });
  const named = name === undefined ? matchers.findIndex((m) => m.label === '__name__' && m.operator === '=') : -1;
  if (named === -1) return { kind: 'selector', name, matchers, span };
  return { kind: 'selector', name: matchers[named]?.value, matchers: matchers.toSpliced(named, 1), span };
}

function convertMatcher(cursor: TreeCursor, to: Conversion): Matcher {
  const span = spanOf(cursor);
  let label = '';
  let operator: Matcher['operator'] = '=';
  let value = '';
  eachChild(cursor, to, (child) => {
    const text = textOf(cursor, to);
    if (child === 'LabelName') label = text;
    else if (child === 'QuotedLabelName') label = unquote(text);
    else if (child === 'StringLiteral') value = unquote(text);
    else if (child === 'MatchOp' && (text === '=' || text === '!=' || text === '=~' || text === '!~')) operator = text;
  });
  return { label, operator, value, span };
}

function convertRange(cursor: TreeCursor, to: Conversion): PromqlNode {
  const kind = cursor.name === 'SubqueryExpr' ? 'subquery' : 'matrix';
  const span = spanOf(cursor);
  const durations: (number | undefined)[] = [];
  let of: PromqlNode = missing(cursor);
  eachChild(cursor, to, (child) => {
    if (child === 'DurationExpr') durations.push(readDuration(cursor, to));
    else of = convert(cursor, to) ?? of;
  });
  const [rangeMs, stepMs] = durations;
  return kind === 'matrix' ? { kind, of, rangeMs, span } : { kind, of, rangeMs, stepMs, span };
}

function convertModified(cursor: TreeCursor, to: Conversion): PromqlNode {
  const isAt = cursor.name === 'StepInvariantExpr';
  const span = spanOf(cursor);
  let of: PromqlNode | undefined;
  let offsetMs: number | undefined;
  let at: string | undefined;
  eachChild(cursor, to, (child) => {
    if (child === 'OffsetDurationExpr') offsetMs = readDuration(cursor, to);
    else if (isAt && of !== undefined && child !== 'At' && child !== 'LineComment') {
      at = child === 'AtModifierPreprocessors' ? `${textOf(cursor, to)}()` : textOf(cursor, to);
    } else of ??= convert(cursor, to);
  });
  return { kind: 'modified', of: of ?? missing(cursor), offsetMs, at, span };
}

function convertAggregate(cursor: TreeCursor, to: Conversion): PromqlNode {
  const span = spanOf(cursor);
  let name = '';
  let grouping: Grouping | undefined;
  let args: readonly PromqlNode[] = [];
  eachChild(cursor, to, (child) => {
    if (child === 'AggregateOp') name = textOf(cursor, to).toLowerCase();
    else if (child === 'AggregateModifier') grouping = convertGrouping(cursor, to);
    else if (child === 'FunctionCallBody') args = expressionsIn(cursor, to);
  });
  return { kind: 'aggregate', name, grouping, args, span };
}

function convertGrouping(cursor: TreeCursor, to: Conversion): Grouping {
  const span = spanOf(cursor);
  let kind: Grouping['kind'] = 'by';
  let labels: string[] = [];
  eachChild(cursor, to, (child) => {
    if (child === 'Without') kind = 'without';
    else if (child === 'GroupingLabels') labels = convertLabels(cursor, to);
  });
  return { kind, labels, span };
}

function convertLabels(cursor: TreeCursor, to: Conversion): string[] {
  const labels: string[] = [];
  eachChild(cursor, to, (child) => {
    if (child === 'LabelName') labels.push(textOf(cursor, to));
    else if (child === 'QuotedLabelName') labels.push(unquote(textOf(cursor, to)));
  });
  return labels;
}

function convertCall(cursor: TreeCursor, to: Conversion): PromqlNode {
  const span = spanOf(cursor);
  let nameSpan: Span = { start: cursor.from, end: cursor.from };
  let args: readonly PromqlNode[] = [];
  eachChild(cursor, to, (child) => {
    if (child === 'FunctionIdentifier') nameSpan = spanOf(cursor);
    else if (child === 'FunctionCallBody') args = expressionsIn(cursor, to);
  });
  return { kind: 'call', name: to.text.slice(nameSpan.start, nameSpan.end), args, nameSpan, span };
}

function convertBinary(cursor: TreeCursor, to: Conversion): PromqlNode {
  const span = spanOf(cursor);
  const operands: PromqlNode[] = [];
  let operatorSpan: Span | undefined;
  let bool = false;
  let matching: Matching | undefined;
  eachChild(cursor, to, (child) => {
    if (child === 'BoolModifier') bool = true;
    else if (child === 'MatchingModifierClause') matching = convertMatching(cursor, to);
    else {
      const operand = convert(cursor, to);
      if (operand !== undefined) operands.push(operand);
      else if (operatorSpan === undefined && child !== 'LineComment' && child !== 'FillModifier') {
        operatorSpan = spanOf(cursor);
      }
    }
  });
  const place = operatorSpan ?? span;
  const operator = to.text.slice(place.start, place.end).toLowerCase();
  const [left = missing(cursor), right = missing(cursor)] = operands;
  return { kind: 'binary', operator, bool, matching, left, right, operatorSpan: place, span };
}

function convertMatching(cursor: TreeCursor, to: Conversion): Matching {
  let kind: Matching['kind'] = 'ignoring';
  let side: 'left' | 'right' | undefined;
  let labels: readonly string[] | undefined;
  let include: readonly string[] = [];
  eachChild(cursor, to, (child) => {
    if (child === 'On') kind = 'on';
    else if (child === 'GroupLeft') side = 'left';
    else if (child === 'GroupRight') side = 'right';
    else if (child === 'GroupingLabels') {
      if (side === undefined) labels = convertLabels(cursor, to);
      else include = convertLabels(cursor, to);
    }
  });
  return { kind, labels: labels ?? [], group: side === undefined ? undefined : { side, include } };
}

function convertUnary(cursor: TreeCursor, to: Conversion): PromqlNode {
  const span = spanOf(cursor);
  const operator = to.text.charAt(span.start) === '-' ? '-' : '+';
  const [of] = expressionsIn(cursor, to);
  return { kind: 'unary', operator, of: of ?? missing(cursor), span };
}
