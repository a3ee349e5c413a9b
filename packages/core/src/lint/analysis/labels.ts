import { matcherMatches, type PromqlNode, type Selector } from '../../promql/index.ts';
import { effectiveLabels } from '../../rules/index.ts';
import type { LintedRule, LintSettings, RecordedSeries } from '../model.ts';
import { onceForEach } from './follow.ts';
import { isScalar, vectorArgument } from './shape.ts';

/**
 * The labels of an expression's series, the metric name aside.
 * A label maps to its value, or to undefined when the value (or whether it is there at all) is not known.
 */
export type Labels = {
  readonly known: ReadonlyMap<string, string | undefined>;
  /** The series carry further labels that nobody names, as scraped series do. */
  readonly open: boolean;
  /** Labels that the series surely do not carry, of importance when `open`. */
  readonly dropped: ReadonlySet<string>;
};

const NONE: Labels = { known: new Map(), open: false, dropped: new Set() };
const UNKNOWN: Labels = { known: new Map(), open: true, dropped: new Set() };

/** Whether series with these labels may carry `label`. */
export function mayCarry({ known, open, dropped }: Labels, label: string): boolean {
  return known.has(label) || (open && !dropped.has(label));
}

/** The labels of what a rule records or fires: those of its expression, and its own on top. */
export function ruleLabels(linted: LintedRule, recorded: RecordedSeries): Labels {
  return [...effectiveLabels(linted.rule)].reduce(
    (labels, [label, value]) => (value === '' ? without(labels, [label]) : withLabel(labels, label, value)),
    labelsOf(linted.parsed.root, recorded),
  );
}

/** The labels of an expression's series; recorded series are followed to the rules that record them. */
export function labelsOf(node: PromqlNode, recorded: RecordedSeries): Labels {
  const of = (inner: PromqlNode): Labels => labelsOf(inner, recorded);
  switch (node.kind) {
    case 'number':
      return NONE;
    case 'selector':
      return selected(node, recorded);
    case 'paren':
    case 'unary':
    case 'modified':
    case 'matrix':
    case 'subquery':
      return of(node.of);
    case 'call':
      return called(node, of);
    case 'aggregate':
      return aggregated(node, of);
    case 'binary':
      return combined(node, of);
    case 'string':
    case 'error':
      return UNKNOWN;
  }
}

const once = onceForEach<readonly Labels[]>([UNKNOWN]);

function selected(selector: Selector, recorded: RecordedSeries): Labels {
  const { name } = selector;
  const rules = name === undefined ? undefined : recorded.get(name);
  if (name === undefined || rules === undefined) return matched(UNKNOWN, selector) ?? UNKNOWN;
  const written = once(recorded, name, () => rules.map((rule) => ruleLabels(rule, recorded)));
  const each = written.flatMap((labels) => matched(labels, selector) ?? []);
  const [first = matched(UNKNOWN, selector) ?? UNKNOWN, ...rest] = each;
  return rest.reduce(either, first);
}

/** The labels after the selector's matchers; undefined when no such series can pass them. */
function matched(labels: Labels, { matchers }: Selector): Labels | undefined {
  let result = labels;
  for (const matcher of matchers) {
    const { label, operator, value } = matcher;
    const present = result.known.get(label);
    if (present !== undefined && matcherMatches(matcher, present) === false) return undefined;
    const nonEmpty = matcherMatches(matcher, '') === false;
    if (!mayCarry(result, label)) {
      if (nonEmpty) return undefined;
    } else if (operator === '=') result = value === '' ? without(result, [label]) : withLabel(result, label, value);
    else if (nonEmpty && present === undefined) result = withLabel(result, label, undefined);
  }
  return result;
}

function called(node: Extract<PromqlNode, { kind: 'call' }>, of: (inner: PromqlNode) => Labels): Labels {
  if (isScalar(node) || node.name === 'vector' || node.args.length === 0) return NONE;
  const argument = vectorArgument(node);
  if (argument === undefined) return UNKNOWN;
  switch (node.name) {
    case 'absent':
    case 'absent_over_time':
      return askedFor(argument);
    case 'label_replace':
      return replaced(node.args, of(argument));
    case 'label_join': {
      const target = stringOf(node.args[1]);
      return target === undefined ? UNKNOWN : withLabel(of(argument), target, undefined);
    }
    case 'histogram_quantile':
    case 'histogram_fraction':
      return without(of(argument), ['le']);
    default:
      return of(argument);
  }
}

/** absent() carries the labels that its selector equates. */
function askedFor(argument: PromqlNode): Labels {
  let inner = argument;
  while (inner.kind === 'matrix' || inner.kind === 'paren' || inner.kind === 'modified') inner = inner.of;
  if (inner.kind !== 'selector') return NONE;
  const { matchers } = inner;
  const unique = matchers.filter(
    ({ label, operator, value }) =>
      operator === '=' && value !== '' && matchers.filter((other) => other.label === label).length === 1,
  );
  return { ...NONE, known: new Map(unique.map(({ label, value }) => [label, value])) };
}

function replaced(args: readonly PromqlNode[], labels: Labels): Labels {
  const [target, replacement, source, pattern] = args.slice(1).map(stringOf);
  if (target === undefined) return UNKNOWN;
  const constant = replacement !== undefined && !replacement.includes('$');
  // An absent source label has the value '', which these patterns match.
  const matches = source === '' && (pattern === '' || pattern === '.*' || pattern === '()');
  if (!constant || !matches) return withLabel(labels, target, undefined);
  return replacement === '' ? without(labels, [target]) : withLabel(labels, target, replacement);
}

function stringOf(node: PromqlNode | undefined): string | undefined {
  return node?.kind === 'string' ? node.value : node?.kind === 'paren' ? stringOf(node.of) : undefined;
}

const KEEPS_SERIES = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

function aggregated(node: Extract<PromqlNode, { kind: 'aggregate' }>, of: (inner: PromqlNode) => Labels): Labels {
  const argument = vectorArgument(node);
  if (argument === undefined) return UNKNOWN;
  const inner = of(argument);
  if (KEEPS_SERIES.has(node.name)) return inner;
  const { grouping } = node;
  const grouped =
    grouping === undefined
      ? NONE
      : grouping.kind === 'by'
        ? only(inner, grouping.labels)
        : without(inner, grouping.labels);
  const counted = node.name === 'count_values' ? stringOf(node.args[0]) : undefined;
  return counted === undefined ? grouped : withLabel(grouped, counted, undefined);
}

function combined(node: Extract<PromqlNode, { kind: 'binary' }>, of: (inner: PromqlNode) => Labels): Labels {
  if (isScalar(node.left)) return of(node.right);
  if (isScalar(node.right)) return of(node.left);
  const left = of(node.left);
  const right = of(node.right);
  if (node.operator === 'or') return either(left, right);
  if (node.operator === 'and' || node.operator === 'unless') return left;
  const { matching } = node;
  if (matching?.group !== undefined) {
    const [many, one] = matching.group.side === 'left' ? [left, right] : [right, left];
    return matching.group.include.reduce((labels, label) => withLabel(labels, label, one.known.get(label)), many);
  }
  if (matching?.kind === 'on') return only(both(left, right), matching.labels);
  // Without `on` both sides carry the same labels but for the ignored ones, so each tells what the other has.
  const ignored = matching?.labels ?? [];
  return both(without(left, ignored), without(right, ignored));
}

function withLabel({ known, open, dropped }: Labels, label: string, value: string | undefined): Labels {
  const left = new Set(dropped);
  left.delete(label);
  return { known: new Map([...known, [label, value]]), open, dropped: left };
}

function without({ known, open, dropped }: Labels, labels: readonly string[]): Labels {
  return {
    known: new Map([...known].filter(([label]) => !labels.includes(label))),
    open,
    dropped: new Set([...dropped, ...labels]),
  };
}

function only(labels: Labels, kept: readonly string[]): Labels {
  const carried = kept.filter((label) => mayCarry(labels, label));
  return { ...NONE, known: new Map(carried.map((label) => [label, labels.known.get(label)])) };
}

/** Labels of a series that is one of the two. */
function either(a: Labels, b: Labels): Labels {
  const labels = [...new Set([...a.known.keys(), ...b.known.keys()])];
  return {
    known: new Map(
      labels.map((label) => [label, a.known.get(label) === b.known.get(label) ? a.known.get(label) : undefined]),
    ),
    open: a.open || b.open,
    dropped: new Set([...a.dropped].filter((label) => b.dropped.has(label))),
  };
}

/** Labels of a series that is known from two sides. */
function both(a: Labels, b: Labels): Labels {
  if (a.open !== b.open) return a.open ? narrowed(b, a) : narrowed(a, b);
  return {
    known: new Map([...b.known, ...narrowed(a, b).known]),
    open: a.open,
    dropped: new Set([...a.dropped, ...b.dropped]),
  };
}

function narrowed(closed: Labels, other: Labels): Labels {
  return {
    ...closed,
    known: new Map([...closed.known].map(([label, value]) => [label, value ?? other.known.get(label)])),
  };
}

/**
 * An expression for 0 with exactly these labels; undefined when they are not all known. The realm's value is taken
 * for a realm of unknown value.
 */
export function constantWith({ known, open }: Labels, realm: LintSettings['realm']): string | undefined {
  let text = 'vector(0)';
  for (const [label, told] of known) {
    const value = told ?? (label === realm.label ? realm.value : undefined);
    if (value === undefined) return undefined;
    text = `label_replace(${text}, ${JSON.stringify(label)}, ${JSON.stringify(value)}, "", "")`;
  }
  return open ? undefined : text;
}
