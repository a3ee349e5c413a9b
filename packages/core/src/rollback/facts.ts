import type { Config } from '../config/index.ts';
import type { Reason } from '../kernel/index.ts';
import type { AuditEntry } from '../ledger/index.ts';
import type { CommitShape, MergeMethod } from '../merge/index.ts';
import type { ChangedFile, RulepackSet } from '../rulepack/index.ts';

/** Everything that the plan of a rollback looks at, read once. */
export type RollbackFacts = {
  readonly schema: 'obsgate.rollback-facts/1';
  /** RFC 3339 UTC. */
  readonly readAt: string;
  readonly repository: RollbackRepository;
  readonly pull: MergedPull;
  readonly before: BeforeFacts;
  /** The base branch's tip; null: the branch is gone. */
  readonly base: CommitShape | null;
  readonly since: SinceFacts;
  readonly files: ChangedFacts;
  /** Pull requests whose branch says that they take the merge back, ours and others'. */
  readonly reverts: readonly RevertPull[];
  /** The commit that our branch points at; null: there is no such branch. */
  readonly branch: CommitShape | null;
  readonly ledger: LedgerFacts;
  readonly stop: StopFacts;
  readonly config: Config;
  readonly rulepacks: RulepackSet;
};

export type RollbackRepository = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** Merge methods that the repository's settings allow. */
  readonly methods: readonly MergeMethod[];
};

export type MergedPull = {
  readonly number: number;
  readonly nodeId: string;
  readonly title: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly baseBranch: string;
  readonly headBranch: string;
  readonly labels: readonly string[];
  readonly mergedAt: string | null;
  readonly commits: number;
  /** What GitHub shows as its merge: the last commit of a rebase. */
  readonly merge: (CommitShape & { readonly message: string }) | null;
};

/** The base branch as it was just before the merge. */
export type BeforeFacts =
  | {
      readonly kind: 'known';
      readonly sha: string;
      readonly tree: string;
      /** `activity`: GitHub's log of the branch's moves; `parent`: the first parent of a merge commit. */
      readonly from: 'activity' | 'parent';
      /** Commits that the merge brought: several after a rebase. */
      readonly shas: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** Commits on the base branch after the merge. */
export type SinceFacts =
  | { readonly kind: 'complete'; readonly commits: readonly { readonly sha: string; readonly message: string }[] }
  | { readonly kind: 'not_on_base' }
  | { readonly kind: 'unknown'; readonly why: string };

export type ChangedFacts =
  | { readonly kind: 'complete'; readonly files: readonly ChangedFile[] }
  | { readonly kind: 'incomplete'; readonly why: string };

export type RevertPull = {
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly branch: string;
  readonly head: CommitShape | null;
  readonly labels: readonly string[];
  /** On our branch, or made by the mutation in our name. */
  readonly ours: boolean;
  /** The commit that it was merged as. */
  readonly landed: CommitShape | null;
};

export type LedgerFacts =
  | { readonly kind: 'read'; readonly entries: readonly AuditEntry[] }
  | { readonly kind: 'unreadable'; readonly reasons: readonly Reason[] };

export type StopFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'stopped'; readonly by: string }
  | { readonly kind: 'unreadable'; readonly why: string };
