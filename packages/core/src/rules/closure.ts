import { matcherMatches, mayReadMetric, parsePromql, selectorsOf, type Selector } from '../promql/index.ts';
import type { Rule } from './model.ts';
import type { RuleIndex } from './rule-index.ts';
import { templateQueries } from './template-queries.ts';

/** What is asked for: expressions to evaluate, alerts to look at. */
export type ClosureRoots = {
  /** PromQL expressions. */
  readonly expressions?: readonly string[];
  /** Alert names. */
  readonly alerts?: readonly string[];
};

/** `all`: something could not be narrowed down, and `why` says what. */
export type Closure = {
  readonly rules: ReadonlySet<Rule>;
  readonly all: boolean;
  readonly why: string | undefined;
};

const ALERT_SERIES: ReadonlySet<string> = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

/**
 * The rules that must be evaluated so that the roots have the same results as with all rules: those that record or
 * fire what the roots read, and what these read in turn, through expressions, `ALERTS`, `ALERTS_FOR_STATE` and
 * `query` in templates. Falls back to all rules for a selector whose metric name is a pattern or absent,
 * an expression that the grammar cannot read, and a computed template query.
 */
export function dependencyClosure(index: RuleIndex, roots: ClosureRoots): Closure {
  const needed = new Set<Rule>();
  const queue: Rule[] = [];
  const need = (rules: readonly Rule[] | undefined): void => {
    for (const rule of rules ?? []) {
      if (needed.has(rule)) continue;
      needed.add(rule);
      queue.push(rule);
    }
  };
  for (const alert of roots.alerts ?? []) need(index.alerts.get(alert));
  for (const expression of roots.expressions ?? []) {
    const why = addReads(index, expression, need);
    if (why !== undefined) return everything(index, why);
  }
  for (let rule = queue.pop(); rule !== undefined; rule = queue.pop()) {
    const why = addRuleReads(index, rule, need);
    if (why !== undefined) return everything(index, why);
  }
  return { rules: needed, all: needed.size === index.rules.length, why: undefined };
}

type Need = (rules: readonly Rule[] | undefined) => void;

function everything(index: RuleIndex, why: string): Closure {
  return { rules: new Set(index.rules), all: true, why };
}

function addRuleReads(index: RuleIndex, rule: Rule, need: Need): string | undefined {
  const direct = addReads(index, rule.expr.value, need);
  if (direct !== undefined || rule.kind === 'recording') return direct;
  for (const { value } of [...rule.labels, ...rule.group.labels, ...rule.annotations]) {
    const queries = templateQueries(value.value);
    if (queries === 'any') return `a template of alert ${rule.name.value} computes its query`;
    for (const query of queries) {
      const why = addReads(index, query, need);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** Adds what an expression reads; returns why it cannot be told. */
function addReads(index: RuleIndex, expression: string, need: Need): string | undefined {
  const parsed = parsePromql(expression);
  if (parsed.errors.length > 0) return `the expression ${excerpt(expression)} cannot be read`;
  // info() reads target_info unless told otherwise: https://prometheus.io/docs/prometheus/latest/querying/functions/#info
  if (expression.includes('info')) need(index.recordings.get('target_info'));
  for (const selector of selectorsOf(parsed.root)) {
    if (selector.name === undefined) {
      const named = selector.matchers.some((matcher) => matcher.label === '__name__' && matcher.operator === '=~');
      if (!named)
        return `the selector ${excerpt(expression.slice(selector.span.start, selector.span.end))} names no metric`;
      addPattern(index, selector, need);
    } else if (ALERT_SERIES.has(selector.name)) addAlerts(index, selector, need);
    else need(index.recordings.get(selector.name));
  }
  return undefined;
}

function addPattern(index: RuleIndex, selector: Selector, need: Need): void {
  for (const [name, rules] of index.recordings) if (mayReadMetric(selector, name)) need(rules);
  if ([...ALERT_SERIES].some((name) => mayReadMetric(selector, name))) addAlerts(index, selector, need);
}

function addAlerts(index: RuleIndex, selector: Selector, need: Need): void {
  const matchers = selector.matchers.filter((matcher) => matcher.label === 'alertname');
  for (const [name, rules] of index.alerts) {
    if (matchers.every((matcher) => matcherMatches(matcher, name) !== false)) need(rules);
  }
}

function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return JSON.stringify(flat.length > 60 ? `${flat.slice(0, 57)}...` : flat);
}
