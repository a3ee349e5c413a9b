import { expect, test } from 'vitest';
import { goGlob, isRulePattern } from './glob.ts';

// Cases of Go's own documentation and tests of filepath.Match.
test.each([
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-x]', '-', true],
  ['*', '.hidden', true],
  ['**/x.yml', 'a/b/x.yml', false],
  ['{a,b}.yml', 'a.yml', false],
  ['rules/*.yml', 'rules/a.yaml', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(goGlob(pattern)?.matches(path)).toBe(expected);
});

test.each(['[]a]', '[-]', '[x-]', '[-x]', '[', '[^', '[^bc', 'a[', '\\', '[a-b-c]', '[]'])(
  '%s is malformed',
  (pattern) => {
    expect(goGlob(pattern)).toBeUndefined();
  },
);

test('a hostile pattern takes no time', () => {
  expect(goGlob('*a'.repeat(40) + 'b')?.matches('a'.repeat(250))).toBe(false);
});

test('Prometheus takes a star in the last element only', () => {
  expect(['rules/*.yml', 'a.yml', 'r?/[a]*.yml'].map(isRulePattern)).toEqual([true, true, true]);
  expect(['*/a.yml', 'rules/*/a.yml', '**/*.yml'].map(isRulePattern)).toEqual([false, false, false]);
});
