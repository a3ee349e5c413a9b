export type BypassActorType = 'Integration' | 'OrganizationAdmin' | 'RepositoryRole' | 'Team' | 'DeployKey';
export type BypassMode = 'always' | 'pull_request' | 'exempt';
export type BypassActor = { actor_id: number | null; actor_type: BypassActorType; bypass_mode: BypassMode };

export type Rule = { type: string; parameters?: Record<string, unknown> };

export type RefConditions = { ref_name?: { include: string[]; exclude: string[] } } & {
  repository_name?: { include: string[]; exclude: string[]; protected?: boolean };
  repository_id?: { repository_ids: number[] };
};

export type RulesetVersion = {
  readonly versionId: number;
  readonly actor: { readonly id: number; readonly type: string };
  readonly updatedAt: string;
  /** The ruleset as it stood after this version was written. */
  readonly state: Record<string, unknown>;
};

export type Ruleset = {
  readonly id: number;
  name: string;
  target: 'branch' | 'tag' | 'push';
  readonly sourceType: 'Repository' | 'Organization';
  readonly source: string;
  enforcement: 'disabled' | 'active' | 'evaluate';
  bypassActors: BypassActor[];
  conditions: RefConditions | null;
  rules: Rule[];
  readonly createdAt: string;
  updatedAt: string;
  readonly history: RulesetVersion[];
};

export type RuleEvaluation = {
  readonly rulesetId: number | null;
  readonly rulesetName: string;
  readonly ruleType: string;
  readonly result: 'pass' | 'fail';
  readonly details: string | null;
};

/** The record GitHub keeps of every push or merge that rules looked at. */
export type RuleSuite = {
  readonly id: number;
  readonly actor: string;
  readonly beforeSha: string;
  readonly afterSha: string;
  readonly ref: string;
  readonly pushedAt: string;
  readonly result: 'pass' | 'fail' | 'bypass';
  readonly evaluations: RuleEvaluation[];
};
