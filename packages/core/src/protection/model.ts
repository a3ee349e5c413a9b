/**
 * Branch protection in one normal form, whatever API it was read through: sets are sorted, URLs and timestamps are gone,
 * "any app" is null. Two snapshots of the same protection are equal as values.
 */
export type ProtectionSnapshot = {
  readonly schema: 'obsgate.protection/1';
  readonly repositoryId: number;
  /** On repositories of people GitHub knows no bypass allowances and no restrictions. */
  readonly ownerType: 'User' | 'Organization';
  readonly branch: string;
  /** Null: no classic rule covers the branch (proved by the branch's own `protected` and GraphQL, not by a 404). */
  readonly classic: ClassicProtection | null;
  /** Active rules of every level that apply to the branch, from `GET /rules/branches/{branch}`. */
  readonly rules: readonly ActiveRule[];
  /** The rulesets those rules come from, in order of their ids. */
  readonly rulesets: readonly Ruleset[];
};

/** Users by login, teams and apps by slug; each sorted. */
export type Actors = {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly apps: readonly string[];
};

export type ClassicProtection = {
  /** GraphQL node id of the rule. */
  readonly ruleId: string;
  /** Pattern of the rule; other than the branch's name for a wildcard rule. */
  readonly pattern: string;
  readonly reviews: ReviewRequirements | null;
  readonly statusChecks: { readonly strict: boolean; readonly checks: readonly RequiredCheck[] } | null;
  readonly enforceAdmins: boolean;
  readonly requiredSignatures: boolean;
  readonly requiredLinearHistory: boolean;
  readonly allowForcePushes: boolean;
  readonly allowDeletions: boolean;
  readonly blockCreations: boolean;
  readonly requiredConversationResolution: boolean;
  readonly lockBranch: boolean;
  readonly allowForkSyncing: boolean;
  /** Null: everybody with write access may push. */
  readonly restrictions: Actors | null;
  /** Null: none required. Absent when read through REST, which does not show it. */
  readonly requiredDeployments?: readonly string[] | null;
  /** Absent when read through REST, which does not show it. */
  readonly forcePushAllowances?: Actors;
};

export type ReviewRequirements = {
  readonly requiredApprovingReviewCount: number;
  readonly dismissStaleReviews: boolean;
  readonly requireCodeOwnerReviews: boolean;
  readonly requireLastPushApproval: boolean;
  /** Null: not restricted. */
  readonly dismissalRestrictions: Actors | null;
  readonly bypassAllowances: Actors;
};

/** `appId` null: any app may report the check. */
export type RequiredCheck = { readonly context: string; readonly appId: number | null };

export type RulesetSource = 'Repository' | 'Organization' | 'Enterprise';

export type ActiveRule = {
  readonly type: string;
  readonly rulesetId: number;
  readonly rulesetSource: RulesetSource;
  /** As GitHub answers it, keys sorted; null when the rule type has none. */
  readonly parameters: Json;
};

export type BypassActor = {
  /** Null for the actor types that have no id (`DeployKey`, `OrganizationAdmin` of some versions). */
  readonly actorId: number | null;
  readonly actorType: string;
  readonly bypassMode: string;
};

export type Ruleset = {
  readonly id: number;
  readonly name: string;
  readonly source: RulesetSource;
  readonly enforcement: string;
  readonly target: string;
  readonly conditions: Json;
  readonly rules: readonly { readonly type: string; readonly parameters: Json }[];
  /** `hidden`: the token may not see them. Absent is not empty. */
  readonly bypassActors: readonly BypassActor[] | 'hidden';
};

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
