import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { branchKey, leaseRef } from './branch-key.ts';

test.each([
  ['main', 'refs/obsgate/lease/main'],
  ['release/1.2', 'refs/obsgate/lease/release_2f1_2e2'],
  ['Main', 'refs/obsgate/lease/_4dain'],
  ['a_b', 'refs/obsgate/lease/a_5fb'],
  ['é', 'refs/obsgate/lease/_c3_a9'],
])('the lease on %s is %s', (branch, ref) => {
  expect(leaseRef(branch)).toBe(ref);
});

test('two branches never share a lease, and every key is one safe path component', () => {
  const name = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ minLength: 60, maxLength: 300 }));
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(branchKey(a)).toMatch(/^[a-z0-9_-]{1,200}$/);
      expect(branchKey(a) === branchKey(b)).toBe(a === b);
    }),
  );
});
