import type { Span } from './model.ts';

/**
 * What is known of one label on the series of a result. `must`: every series has it (with this value, when known);
 * `may`: some can; `never`: none has it. `why` and `span` name the part of the expression that decides.
 */
export type LabelFact = {
  readonly presence: 'must' | 'may' | 'never';
  readonly value?: string | undefined;
  readonly why: string;
  readonly span: Span;
};

/** The labels that the result of an expression can and must have; the metric name is the label `__name__`. */
export type LabelFlow = {
  readonly kind: 'vector' | 'scalar' | 'string';
  readonly facts: ReadonlyMap<string, LabelFact>;
  /** Holds for every label without a fact of its own: `may` for whatever was scraped, `never` after an aggregation. */
  readonly others: LabelFact;
};

/** What is known of one label. */
export function labelFact(flow: LabelFlow, label: string): LabelFact {
  return flow.facts.get(label) ?? flow.others;
}

/** A flow of which only the listed labels exist. */
export function closedFlow(
  why: string,
  span: Span,
  facts: ReadonlyMap<string, LabelFact> = new Map(),
  kind: LabelFlow['kind'] = 'vector',
): LabelFlow {
  return { kind, facts, others: { presence: 'never', why, span } };
}

/** A flow that may have any label. */
export function openFlow(why: string, span: Span, facts: ReadonlyMap<string, LabelFact> = new Map()): LabelFlow {
  return { kind: 'vector', facts, others: { presence: 'may', why, span } };
}

export function withFact(flow: LabelFlow, label: string, fact: LabelFact): LabelFlow {
  return { ...flow, facts: new Map([...flow.facts, [label, fact]]) };
}

/** The flow without these labels. */
export function withoutLabels(flow: LabelFlow, labels: readonly string[], why: string, span: Span): LabelFlow {
  const facts = new Map(flow.facts);
  for (const label of labels) {
    if (labelFact(flow, label).presence !== 'never') facts.set(label, { presence: 'never', why, span });
  }
  return { ...flow, facts };
}

/** The flow with none but these labels. */
export function onlyLabels(flow: LabelFlow, labels: readonly string[], why: string, span: Span): LabelFlow {
  return closedFlow(why, span, new Map(labels.map((label) => [label, labelFact(flow, label)])));
}

/** What holds for a series that comes from either side. */
export function eitherFlow(a: LabelFlow, b: LabelFlow): LabelFlow {
  const labels = new Set([...a.facts.keys(), ...b.facts.keys()]);
  const facts = new Map([...labels].map((label) => [label, eitherFact(labelFact(a, label), labelFact(b, label))]));
  return { kind: 'vector', facts, others: eitherFact(a.others, b.others) };
}

function eitherFact(a: LabelFact, b: LabelFact): LabelFact {
  if (a.presence === b.presence) return a.value === b.value ? a : { ...a, value: undefined };
  // The side that decides is the one that differs from "every series has it".
  return { ...(a.presence === 'must' ? b : a), presence: 'may', value: undefined };
}

/** Knowledge of the other side of a match, where both sides have equal values in these labels. */
export function matchedFlow(kept: LabelFlow, other: LabelFlow, isMatched: (label: string) => boolean): LabelFlow {
  const facts = new Map(kept.facts);
  for (const [label, fact] of other.facts) {
    const known = labelFact(kept, label);
    const tells = fact.presence === 'must' && (known.presence === 'may' || known.value === undefined);
    if (isMatched(label) && tells && known.presence !== 'never') facts.set(label, fact);
  }
  return { ...kept, facts };
}
