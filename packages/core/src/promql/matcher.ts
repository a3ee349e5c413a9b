import { RE2JS } from 're2js';
import type { Matcher, Selector } from './model.ts';

const compiled = new Map<string, RE2JS | undefined>();

/**
 * Whether a label value satisfies the matcher, as Prometheus decides it: RE2 syntax, anchored on both ends,
 * `.` matches a newline too. A label that is absent has the value `''`.
 * Undefined when the regular expression does not compile.
 */
export function matcherMatches(matcher: Pick<Matcher, 'operator' | 'value'>, value: string): boolean | undefined {
  const { operator } = matcher;
  if (operator === '=') return value === matcher.value;
  if (operator === '!=') return value !== matcher.value;
  const matched = regexOf(matcher.value)?.testExact(value);
  return operator === '!~' && matched !== undefined ? !matched : matched;
}

/** Whether a regular expression is valid RE2. */
export function isValidRegex(pattern: string): boolean {
  return regexOf(pattern) !== undefined;
}

/**
 * Whether a series with these labels (its name under `__name__`) is selected.
 * Undefined when one of the regular expressions does not compile.
 */
export function selectorMatches(selector: Selector, labels: Readonly<Record<string, string>>): boolean | undefined {
  if (selector.name !== undefined && labels['__name__'] !== selector.name) return false;
  let all: boolean | undefined = true;
  for (const matcher of selector.matchers) {
    const matched = matcherMatches(matcher, labels[matcher.label] ?? '');
    if (matched === false) return false;
    if (matched === undefined) all = undefined;
  }
  return all;
}

function regexOf(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const regex = compile(pattern);
  compiled.set(pattern, regex);
  return regex;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    // Prometheus wraps label regexes as ^(?s:...)$ since 3.0.
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch {
    return undefined; // A syntax error: the callers report the matcher.
  }
}
