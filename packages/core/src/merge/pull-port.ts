import type { Reason } from '../kernel/index.ts';
import type { ReadTarget } from '../protection/index.ts';

export const MERGE_METHODS = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];

/** A check of the head commit as it stands now. */
export type CheckNow = {
  readonly name: string;
  /** The check run's id, which grows with every new run; null for a commit status. */
  readonly id: number | null;
  /** Null for a commit status, and for a check run whose app is hidden. */
  readonly appId: number | null;
  /** `neutral` stands for skipped ones too: green for GitHub, and for us only where the gates said so. */
  readonly state: 'green' | 'neutral' | 'pending' | 'not_green';
};

/** What can have changed since the gates looked, read again in one request. */
export type PullNow = {
  readonly state: 'open' | 'closed' | 'merged';
  readonly title: string;
  readonly headSha: string;
  readonly baseBranch: string;
  /** Tip of the base branch. */
  readonly baseSha: string;
  readonly draft: boolean;
  /** It waits in a merge queue, or native auto-merge is on. */
  readonly queued: boolean;
  readonly mergeable: 'mergeable' | 'conflicting' | 'unknown';
  /** Null: there are more than were read. */
  readonly labels: readonly string[] | null;
  /** Null: there are more than were read. */
  readonly checks: readonly CheckNow[] | null;
  /** GitHub's trial merge of head and base, when there is one. */
  readonly trial: CommitShape | null;
  /** The commit that it was merged as. */
  readonly landed: CommitShape | null;
};

export type CommitShape = { readonly sha: string; readonly tree: string; readonly parents: readonly string[] };

export type ReadPull =
  | { readonly kind: 'ok'; readonly pull: PullNow }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type MergeOrder = {
  readonly pull: number;
  /** GitHub refuses when the head is another commit. */
  readonly sha: string;
  readonly method: MergeMethod;
};

/** What GitHub answered to a merge, unjudged. */
export type MergeAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly message: string; readonly sha: string | null }
  | { readonly kind: 'no_answer'; readonly why: string };

/** A move of the base branch, from the repository's activity log. */
export type BranchMove = {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly actorId: number | null;
  readonly actor: string | null;
  /** GitHub's word: `push, force_push, branch_creation, branch_deletion, pr_merge, merge_queue_merge`. */
  readonly type: string;
  readonly at: string;
};

export type ReadMoves =
  | { readonly kind: 'ok'; readonly moves: readonly BranchMove[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** Paths and states of the files between two commits; null counts are not compared. */
export type ReadFiles =
  | { readonly kind: 'ok'; readonly complete: boolean; readonly files: readonly LandedFile[] }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };
export type LandedFile = { readonly path: string; readonly status: string; readonly blob: string | null };

/** The pull request and its base branch, as the merge transaction needs them. */
export type PullPort = {
  /** One request. */
  read(pull: number): Promise<ReadPull>;
  /** One request, never retried. */
  merge(order: MergeOrder): Promise<MergeAnswer>;
  /** Newest moves of a branch, newest first: one request. */
  moves(branch: string): Promise<ReadMoves>;
  /** Files that differ between two commits: one request. */
  compare(base: string, head: string): Promise<ReadFiles>;
  /** A ruleset as one version of its history left it: one request. */
  rulesetVersion(rulesetId: number, versionId: number): Promise<ReadTarget>;
};
