import { expect, test } from 'vitest';
import { unquote } from './literal.ts';

test.each([
  ['"a"', 'a'],
  ["'a\\'b'", "a'b"],
  ['`a\\n"b`', 'a\\n"b'],
  ['"\\a\\b\\f\\n\\r\\t\\v\\\\"', '\x07\b\f\n\r\t\v\\'],
  ['"\\x41\\101\\u00e9\\U0001F600"', 'AAé😀'],
  ['"\\xc3\\xa9 \\303\\251"', 'é é'],
  ['"\\d"', '\\d'],
  ['"unclosed', 'unclosed'],
])('%s is read as Go reads it', (literal, value) => {
  expect(unquote(literal)).toBe(value);
});
