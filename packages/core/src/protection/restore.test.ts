import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptWrite } from './accept.ts';
import { applyEdit, sameProtection } from './edit.ts';
import { editArbitrary, snapshotArbitrary } from './generate.fixture.ts';
import type { ClassicProtection, ProtectionSnapshot, ReviewRequirements } from './model.ts';
import { planRestore } from './restore.ts';
import { simulate } from './simulate.ts';
import { wireWrite } from './wire.ts';

const reviews: ReviewRequirements = {
  requiredApprovingReviewCount: 2,
  dismissStaleReviews: true,
  requireCodeOwnerReviews: true,
  requireLastPushApproval: false,
  dismissalRestrictions: null,
  bypassAllowances: { users: [], teams: [], apps: ['renovate'] },
};
const classic: ClassicProtection = {
  ruleId: 'BPR_1',
  pattern: 'main',
  reviews,
  statusChecks: null,
  enforceAdmins: true,
  requiredSignatures: false,
  requiredLinearHistory: false,
  allowForcePushes: false,
  allowDeletions: false,
  blockCreations: false,
  requiredConversationResolution: false,
  lockBranch: false,
  allowForkSyncing: false,
  restrictions: null,
};
const snapshot: ProtectionSnapshot = {
  schema: 'obsgate.protection/1',
  repositoryId: 1,
  ownerType: 'Organization',
  branch: 'main',
  classic,
  rules: [],
  rulesets: [],
};
const lowered = {
  kind: 'classic-field',
  ruleId: 'BPR_1',
  field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
} as const;
const allowed = { kind: 'classic-bypass', ruleId: 'BPR_1', app: 'obsgate' } as const;

function live(change: Partial<ReviewRequirements>, rule: Partial<ClassicProtection> = {}): ProtectionSnapshot {
  return { ...snapshot, classic: { ...classic, ...rule, reviews: { ...reviews, ...change } } };
}

test('whatever can be edited is restored exactly, and reading it back equals the snapshot', () => {
  let exact = 0;
  fc.assert(
    fc.property(snapshotArbitrary, editArbitrary, (before, edit) => {
      const simulation = simulate(before, edit, 'squash');
      const written = applyEdit(before, edit);
      if (simulation.kind === 'refused') {
        expect(simulation.reasons.length).toBeGreaterThan(0);
        expect(simulation.reasons.map(({ code }) => code)).not.toContain('simulation_differs');
        return;
      }
      exact += 1;
      expect(written).toBeDefined();
      const opened = acceptWrite(before, simulation.relax);
      expect(opened).toEqual(written);
      expect(opened && acceptWrite(opened, simulation.restore)).toEqual(before);
      // A field of a ruleset shows in the ruleset and in the rule that it makes active on the branch.
      expect(simulation.changes.length).toBe(edit.kind === 'ruleset-field' ? 2 : 1);
    }),
    { numRuns: 1500 },
  );
  expect(exact).toBeGreaterThan(50);
});

test('restoring an unchanged snapshot is done, whatever the edit', () => {
  fc.assert(
    fc.property(snapshotArbitrary, editArbitrary, (before, edit) => {
      expect(planRestore(before, before, edit)).toEqual({ kind: 'done' });
    }),
  );
});

test('no plan ever loosens what is live, whatever third parties, old and replayed leases make of it', () => {
  let writes = 0;
  fc.assert(
    fc.property(snapshotArbitrary, snapshotArbitrary, editArbitrary, (now, old, edit) => {
      const plan = planRestore(now, old, edit);
      if (plan.kind !== 'write') return;
      const wire = wireWrite(edit, plan.undo.target);
      const after = wire && acceptWrite(now, wire);
      if (after === undefined) return;
      writes += 1;
      for (const [a, b] of [[now.classic?.reviews, after.classic?.reviews]] as const) {
        if (!a || !b) continue;
        expect(b.requiredApprovingReviewCount).toBeGreaterThanOrEqual(a.requiredApprovingReviewCount);
        expect(Number(b.requireCodeOwnerReviews)).toBeGreaterThanOrEqual(Number(a.requireCodeOwnerReviews));
        expect(Number(b.requireLastPushApproval)).toBeGreaterThanOrEqual(Number(a.requireLastPushApproval));
        expect(a.bypassAllowances.apps).toEqual(expect.arrayContaining([...b.bypassAllowances.apps]));
      }
      for (const ruleset of after.rulesets) {
        const was = now.rulesets.find(({ id }) => id === ruleset.id);
        const [listBefore, listAfter] = [was?.bypassActors, ruleset.bypassActors];
        if (listBefore === 'hidden' || listAfter === 'hidden') expect(listAfter).toBe(listBefore);
        else expect(listBefore).toEqual(expect.arrayContaining([...listAfter]));
      }
    }),
    { numRuns: 1500 },
  );
  expect(writes).toBeGreaterThan(20);
});

describe('the protection is read while the window is open', () => {
  test('as we wrote it: the field of the snapshot is written, and nothing else', () => {
    const plan = planRestore(live({ requiredApprovingReviewCount: 0 }), snapshot, lowered);
    expect(plan).toMatchObject({ kind: 'write', foreign: [] });
    expect(plan.kind === 'write' && wireWrite(lowered, plan.undo.target)).toEqual({
      kind: 'update-rule',
      ruleId: 'BPR_1',
      input: { requiredApprovingReviewCount: 2 },
      bypass: null,
    });
  });
  test('for a wildcard rule, it is written to that rule', () => {
    const wide = { ...snapshot, classic: { ...classic, pattern: 'ma*' } };
    const written = applyEdit(wide, lowered);
    const plan = written && planRestore(written, wide, lowered);
    expect(plan?.kind === 'write' && wireWrite(lowered, plan.undo.target)).toEqual({
      kind: 'update-rule',
      ruleId: 'BPR_1',
      input: { requiredApprovingReviewCount: 2 },
      bypass: null,
    });
  });
  test('with a higher count than ever: it stays', () => {
    expect(planRestore(live({ requiredApprovingReviewCount: 3 }), snapshot, lowered)).toMatchObject({
      kind: 'changed',
      foreign: [{ path: 'classic.reviews.requiredApprovingReviewCount', before: 2, after: 3 }],
      reason: { code: 'protection_changed' },
    });
  });
  test('with a count between: it is raised to what it was', () => {
    const plan = planRestore(live({ requiredApprovingReviewCount: 1 }), snapshot, lowered);
    expect(plan).toMatchObject({ kind: 'write', foreign: [{ before: 0, after: 1 }] });
    expect(plan.kind === 'write' && plan.undo.target).toMatchObject({
      rule: { reviews: { requiredApprovingReviewCount: 2 } },
    });
  });
  test('with another hardening beside ours: ours is undone, theirs stays', () => {
    const plan = planRestore(
      live({ requiredApprovingReviewCount: 0, requireLastPushApproval: true }, { requiredSignatures: true }),
      snapshot,
      lowered,
    );
    expect(plan).toMatchObject({
      kind: 'write',
      foreign: [{ path: 'classic.requiredSignatures' }, { path: 'classic.reviews.requireLastPushApproval' }],
      undo: {
        target: {
          rule: {
            requiredSignatures: true,
            reviews: { requiredApprovingReviewCount: 2, requireLastPushApproval: true },
          },
        },
      },
    });
  });
  test('with our app and another on the list: ours is taken off, the other stays', () => {
    const plan = planRestore(
      live({ bypassAllowances: { users: [], teams: ['sre'], apps: ['obsgate', 'renovate'] } }),
      snapshot,
      allowed,
    );
    expect(plan.kind === 'write' && wireWrite(allowed, plan.undo.target)).toEqual({
      kind: 'update-rule',
      ruleId: 'BPR_1',
      input: {},
      bypass: { users: [], teams: ['sre'], apps: ['renovate'] },
    });
  });
  test('with our app taken off by somebody else: nothing is left to undo', () => {
    expect(planRestore(live({ bypassAllowances: { users: [], teams: [], apps: [] } }), snapshot, allowed).kind).toBe(
      'changed',
    );
  });
  test.each([
    ['removed', { ...snapshot, classic: null }],
    ['replaced by another rule', { ...snapshot, classic: { ...classic, ruleId: 'BPR_2' } }],
    ['without reviews', { ...snapshot, classic: { ...classic, reviews: null } }],
  ])('%s: a person has to look, and nothing of ours is left', (_name, now) => {
    expect(planRestore(now, snapshot, lowered)).toMatchObject({
      kind: 'stopped',
      left: 'nothing',
      reason: { code: 'protection_replaced' },
    });
  });
});

test('two snapshots that say the same are the same', () => {
  expect(sameProtection(snapshot, structuredClone(snapshot))).toBe(true);
  expect(sameProtection(snapshot, live({ dismissStaleReviews: false }))).toBe(false);
});
