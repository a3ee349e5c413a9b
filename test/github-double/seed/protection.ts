import { blankReviews, blankRule } from '../state/classic-rule.ts';
import type { ActorSet, ClassicRule, ReviewRule } from '../state/classic-rule.ts';
import type { BypassActor, RefConditions, Rule, Ruleset } from '../state/ruleset.ts';
import { recordVersion } from '../domain/ruleset-history.ts';
import type { Repo, World } from '../state.ts';
import { fullName, newId, nowIso } from '../state.ts';

export type ReviewSpec = Partial<Omit<ReviewRule, 'dismissal' | 'bypass'>> & {
  readonly dismissal?: Partial<ActorSet> | null;
  readonly bypass?: Partial<ActorSet> | null;
};

export type ProtectionSpec = Partial<
  Omit<ClassicRule, 'id' | 'pattern' | 'creator' | 'reviews' | 'statusChecks' | 'restrictions'>
> & {
  readonly reviews?: ReviewSpec | null;
  /** Names, or names bound to an App. */
  readonly checks?: readonly (string | { readonly context: string; readonly appId: number | null })[];
  readonly strict?: boolean;
  readonly restrictions?: Partial<ActorSet> | null;
};

function actors(set: Partial<ActorSet> | null | undefined): ActorSet | null {
  return set ? { users: [], teams: [], apps: [], ...set } : null;
}

/** Adds or replaces the classic rule of a branch or pattern. */
export function protect(world: World, repo: Repo, pattern: string, spec: ProtectionSpec = {}): ClassicRule {
  const { reviews, checks, strict, restrictions, ...plain } = spec;
  const rule: ClassicRule = {
    ...blankRule(newId(world), pattern, repo.owner),
    ...plain,
    reviews: reviews
      ? { ...blankReviews(), ...reviews, dismissal: actors(reviews.dismissal), bypass: actors(reviews.bypass) }
      : null,
    statusChecks: checks
      ? {
          strict: strict ?? false,
          checks: checks.map((each) => (typeof each === 'string' ? { context: each, appId: null } : each)),
        }
      : null,
    restrictions: actors(restrictions),
  };
  repo.classicRules = [...repo.classicRules.filter((each) => each.pattern !== pattern), rule];
  return rule;
}

export type RulesetSpec = {
  readonly name?: string;
  readonly target?: Ruleset['target'];
  readonly enforcement?: Ruleset['enforcement'];
  readonly bypassActors?: readonly BypassActor[];
  /** Default: the default branch. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly rules: readonly Rule[];
};

function makeRuleset(
  world: World,
  spec: RulesetSpec,
  source: Pick<Ruleset, 'sourceType' | 'source'>,
  extra: RefConditions,
): Ruleset {
  const now = nowIso(world);
  const include = [...(spec.include ?? ['~DEFAULT_BRANCH'])];
  const ruleset: Ruleset = {
    ...source,
    id: newId(world),
    name: spec.name ?? 'rules',
    target: spec.target ?? 'branch',
    enforcement: spec.enforcement ?? 'active',
    bypassActors: [...(spec.bypassActors ?? [])],
    conditions: { ref_name: { include, exclude: [...(spec.exclude ?? [])] }, ...extra },
    rules: [...spec.rules],
    createdAt: now,
    updatedAt: now,
    history: [],
  };
  recordVersion(world, ruleset, source.source.split('/')[0] ?? '');
  return ruleset;
}

export function addRuleset(world: World, repo: Repo, spec: RulesetSpec): Ruleset {
  const ruleset = makeRuleset(world, spec, { sourceType: 'Repository', source: fullName(repo) }, {});
  repo.rulesets.set(ruleset.id, ruleset);
  return ruleset;
}

/** A ruleset of the organization for all of its repositories, or for those with the given names. */
export function addOrgRuleset(
  world: World,
  org: string,
  spec: RulesetSpec & { readonly repositories?: readonly string[] },
): Ruleset {
  const repository_name = { include: [...(spec.repositories ?? ['~ALL'])], exclude: [] };
  const ruleset = makeRuleset(world, spec, { sourceType: 'Organization', source: org }, { repository_name });
  const all = world.orgRulesets.get(org) ?? new Map<number, Ruleset>();
  world.orgRulesets.set(org, all.set(ruleset.id, ruleset));
  return ruleset;
}
