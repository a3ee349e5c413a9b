import { parsePromql, selectorsOf, unparenthesized, walk, type PromqlNode, type Selector } from '../../promql/index.ts';

/** Functions whose value is per second, so that their range makes it a number of events. */
const PER_SECOND = new Set(['rate', 'irate']);

/** The widest range of an expression in seconds; undefined when it has none. */
export function widestRange(text: string): number | undefined {
  const ranges: number[] = [];
  walk(parsePromql(text).root, (node) => {
    if ((node.kind === 'matrix' || node.kind === 'subquery') && node.rangeMs !== undefined)
      ranges.push(node.rangeMs / 1000);
  });
  return ranges.length === 0 ? undefined : Math.max(...ranges);
}

/** Whether the expression is per second: it takes rates and no increases. */
export function isPerSecond(text: string): boolean {
  const calls = new Set<string>();
  walk(parsePromql(text).root, (node) => {
    if (node.kind === 'call') calls.add(node.name);
  });
  return [...calls].some((name) => PER_SECOND.has(name)) && !calls.has('increase');
}

/** Places the grammar could not read, as text; empty when it read everything. */
export function unreadable(text: string): string | undefined {
  const [span] = parsePromql(text).errors;
  return span === undefined ? undefined : text.slice(span.start, Math.max(span.end, span.start + 1));
}

/**
 * The two counts of a histogram: requests up to `le`, and all. Undefined when `selector` is no plain selector.
 * A whole number is written `1` by older servers and `1.0` by newer ones:
 * https://prometheus.io/docs/prometheus/latest/migration/#le-and-quantile-label-values
 */
export function histogramQueries(
  selector: string,
  le: number,
  range: string,
): { readonly le: string; readonly all: string } | undefined {
  const { root, errors } = parsePromql(selector);
  const node = unparenthesized(root);
  if (errors.length > 0 || node.kind !== 'selector' || node.matchers.some(({ label }) => label === 'le'))
    return undefined;
  const text = selector.slice(node.span.start, node.span.end).trim();
  const matcher = Number.isInteger(le) ? `le=~"${le}|${le}\\\\.0"` : `le="${le}"`;
  const query = (label: string): string => `sum(increase(${addMatcher(text, label)}[${range}]))`;
  return { le: query(matcher), all: query('le="+Inf"') };
}

function addMatcher(selector: string, matcher: string): string {
  if (!selector.endsWith('}')) return `${selector}{${matcher}}`;
  const inside = selector.slice(0, -1).trimEnd().replace(/,$/, '');
  return inside.endsWith('{') ? `${inside}${matcher}}` : `${inside},${matcher}}`;
}

/**
 * Numerator and denominator of a quotient of rates, as increases over `range`: what a share of bad requests says once
 * its parts are asked apart. Undefined unless both sides read counters of the same name, the numerator with more
 * matchers: otherwise the quotient need not be a share.
 */
export function countsOfQuotient(
  text: string,
  range: string,
): { readonly bad: string; readonly total: string } | undefined {
  const { root, errors } = parsePromql(text);
  const node = unparenthesized(root);
  if (errors.length > 0 || node.kind !== 'binary' || node.operator !== '/') return undefined;
  if (!isShare(node.left, node.right)) return undefined;
  const bad = asIncrease(text, node.left, range);
  const total = asIncrease(text, node.right, range);
  return bad === undefined || total === undefined ? undefined : { bad, total };
}

function isShare(left: PromqlNode, right: PromqlNode): boolean {
  const [numerator, ...others] = selectorsOf(left);
  const [denominator, ...rest] = selectorsOf(right);
  if (numerator === undefined || denominator === undefined || others.length > 0 || rest.length > 0) return false;
  const key = (selector: Selector): string[] => selector.matchers.map((m) => `${m.label}${m.operator}${m.value}`);
  const own = key(numerator);
  return (
    numerator.name !== undefined &&
    numerator.name === denominator.name &&
    own.length > denominator.matchers.length &&
    key(denominator).every((matcher) => own.includes(matcher))
  );
}

/** `sum(rate(x[5m]))` as `sum(increase(x[1m]))`; undefined for any other shape. */
function asIncrease(text: string, side: PromqlNode, range: string): string | undefined {
  const node = unparenthesized(side);
  if (node.kind !== 'aggregate' || node.name !== 'sum' || node.grouping !== undefined) return undefined;
  const call = node.args[0] === undefined ? undefined : unparenthesized(node.args[0]);
  if (call?.kind !== 'call' || !['rate', 'irate', 'increase'].includes(call.name)) return undefined;
  const matrix = call.args[0];
  if (matrix?.kind !== 'matrix' || matrix.of.kind !== 'selector') return undefined;
  return `sum(increase(${text.slice(matrix.of.span.start, matrix.of.span.end)}[${range}]))`;
}

/**
 * How old the values are that an expression reads without a range: an instant selector repeats a value for five
 * minutes after its last scrape, and `timestamp()` is what shows it. Undefined when it reads ranges only.
 */
export function ageQuery(text: string): string | undefined {
  const { root, errors } = parsePromql(text);
  if (errors.length > 0) return undefined;
  const found: string[] = [];
  walk(root, (node, ancestors) => {
    if (node.kind !== 'selector') return;
    const ranged = ancestors.some(({ kind }) => kind === 'matrix' || kind === 'subquery' || kind === 'modified');
    if (!ranged) found.push(text.slice(node.span.start, node.span.end));
  });
  const [first, ...rest] = [...new Set(found)];
  if (first === undefined) return undefined;
  if (rest.length === 0) return `time() - min(timestamp(${first}))`;
  const labelled = [first, ...rest].map(
    (selector, index) => `label_replace(min(timestamp(${selector})), "selector", "${index}", "", "")`,
  );
  return `time() - min(${labelled.join(' or ')})`;
}
