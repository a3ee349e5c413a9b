import type { ProtectionSnapshot } from '../protection/index.ts';
import type { ChangedFile, FolderNames } from '../rulepack/index.ts';

/** An account. Decisions compare `id`; a login can be renamed and taken over by somebody else. */
export type Account = {
  readonly login: string;
  readonly id: number;
  /** GitHub's word for the kind of account: `User`, `Bot`, `Organization`, `Mannequin`, `EnterpriseUserAccount`. */
  readonly type: string;
};

/** What an account may do in the repository, by GitHub's own answer at the time of reading. */
export type Standing = {
  readonly account: Account;
  /** `role_name`: `admin, maintain, write, triage, read, none`, or the name of a custom role. */
  readonly role: string;
  /** The coarse `permission`: `admin, write, read, none`. A custom role has one of these below it. */
  readonly permission: string;
};

/** Everything the six gates look at, read once; a value, so that a decision can be repeated and recorded. */
export type MergeFacts = {
  readonly schema: 'obsgate.merge-facts/1';
  /** When the reading began, RFC 3339 UTC. */
  readonly readAt: string;
  readonly repository: RepositoryFacts;
  readonly pull: PullFacts;
  readonly push: PushFacts;
  readonly files: FilesFacts;
  /** Names in the folders above new files, on the base branch. */
  readonly folders: readonly FolderNames[];
  /** By account id. An account that is asked for and missing here could not be looked up. */
  readonly standings: readonly Standing[];
  readonly labels: readonly LabelFacts[];
  readonly reviews: readonly ReviewFacts[];
  readonly threads: ThreadsFacts;
  readonly checks: ChecksFacts;
  readonly protection: ProtectionFacts;
  readonly freeze: FreezeFacts;
  /** The comment that asked for the merge, read again by API; null when no comment did. */
  readonly comment: CommentFacts | null;
};

export type RepositoryFacts = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  /** Merge methods that the repository's settings allow. */
  readonly methods: readonly ('merge' | 'squash' | 'rebase')[];
};

export type PullFacts = {
  readonly number: number;
  readonly nodeId: string;
  readonly title: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  /** Null: the account is gone. */
  readonly author: Account | null;
  readonly base: BaseFacts;
  readonly head: HeadFacts;
  /** `unknown`: GitHub is still computing it. */
  readonly mergeable: 'mergeable' | 'conflicting' | 'unknown';
  readonly commits: number;
  readonly changedFiles: number;
  readonly additions: number;
  readonly deletions: number;
  /** GitHub's own summary of the reviews that the protection asks for; null when it asks for none. */
  readonly reviewDecision: 'approved' | 'changes_requested' | 'review_required' | null;
  /**
   * Other pull requests, open or closed, with the same head commit and another base branch. Their runs of
   * `pull_request` take the workflow from that base, but report to the same commit.
   */
  readonly twins: readonly { readonly number: number; readonly base: string }[];
  /** Whether the pull request waits in a merge queue, or somebody switched native auto-merge on. */
  readonly queued: boolean;
};

export type BaseFacts = {
  readonly branch: string;
  /** The branch's commit when it was read: rulepacks and configuration are those of this commit. */
  readonly sha: string;
  /** When the pull request was last pointed at another base branch; null: never. */
  readonly changedAt: string | null;
};

export type HeadFacts = {
  readonly branch: string;
  readonly sha: string;
  /** Null: the fork is gone. */
  readonly repositoryId: number | null;
  /** Commits of the base branch that the head lacks; null when it could not be read. */
  readonly behindBy: number | null;
};

/** The push that put the head commit on its branch, from the repository's activity log: commits carry no trusted time. */
export type PushFacts =
  | {
      readonly kind: 'known';
      readonly at: string;
      readonly by: Account;
      readonly after: string;
      readonly activity: string;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export type FilesFacts =
  | { readonly kind: 'complete'; readonly files: readonly ChangedFile[] }
  /** The list is shorter than the pull request says, or too long to read. */
  | { readonly kind: 'incomplete'; readonly files: readonly ChangedFile[]; readonly why: string };

/** A label that the pull request carries now, with the last event that put it there. */
export type LabelFacts = {
  readonly name: string;
  /** Null: the event is gone or further back than was read. */
  readonly added: { readonly at: string; readonly by: Account | null } | null;
};

export type ReviewFacts = {
  readonly author: Account | null;
  readonly state: 'approved' | 'changes_requested' | 'commented' | 'dismissed' | 'pending';
  /** The commit that was reviewed; null when it is gone. */
  readonly commit: string | null;
  readonly submittedAt: string | null;
  /** Whether the reviewer may push to the repository: only then does the review count for the protection. */
  readonly mayPush: boolean;
};

export type ThreadsFacts =
  | { readonly kind: 'complete'; readonly unresolved: number }
  | { readonly kind: 'incomplete'; readonly unresolved: number; readonly why: string };

export type ChecksFacts =
  | { readonly kind: 'complete'; readonly checks: readonly CheckFacts[] }
  | { readonly kind: 'incomplete'; readonly checks: readonly CheckFacts[]; readonly why: string };

/** What was reported for a commit under a name. The name alone proves nothing. */
export type CheckFacts = CheckRunFacts | StatusFacts;

export type CheckRunFacts = {
  readonly kind: 'check_run';
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  /** Null: the app is gone or hidden. */
  readonly appId: number | null;
  readonly appSlug: string | null;
  /** `queued, in_progress, completed, waiting, requested, pending`. */
  readonly status: string;
  /** `success, failure, neutral, cancelled, skipped, timed_out, action_required, stale, startup_failure`; null before the end. */
  readonly conclusion: string | null;
  readonly startedAt: string | null;
  readonly run: WorkflowRunFacts | null;
};

/** The workflow run of a check run that claims to be a job of GitHub Actions. */
export type WorkflowRunFacts = {
  readonly id: number;
  readonly event: string;
  /** Such as `.github/workflows/obs-lint.yml`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  /**
   * Whether the run's own list of jobs has this check run. A check run made through the API with a job's token hangs on
   * the same app and suite, but is no job. `unread`: the list was not asked for.
   */
  readonly job: 'is_job' | 'no_job' | 'unread';
};

export type StatusFacts = {
  readonly kind: 'status';
  readonly name: string;
  readonly headSha: string;
  readonly creator: Account | null;
  /** `success, failure, error, pending`. */
  readonly state: string;
  readonly createdAt: string;
};

export type ProtectionFacts =
  | { readonly kind: 'read'; readonly snapshot: ProtectionSnapshot }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What stops all merges. `unreadable` stops them too. */
export type FreezeFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'frozen'; readonly by: string }
  | { readonly kind: 'unreadable'; readonly why: string };

export type CommentFacts = {
  readonly id: number;
  readonly author: Account | null;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};
