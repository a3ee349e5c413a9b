import { describe, expect, test } from 'vitest';
import type { ClassicProtection, ProtectionSnapshot, ReviewRequirements, Ruleset } from '../protection/index.ts';
import { climb, type LadderDecision } from './ladder.ts';
import type { LadderInput } from './ladder-input.ts';
import type { ReviewCause } from './verdict.ts';

const NOBODY = { users: [], teams: [], apps: [] };

function reviews(more: Partial<ReviewRequirements> = {}): ReviewRequirements {
  return {
    requiredApprovingReviewCount: 1,
    dismissStaleReviews: false,
    requireCodeOwnerReviews: false,
    requireLastPushApproval: false,
    dismissalRestrictions: null,
    bypassAllowances: NOBODY,
    ...more,
  };
}

function classic(more: Partial<ClassicProtection> = {}): ClassicProtection {
  return {
    ruleId: 'BPR_1',
    pattern: 'main',
    reviews: reviews(),
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
    ...more,
  };
}

const REVIEW_RULE = {
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
  },
};

function ruleset(more: Partial<Ruleset> = {}): Ruleset {
  return {
    id: 7,
    name: 'main rules',
    source: 'Repository',
    enforcement: 'active',
    target: 'branch',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [{ type: 'deletion', parameters: null }, REVIEW_RULE],
    bypassActors: [],
    ...more,
  };
}

function snapshot(rule: ClassicProtection | null, rulesets: readonly Ruleset[] = []): ProtectionSnapshot {
  return {
    schema: 'obsgate.protection/1',
    repositoryId: 1,
    ownerType: 'Organization',
    branch: 'main',
    classic: rule,
    rules: rulesets.flatMap(({ id, source, rules }) =>
      rules.map(({ type, parameters }) => ({ type, parameters, rulesetId: id, rulesetSource: source })),
    ),
    rulesets,
  };
}

function cause(need: ReviewCause['need'], from: ReviewCause['from'] = { kind: 'classic' }): ReviewCause {
  return { need, from, message: `${need} missing` };
}

const RULESET = { kind: 'ruleset', rulesetId: 7 } as const;
const APP = { kind: 'app', id: 99, slug: 'obsgate' } as const;
const OURS = { actorId: 99, actorType: 'Integration', bypassMode: 'pull_request' } as const;

function decide(protection: ProtectionSnapshot, causes: readonly ReviewCause[], more: Partial<LadderInput> = {}) {
  return climb({
    snapshot: protection,
    cause: causes.length === 0 ? { kind: 'none' } : { kind: 'review', causes },
    merger: APP,
    defaultBranch: 'main',
    method: 'squash',
    approvals: 0,
    relaxable: true,
    relax: 'field',
    ...more,
  });
}

/** The rung, or the codes of why there is none. */
function shown(decision: LadderDecision): string {
  return decision.kind === 'climb'
    ? decision.rung.name
    : [...new Set(decision.reasons.map(({ code }) => code))].toSorted().join(' ');
}

describe('the least invasive way is taken', () => {
  test.each([
    ['nothing is missing', snapshot(classic()), [], 'plain'],
    ['nothing is protected', snapshot(null), [], 'plain'],
    [
      'our app may bypass the branch rule',
      snapshot(classic({ reviews: reviews({ bypassAllowances: { ...NOBODY, apps: ['obsgate'] } }) })),
      [cause('approvals')],
      'existing-bypass',
    ],
    [
      'our app may bypass the ruleset',
      snapshot(null, [ruleset({ bypassActors: [OURS] })]),
      [cause('approvals', RULESET)],
      'existing-bypass',
    ],
    ['our app is on no list of the branch rule', snapshot(classic()), [cause('approvals')], 'add-bypass'],
    ['our app is on no list of the ruleset', snapshot(null, [ruleset()]), [cause('approvals', RULESET)], 'add-bypass'],
    [
      'two needs of one rule, which one bypass lifts',
      snapshot(classic({ reviews: reviews({ requireLastPushApproval: true }) })),
      [cause('approvals'), cause('last_push_approval')],
      'add-bypass',
    ],
    [
      'the bypass would lift a rule that only GitHub can check, the field does not',
      snapshot(null, [
        ruleset({ rules: [{ type: 'code_scanning', parameters: { code_scanning_tools: [] } }, REVIEW_RULE] }),
      ]),
      [cause('approvals', RULESET)],
      'lower-field',
    ],
  ] as const)('%s', (_, protection, causes, expected) => {
    expect(shown(decide(protection, causes))).toBe(expected);
  });
});

describe('what cannot be exact is refused', () => {
  const missing = [cause('approvals', RULESET)];
  test.each([
    ['an organization ruleset', snapshot(null, [ruleset({ source: 'Organization' })]), missing, 'org_ruleset'],
    ['a hidden bypass list', snapshot(null, [ruleset({ bypassActors: 'hidden' })]), missing, 'bypass_hidden'],
    [
      'a rule of a type that nobody knows',
      snapshot(null, [ruleset({ rules: [REVIEW_RULE, { type: 'moon_phase', parameters: null }] })]),
      missing,
      'unknown_rule_type',
    ],
    [
      'a merge queue',
      snapshot(null, [ruleset({ rules: [REVIEW_RULE, { type: 'merge_queue', parameters: null }] })]),
      missing,
      'merge_queue',
    ],
    ['a locked branch', snapshot(classic({ lockBranch: true })), [cause('approvals')], 'branch_locked'],
    [
      'a branch that only others may push to',
      snapshot(classic({ restrictions: NOBODY })),
      [cause('approvals')],
      'push_restricted',
    ],
    [
      'reviews asked for by two rules',
      snapshot(classic(), [ruleset()]),
      [cause('approvals'), cause('approvals', RULESET)],
      'not_relaxable',
    ],
  ] as const)('%s', (_, protection, causes, code) => {
    const decision = decide(protection, causes);
    expect(decision.kind).toBe('stop');
    expect(shown(decision).split(' ')).toContain(code);
  });

  test('a rebase of a branch that wants signatures', () => {
    expect(shown(decide(snapshot(classic({ requiredSignatures: true })), [], { method: 'rebase' }))).toBe(
      'signatures_required',
    );
  });

  test('anything but a missing review', () => {
    expect(shown(decide(snapshot(classic()), [], { cause: { kind: 'unknown', why: 'x' } }))).toBe('not_only_review');
  });

  test('a plain merge whose hidden bypass could lift an unchecked rule', () => {
    const rules = [{ type: 'code_scanning', parameters: {} }];
    expect(shown(decide(snapshot(null, [ruleset({ rules, bypassActors: 'hidden' })]), []))).toContain(
      'unknown_rule_type',
    );
    expect(shown(decide(snapshot(null, [ruleset({ rules })]), []))).toBe('plain');
  });
});

describe('the rulepack limits how far it goes', () => {
  const missing = [cause('approvals')];
  test.each([
    [{ relaxable: false }, 'not_relaxable reviews_missing'],
    [{ relax: 'none' }, 'not_relaxable reviews_missing'],
    [{ relax: 'bypass' }, 'add-bypass'],
    [{ relax: 'field' }, 'add-bypass'],
  ] as const)('%o', (limit, expected) => {
    expect(shown(decide(snapshot(classic()), missing, limit))).toBe(expected);
  });

  test('a token of nobody known stands on no list, and only the field is left', () => {
    const merger = { kind: 'unknown' } as const;
    expect(shown(decide(snapshot(classic()), missing, { merger }))).toBe('lower-field');
    expect(shown(decide(snapshot(classic()), missing, { merger, relax: 'bypass' }))).toBe(
      'not_relaxable permission_missing reviews_missing',
    );
  });
});

describe('a lowered field', () => {
  const merger = { kind: 'unknown' } as const;
  const lowered = (protection: ProtectionSnapshot, causes: readonly ReviewCause[], approvals = 0) => {
    const decision = decide(protection, causes, { merger, approvals });
    return decision.kind === 'climb' ? decision.rung.edit : shown(decision);
  };

  test('is lowered to the approvals that are there, not to zero', () => {
    const two = snapshot(classic({ reviews: reviews({ requiredApprovingReviewCount: 2 }) }));
    expect(lowered(two, [cause('approvals')], 1)).toEqual({
      kind: 'classic-field',
      ruleId: 'BPR_1',
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 1 },
    });
  });

  test('is the one field that the cause is about', () => {
    const rule = snapshot(classic({ reviews: reviews({ requireLastPushApproval: true }) }));
    expect(lowered(rule, [cause('last_push_approval')])).toMatchObject({
      field: { name: 'requireLastPushApproval', from: true, to: false },
    });
  });

  test('never lifts two needs, given reviewers, or other branches as well', () => {
    const both = snapshot(classic({ reviews: reviews({ requireCodeOwnerReviews: true }) }));
    expect(lowered(both, [cause('approvals'), cause('code_owners')])).toContain('not_relaxable');
    expect(lowered(snapshot(classic()), [cause('required_reviewers')])).toContain('not_relaxable');
    expect(lowered(snapshot(classic({ pattern: 'ma*' })), [cause('approvals')])).toContain('wildcard_rule');
    const wide = ruleset({ conditions: { ref_name: { include: ['~ALL'], exclude: [] } } });
    expect(lowered(snapshot(null, [wide]), [cause('approvals', RULESET)])).toContain('wildcard_rule');
  });
});

test('every rung below the one that is taken says why it was not', () => {
  const decision = decide(snapshot(classic()), [cause('approvals')]);
  expect(decision.refused.map(({ rung, reasons }) => [rung, ...reasons.map(({ message }) => message)]))
    .toMatchInlineSnapshot(`
      [
        [
          "plain",
          "approvals missing",
        ],
        [
          "existing-bypass",
          "approvals missing; the app "obsgate" may not bypass it by the bypass list of the branch rule",
        ],
      ]
    `);
});
