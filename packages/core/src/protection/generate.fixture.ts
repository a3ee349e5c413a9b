import * as fc from 'fast-check';
import { compareRules, sortedActors, sortedBypassActors } from './canonical.ts';
import type { Edit } from './edit.ts';
import type {
  Actors,
  BypassActor,
  ClassicProtection,
  ProtectionSnapshot,
  ReviewRequirements,
  Ruleset,
} from './model.ts';
import { sortedChecks } from './parse-classic.ts';

// Any protection that GitHub can answer with, for property tests.

const name = fc.constantFrom('alice', 'bob', 'core', 'ops', 'renovate', 'dependabot', 'ünï');
const actors: fc.Arbitrary<Actors> = fc
  .record({ users: fc.uniqueArray(name), teams: fc.uniqueArray(name), apps: fc.uniqueArray(name) })
  .map(sortedActors);
const count = fc.integer({ min: 0, max: 6 });

const reviews: fc.Arbitrary<ReviewRequirements> = fc.record({
  requiredApprovingReviewCount: count,
  dismissStaleReviews: fc.boolean(),
  requireCodeOwnerReviews: fc.boolean(),
  requireLastPushApproval: fc.boolean(),
  dismissalRestrictions: fc.option(actors),
  bypassAllowances: actors,
});

const checks = fc
  .uniqueArray(fc.record({ context: fc.constantFrom('ci', 'obs-lint', 'a/b'), appId: fc.option(fc.nat(9)) }), {
    selector: ({ context }) => context,
  })
  .map(sortedChecks);

const classic = fc
  .record({
    ruleId: fc.constant('BPR_1'),
    pattern: fc.constantFrom('main', 'ma*'),
    reviews: fc.option(reviews, { freq: 5 }),
    statusChecks: fc.option(fc.record({ strict: fc.boolean(), checks })),
    enforceAdmins: fc.boolean(),
    requiredSignatures: fc.boolean(),
    requiredLinearHistory: fc.boolean(),
    allowForcePushes: fc.boolean(),
    allowDeletions: fc.boolean(),
    blockCreations: fc.boolean(),
    requiredConversationResolution: fc.boolean(),
    lockBranch: fc.boolean(),
    allowForkSyncing: fc.boolean(),
    restrictions: fc.option(actors),
    requiredDeployments: fc.option(fc.constant(['prod'])),
    forcePushAllowances: actors,
  })
  .map((rule): ClassicProtection => rule);

const bypassActors: fc.Arbitrary<BypassActor[]> = fc
  .uniqueArray(
    fc.record({
      actorId: fc.integer({ min: 1, max: 5 }),
      actorType: fc.constantFrom('Integration', 'Team', 'RepositoryRole'),
      bypassMode: fc.constantFrom('always', 'pull_request'),
    }),
    { selector: ({ actorId, actorType }) => `${actorType}${actorId}` },
  )
  .map(sortedBypassActors);

const pullRequestRule = fc.record({
  type: fc.constant('pull_request'),
  parameters: fc.record({
    allowed_merge_methods: fc.subarray(['merge', 'rebase', 'squash']),
    dismiss_stale_reviews_on_push: fc.boolean(),
    require_code_owner_review: fc.boolean(),
    require_last_push_approval: fc.boolean(),
    required_approving_review_count: count,
    required_review_thread_resolution: fc.boolean(),
  }),
});
const otherRule = fc.constantFrom<Ruleset['rules'][number]>(
  { type: 'deletion', parameters: null },
  { type: 'non_fast_forward', parameters: null },
  {
    type: 'required_status_checks',
    parameters: { required_status_checks: [{ context: 'ci' }], strict_required_status_checks_policy: true },
  },
);

function ruleset(id: number): fc.Arbitrary<Ruleset> {
  return fc.record({
    id: fc.constant(id),
    name: fc.constant(`rules ${id}`),
    source: fc.constantFrom('Repository', 'Repository', 'Organization'),
    enforcement: fc.constant('active'),
    target: fc.constant('branch'),
    conditions: fc.constant({ ref_name: { exclude: [], include: ['~DEFAULT_BRANCH'] } }),
    rules: fc
      .tuple(fc.option(pullRequestRule, { freq: 5 }), fc.uniqueArray(otherRule, { selector: ({ type }) => type }))
      .map(([pull, others]) => [...(pull === null ? [] : [pull]), ...others].toSorted(compareRules)),
    bypassActors: fc.oneof(
      { weight: 6, arbitrary: bypassActors },
      { weight: 1, arbitrary: fc.constant('hidden' as const) },
    ),
  });
}

/** A snapshot of branch `main`: a classic rule or none, and up to two rulesets. */
export const snapshotArbitrary: fc.Arbitrary<ProtectionSnapshot> = fc
  .record({
    ownerType: fc.constantFrom('Organization', 'Organization', 'User'),
    classic: fc.option(classic, { freq: 4 }),
    rulesets: fc
      .tuple(fc.option(ruleset(11)), fc.option(ruleset(12)))
      .map((all) => all.filter((each) => each !== null)),
  })
  .map(({ ownerType, classic: rule, rulesets }) => ({
    schema: 'obsgate.protection/1',
    repositoryId: 1,
    ownerType,
    branch: 'main',
    classic: rule,
    rules: rulesets.flatMap(({ id, source, rules }) =>
      rules.map(({ type, parameters }) => ({ type, rulesetId: id, rulesetSource: source, parameters })),
    ),
    rulesets,
  }));

const field = fc.constantFrom<Extract<Edit, { kind: 'classic-field' }>['field']>(
  ...[1, 2, 3].map((from) => ({ name: 'requiredApprovingReviewCount', from, to: 0 }) as const),
  { name: 'requireCodeOwnerReviews', from: true, to: false },
  { name: 'requireLastPushApproval', from: true, to: false },
);

/** Any edit, whether the snapshot has what it names or not. */
export const editArbitrary: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('classic-bypass' as const),
    ruleId: fc.constant('BPR_1'),
    app: fc.constantFrom('obsgate', 'renovate'),
  }),
  fc.record({ kind: fc.constant('classic-field' as const), ruleId: fc.constant('BPR_1'), field }),
  fc.record({
    kind: fc.constant('ruleset-bypass' as const),
    rulesetId: fc.constantFrom(11, 12),
    actor: fc.constantFrom(
      { actorId: 77, actorType: 'Integration', bypassMode: 'pull_request' },
      { actorId: 1, actorType: 'Integration', bypassMode: 'always' },
    ),
  }),
  fc.record({ kind: fc.constant('ruleset-field' as const), rulesetId: fc.constantFrom(11, 12), field }),
);
