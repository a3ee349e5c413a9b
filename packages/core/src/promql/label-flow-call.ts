import { closedFlow, labelFact, openFlow, withFact, withoutLabels, type LabelFact, type LabelFlow } from './labels.ts';
import type { PromqlNode } from './model.ts';

type Call = Extract<PromqlNode, { kind: 'call' }>;

const SCALARS: ReadonlySet<string> = new Set(['scalar', 'time', 'pi', 'start', 'end', 'range', 'step']);

/** Functions whose results keep the metric name. https://prometheus.io/docs/prometheus/latest/querying/functions/ */
const KEEP_NAME: ReadonlySet<string> = new Set([
  'last_over_time',
  'first_over_time',
  'sort',
  'sort_desc',
  'sort_by_label',
  'sort_by_label_desc',
  'label_replace',
  'label_join',
  'info',
]);

const DROP_LE: ReadonlySet<string> = new Set(['histogram_quantile', 'histogram_fraction']);

/** The labels of a function's result; `flows` are those of its arguments. */
export function callFlow(node: Call, flows: readonly LabelFlow[]): LabelFlow {
  const { name, span } = node;
  if (SCALARS.has(name)) return closedFlow(`${name}() is a number without labels`, span, new Map(), 'scalar');
  if (name === 'vector') return closedFlow('vector() has no labels', span);
  if (name === 'absent' || name === 'absent_over_time') return absentFlow(node);
  const vector = flows.find((flow) => flow.kind === 'vector');
  if (vector === undefined) {
    return node.args.length === 0
      ? closedFlow(`${name}() has no labels`, span)
      : openFlow(`${name}() of no vector`, span);
  }
  if (name === 'label_replace') return replaceFlow(node, vector);
  if (name === 'label_join') return joinFlow(node, vector);
  const named = KEEP_NAME.has(name) ? vector : withoutLabels(vector, ['__name__'], `${name}() drops the name`, span);
  if (name === 'info') return { ...named, others: openFlow('info() adds labels', span).others };
  return DROP_LE.has(name) ? withoutLabels(named, ['le'], `${name}() removes it`, span) : named;
}

/** absent() has the labels that its selector equates, each if it is equated once. */
function absentFlow({ name, args, span }: Call): LabelFlow {
  let [of] = args;
  while (of?.kind === 'paren' || of?.kind === 'matrix' || of?.kind === 'modified') ({ of } = of);
  const why = `${name}() has only the labels that its selector equates`;
  if (of?.kind !== 'selector') return closedFlow(`${name}() of an expression has no labels`, span);
  const { matchers } = of;
  const once = matchers.filter(
    ({ label, operator, value }) =>
      operator === '=' && value !== '' && matchers.filter((other) => other.label === label).length === 1,
  );
  const facts = once.map(({ label, value, span: place }): [string, LabelFact] => [
    label,
    { presence: 'must', value, why: `${name}() takes it from the selector`, span: place },
  ]);
  return closedFlow(why, span, new Map(facts));
}

function replaceFlow({ args, span }: Call, flow: LabelFlow): LabelFlow {
  const [, target, replacement, source, pattern] = args.map(textOf);
  if (target === undefined || replacement === undefined || pattern === undefined || source === undefined) {
    return openFlow('label_replace() is computed', span);
  }
  const before = labelFact(flow, target);
  const why = `label_replace() writes ${target}`;
  const value = labelFact(flow, source);
  const always = pattern === '.*' || pattern === '(.*)' || (pattern === '' && value.presence === 'never');
  if (always && !replacement.includes('$')) {
    if (replacement === '') return withoutLabels(flow, [target], 'label_replace() removes it', span);
    return withFact(flow, target, { presence: 'must', value: replacement, why, span });
  }
  const copied = pattern === '(.*)' && (replacement === '$1' || replacement === '${1}');
  if (copied) return withFact(flow, target, { ...value, why, span });
  // Constant text around a reference is never empty; where the pattern does not match, the label stays as it was.
  const filled = replacement.replace(/\$(?:\w+|\{\w+\})/g, '') !== '';
  const presence = filled && (always || before.presence === 'must') ? 'must' : 'may';
  return withFact(flow, target, { presence, why, span });
}

function joinFlow({ args, span }: Call, flow: LabelFlow): LabelFlow {
  const [, target, separator, ...sources] = args.map(textOf);
  if (target === undefined) return openFlow('label_join() is computed', span);
  const facts = sources.map((source) => (source === undefined ? undefined : labelFact(flow, source).presence));
  const joined = separator !== undefined && separator !== '' && sources.length > 1;
  const presence =
    joined || facts.includes('must') ? 'must' : facts.every((fact) => fact === 'never') ? 'never' : 'may';
  return withFact(flow, target, { presence, why: `label_join() writes ${target}`, span });
}

function textOf(node: PromqlNode | undefined): string | undefined {
  let of = node;
  while (of?.kind === 'paren') ({ of } = of);
  return of?.kind === 'string' ? of.value : undefined;
}
