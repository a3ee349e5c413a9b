import type { TreeCursor } from '@lezer/common';
import type { Span } from './model.ts';
import { parseRangeMs } from './number.ts';

type Collected = { readonly text: string; readonly errors: Span[] };

/**
 * Milliseconds of the range, step or offset under the cursor. Arithmetic between durations (Prometheus 3.4 and later,
 * behind a feature flag) is computed; undefined when it depends on the query, as `step()` does.
 */
export function readDuration(cursor: TreeCursor, to: Collected): number | undefined {
  const values: (number | undefined)[] = [];
  const operators: string[] = [];
  if (cursor.firstChild()) {
    do {
      if (cursor.type.isError) to.errors.push({ start: cursor.from, end: cursor.to });
      else if (cursor.name === 'NumberDurationLiteralInDurationContext' || cursor.name === 'NumberDurationLiteral') {
        values.push(parseRangeMs(to.text.slice(cursor.from, cursor.to)));
      } else if (cursor.name === 'DurationExpr' || cursor.name === 'OffsetDurationExpr') {
        values.push(readDuration(cursor, to));
      } else if (cursor.name !== 'LineComment') operators.push(to.text.slice(cursor.from, cursor.to));
    } while (cursor.nextSibling());
    cursor.parent();
  }
  return compute(values, operators);
}

function compute(
  values: readonly (number | undefined)[],
  [operator = '+', ...rest]: readonly string[],
): number | undefined {
  const [first, second] = values;
  if (first === undefined || rest.length > 0) return undefined;
  if (values.length === 1) return operator === '-' ? -first : operator === '+' ? first : undefined;
  if (second === undefined || values.length > 2) return undefined;
  switch (operator) {
    case '+':
      return first + second;
    case '-':
      return first - second;
    // Factors and divisors are seconds like every bare number, here counted in milliseconds.
    case '*':
      return (first * second) / 1000;
    case '/':
      return second === 0 ? undefined : (first / second) * 1000;
    default:
      return undefined;
  }
}
