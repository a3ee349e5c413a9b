import type { ClassicRule } from './state/classic-rule.ts';
import type { CheckRun, CheckSuite, CommitStatus, Workflow, WorkflowRun } from './state/checks.ts';
import type { IssueState, Label } from './state/issue.ts';
import type { PullState } from './state/pull.ts';
import type { Ruleset, RuleSuite } from './state/ruleset.ts';

/** What a repository role or a token may do; the names are GitHub's. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export type Level = 'read' | 'write';
export type Scope =
  | 'metadata'
  | 'administration'
  | 'contents'
  | 'pull_requests'
  | 'checks'
  | 'statuses'
  | 'issues'
  | 'actions'
  | 'workflows'
  | 'actions_variables'
  | 'deployments'
  | 'members'
  | 'organization_administration';
export type Grants = Partial<Record<Scope, Level>>;

export type Account = {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** Logins of people who own this organization. */
  readonly owners: Set<string>;
};

export type Team = { readonly id: number; readonly org: string; readonly slug: string; readonly members: Set<string> };

export type App = {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  readonly clientId: string;
  /** PEM; App JWTs are verified with it. `null`: no JWT of this App is accepted. */
  readonly publicKey: string | null;
  readonly permissions: Grants;
  readonly createdAt: string;
};

export type Installation = {
  readonly id: number;
  readonly appId: number;
  readonly account: string;
  permissions: Grants;
  repositories: 'all' | ReadonlySet<string>;
  suspendedAt: string | null;
  readonly createdAt: string;
};

export type Token =
  | { readonly kind: 'classic'; readonly login: string; readonly scopes: readonly string[] }
  | {
      readonly kind: 'fine-grained';
      readonly login: string;
      readonly grants: Grants;
      readonly repositories: 'all' | Set<string>;
    }
  | {
      readonly kind: 'installation';
      readonly installationId: number;
      readonly grants: Grants;
      readonly repositories: 'all' | ReadonlySet<string>;
      readonly expiresAt: number;
    };

export type Variable = { name: string; value: string; readonly createdAt: string; updatedAt: string };
export type Dispatch =
  | { readonly kind: 'repository'; readonly eventType: string; readonly payload: unknown; readonly actor: string }
  | {
      readonly kind: 'workflow';
      readonly workflow: string;
      readonly ref: string;
      readonly inputs: Record<string, unknown>;
      readonly actor: string;
    };

export type ActivityType =
  | 'push'
  | 'force_push'
  | 'branch_deletion'
  | 'branch_creation'
  | 'pr_merge'
  | 'merge_queue_merge';
export type Activity = {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly type: ActivityType;
  readonly actor: string;
};

export type RepoSettings = {
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
  archived: boolean;
};

export type Repo = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly parent: string | null;
  defaultBranch: string;
  /** The bare repository on disk. */
  readonly gitDir: string;
  readonly settings: RepoSettings;
  readonly collaborators: Map<string, Role>;
  /** Organization team slug -> role. */
  readonly teams: Map<string, Role>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, IssueState>;
  readonly pulls: Map<number, PullState>;
  classicRules: ClassicRule[];
  readonly rulesets: Map<number, Ruleset>;
  readonly ruleSuites: RuleSuite[];
  readonly activity: Activity[];
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly workflows: Map<number, Workflow>;
  readonly workflowRuns: Map<number, WorkflowRun>;
  readonly variables: Map<string, Variable>;
  readonly dispatches: Dispatch[];
  /** Commits that GitHub itself signed, or whose signature is known to be good. */
  readonly verifiedCommits: Set<string>;
  readonly createdAt: string;
  nextNumber: number;
};

export type WorldOptions = {
  /** How many single-pull GETs answer `mergeable: null` after head or base changed. */
  readonly mergeableNullReads: number;
  /** At most this many files are listed for a pull request or a comparison page set. */
  readonly pullFilesCap: number;
};

export type World = {
  readonly options: WorldOptions;
  readonly dir: string;
  /** `http://127.0.0.1:<port>`; set when the server listens. */
  baseUrl: string;
  readonly accounts: Map<string, Account>;
  readonly teams: Map<string, Team>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  /** Lower-cased `owner/name`. */
  readonly repos: Map<string, Repo>;
  /** Organization login -> its rulesets. */
  readonly orgRulesets: Map<string, Map<number, Ruleset>>;
  /** Milliseconds that tests moved the clock forward by. */
  clockOffset: number;
  nextId: number;
};

export function createWorld(dir: string, options: Partial<WorldOptions> = {}): World {
  return {
    options: { mergeableNullReads: 1, pullFilesCap: 3000, ...options },
    dir,
    baseUrl: '',
    accounts: new Map(),
    teams: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    repos: new Map(),
    orgRulesets: new Map(),
    clockOffset: 0,
    nextId: 1000,
  };
}

export function newId(world: World): number {
  world.nextId += 1;
  return world.nextId;
}

/** The world's time in milliseconds: the wall clock plus what `clock.advance` added. */
export function nowMs(world: World): number {
  return Date.now() + world.clockOffset;
}

/** GitHub's timestamps have whole seconds. */
export function nowIso(world: World): string {
  return `${new Date(nowMs(world)).toISOString().slice(0, 19)}Z`;
}

export function fullName(repo: Repo): string {
  return `${repo.owner}/${repo.name}`;
}

export function findRepo(world: World, owner: string, name: string): Repo | undefined {
  return world.repos.get(`${owner}/${name}`.toLowerCase());
}
