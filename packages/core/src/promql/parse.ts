import { parser } from '@prometheus-io/lezer-promql';
import { convert, eachChild, type Conversion } from './convert.ts';
import type { ParsedExpression, PromqlNode } from './model.ts';

/** Expressions repeat within a repository and between stages; the cache is bounded by the characters it holds. */
const CACHE_CHARACTERS = 2_000_000;
/** Of one broken expression; more say nothing new. */
const MAX_ERRORS = 20;

const cache = new Map<string, ParsedExpression>();
let cached = 0;

/**
 * Parses an expression with the official grammar. The tree is as complete as the grammar could read it; what it
 * could not read stands in `errors`. An expression without errors may still be invalid: the grammar knows neither
 * types nor arities, promtool decides.
 */
export function parsePromql(text: string): ParsedExpression {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (cached + text.length > CACHE_CHARACTERS) {
    cache.clear();
    cached = 0;
  }
  cache.set(text, parsed);
  cached += text.length;
  return parsed;
}

function parse(text: string): ParsedExpression {
  const to: Conversion = { text, errors: [], depth: 0 };
  const cursor = parser.parse(text).cursor();
  let root: PromqlNode | undefined;
  eachChild(cursor, to, () => {
    root ??= convert(cursor, to);
  });
  if (root === undefined && to.errors.length === 0) to.errors.push({ start: 0, end: text.length });
  const whole = { start: 0, end: text.length };
  return { text, root: root ?? { kind: 'error', span: whole }, errors: to.errors.slice(0, MAX_ERRORS) };
}
