import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LeaseClaims } from './claims.ts';
import { isExpired, openLease, sealLease } from './seal.ts';

const KEY = 'k'.repeat(40);
const claims: LeaseClaims = {
  repositoryId: 7,
  branch: 'main',
  ruleIds: ['ruleset:3', 'classic:BPR_1'],
  pr: 12,
  headSha: 'a'.repeat(40),
  runId: 99,
  runAttempt: 1,
  expiresAt: '2026-11-21T10:00:00Z',
};
const content = { snapshot: { note: 'ünï\u0000' } };
const sealed = sealLease(claims, content, KEY, randomBytes);

test('what is sealed opens as it was, for anybody who has the key', () => {
  expect(openLease(sealed, KEY, { repositoryId: 7, branch: 'main' })).toEqual({
    kind: 'open',
    lease: { claims, content },
  });
});

test('the content does not stand in the text', () => {
  expect(sealed).not.toContain('note');
});

describe('refused', () => {
  const codeOf = (text: string, key = KEY, expected = {}) => {
    const opened = openLease(text, key, expected);
    return opened.kind === 'refused' ? opened.reason.code : opened.kind;
  };
  test('with another key', () => expect(codeOf(sealed, 'x'.repeat(40))).toBe('lease_forged'));
  test.each([
    ['another repository', { repositoryId: 8 }],
    ['another branch', { branch: 'release' }],
    ['another pull request', { pr: 13 }],
    ['another head', { headSha: 'b'.repeat(40) }],
    ['another run', { runId: 100 }],
  ])('sealed for %s', (_name, expected) => expect(codeOf(sealed, KEY, expected)).toBe('lease_replayed'));
  test.each([
    ['repositoryId', 8],
    ['branch', 'release'],
    ['ruleIds', ['ruleset:4']],
    ['pr', 13],
    ['headSha', 'b'.repeat(40)],
    ['runId', 1],
    ['runAttempt', 2],
    ['expiresAt', '2036-11-21T10:00:00Z'],
  ])('with a changed claim %s', (key, value) => {
    const [header = '', , body = ''] = sealed.split('\n');
    const envelope = JSON.parse(body) as { claims: Record<string, unknown> };
    envelope.claims[key] = value;
    expect(codeOf(`${header}\n\n${JSON.stringify(envelope)}\n`)).toBe('lease_forged');
  });
  test('of a newer version', () => {
    expect(codeOf(sealed.replace('"v":1', '"v":2'))).toBe('lease_unsupported');
  });
  test('cut off anywhere', () => {
    fc.assert(
      fc.property(fc.nat(sealed.length - 2), (length) => {
        expect(['lease_truncated', 'lease_forged']).toContain(codeOf(sealed.slice(0, length)));
      }),
    );
  });
  test('with any letter of the sealed part replaced', () => {
    const start = sealed.indexOf('"salt"');
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: sealed.length - 3 }),
        fc.constantFrom('A', 'b', '0', '"'),
        (at, letter) => {
          fc.pre(sealed[at] !== letter);
          const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
          const opened = openLease(changed, KEY, {});
          // The last letter of a base64 text carries unused bits: a change there may leave the bytes as they were.
          expect(opened.kind === 'refused' || opened.lease.content).toEqual(opened.kind === 'refused' || content);
        },
      ),
      { numRuns: 400 },
    );
  });
});

test('a lease has expired from its second on, and when its time is no time', () => {
  expect(isExpired(claims, Date.parse('2026-11-21T09:59:59.999Z'))).toBe(false);
  expect(isExpired(claims, Date.parse('2026-11-21T10:00:00Z'))).toBe(true);
  expect(isExpired({ ...claims, expiresAt: 'never' }, 0)).toBe(true);
});
