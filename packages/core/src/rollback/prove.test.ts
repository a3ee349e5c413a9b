import { describe, expect, test } from 'vitest';
import { BEFORE, MERGE, NEW_TREE, OLD_TREE, plainFacts, REVERT } from './facts.fixture.ts';
import type { RollbackFacts } from './facts.ts';
import { checkRevertProof, proveRevert } from './prove.ts';

const revert = { sha: REVERT, tree: OLD_TREE, parents: [MERGE] };

test('a commit on the merge with the tree from before it is proven', () => {
  const proved = proveRevert(plainFacts, revert);
  expect(proved).toMatchObject({ kind: 'proved', proof: { baseSha: MERGE, beforeSha: BEFORE, tree: OLD_TREE } });
  if (proved.kind === 'unproved') throw new Error(proved.reason.message);
  expect(checkRevertProof(proved.proof, REVERT)).toBeUndefined();
  expect(checkRevertProof(proved.proof, MERGE)).toMatchObject({ code: 'proof_mismatch' });
  expect(checkRevertProof({ ...proved.proof }, REVERT)).toMatchObject({ code: 'proof_mismatch' });
});

describe('nothing else is', () => {
  test.each<[string, Partial<RollbackFacts>, Partial<typeof revert>]>([
    ['another tree', {}, { tree: NEW_TREE }],
    ['another parent', {}, { parents: [BEFORE] }],
    ['two parents', {}, { parents: [MERGE, BEFORE] }],
    ['no parent', {}, { parents: [] }],
    ['a base branch that moved on', { base: { sha: REVERT, tree: NEW_TREE, parents: [MERGE] } }, {}],
    ['a base branch that is gone', { base: null }, {}],
    ['an unknown beginning', { before: { kind: 'unknown', why: 'x' } }, {}],
    [
      'a merge that changed nothing',
      { before: { kind: 'known', sha: BEFORE, tree: NEW_TREE, from: 'parent', shas: [] } },
      { tree: NEW_TREE },
    ],
  ])('%s', (_, facts, commit) => {
    expect(proveRevert({ ...plainFacts, ...facts }, { ...revert, ...commit })).toMatchObject({
      kind: 'unproved',
      reason: { code: 'revert_unproven' },
    });
  });
});
