export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export type Review = {
  readonly id: number;
  readonly user: string;
  body: string;
  state: ReviewState;
  readonly commitId: string;
  readonly submittedAt: string | null;
};

export type ReviewThread = {
  readonly id: number;
  readonly path: string;
  readonly line: number | null;
  isResolved: boolean;
  isOutdated: boolean;
  resolvedBy: string | null;
  readonly comments: {
    readonly id: number;
    readonly user: string;
    readonly body: string;
    readonly createdAt: string;
  }[];
};

export type HeadPush = { readonly before: string; readonly after: string; readonly actor: string; readonly at: string };

export type AsyncMergeResult =
  | { readonly status: 'merged'; readonly details: { readonly message: string; readonly sha: string } }
  | { readonly status: 'failed'; readonly details: { readonly message: string } };

export type PullState = {
  readonly id: number;
  readonly number: number;
  readonly headRepo: string;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  maintainerCanModify: boolean;
  readonly pushes: HeadPush[];
  readonly reviews: Review[];
  readonly threads: ReviewThread[];
  requestedReviewers: string[];
  requestedTeams: string[];
  autoMerge: { readonly enabledBy: string; readonly method: 'merge' | 'squash' | 'rebase' } | null;
  inMergeQueue: boolean;
  /** Results of asynchronous merges by their uuid. */
  readonly asyncMerges: Map<string, AsyncMergeResult>;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  /** Tip of the base branch just before the merge; a revert goes back to its tree. */
  baseBeforeMerge: string | null;
  mergeability: { head: string; base: string; nullReadsLeft: number; value: boolean | null; rebaseable: boolean };
};
