import type { Reason } from '../kernel/index.ts';
import type { LedgerPort } from '../ledger/index.ts';
import type { Clock, CommitShape, MergeFacts, MergePorts } from '../merge/index.ts';
import type { RollbackFacts } from './facts.ts';
import type { RollbackRequest } from './request.ts';

type Refused = { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

export type ReadRollbackFacts = { readonly kind: 'ok'; readonly facts: RollbackFacts } | Refused;

/** Which commit a branch points at. */
export type ReadBranch = { readonly kind: 'ok'; readonly commit: CommitShape | null } | Refused;

export type OpenRevert = { readonly number: number; readonly head: CommitShape };

export type FindRevert = { readonly kind: 'ok'; readonly open: OpenRevert | null } | Refused;

/** What is known of a write without reading. `unconfirmed`: it may have been made. */
export type Written<T> =
  | { readonly kind: 'written'; readonly value: T }
  | { readonly kind: 'exists' }
  | { readonly kind: 'unconfirmed'; readonly reasons: readonly Reason[] }
  | Refused;

/** A changed file of a tree: a blob that is there already, or new content. Null: deleted. */
export type TreeEdit = {
  readonly path: string;
  readonly mode: string;
  readonly blob: { readonly sha: string } | { readonly content: Uint8Array } | null;
};

export type RevertRequest = { readonly title: string; readonly body: string };

/** Writes of a rollback, each sent once. Whoever calls reads what became of one that nobody confirmed. */
export type RevertWriter = {
  /** A commit object, of no branch yet. */
  commit(spec: {
    readonly tree: string;
    readonly parent: string;
    readonly message: string;
  }): Promise<Written<CommitShape>>;
  /** A tree made from another by edits; its SHA. */
  tree(base: string, edits: readonly TreeEdit[]): Promise<Written<string>>;
  /** Creates a branch; `exists` when there is one of that name. */
  createBranch(name: string, sha: string): Promise<Written<null>>;
  branch(name: string): Promise<ReadBranch>;
  /** Moves a branch forward; refused when that is no fast-forward or the branch is protected. */
  advance(branch: string, sha: string): Promise<Written<null>>;
  openPull(spec: RevertRequest & { readonly branch: string; readonly base: string }): Promise<Written<number>>;
  /** The open pull request of a branch. */
  findPull(branch: string): Promise<FindRevert>;
  /** GitHub's own revert: branch, commit and pull request in one call. */
  revertPull(nodeId: string, spec: RevertRequest): Promise<Written<number>>;
  addLabels(pull: number, labels: readonly string[]): Promise<readonly Reason[]>;
  deleteBranch(name: string): Promise<readonly Reason[]>;
  /** One comment of each name, updated in place. */
  comment(on: number, name: string, body: string): Promise<readonly Reason[]>;
  /** One open issue of each name, updated in place; its number. */
  incident(issue: { readonly name: string; readonly title: string; readonly body: string }): Promise<Written<number>>;
};

/** A three-way revert, computed away from GitHub. */
export type ThreeWay =
  | { readonly kind: 'clean'; readonly tree: string; readonly edits: readonly TreeEdit[] }
  /** Nothing is left to revert. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'conflict'; readonly files: readonly string[] }
  | { readonly kind: 'unavailable'; readonly reasons: readonly Reason[] };

export type ThreeWayPort = {
  revert(commits: { readonly before: string; readonly merge: string; readonly base: string }): Promise<ThreeWay>;
};

/** Whether the service is well again. Only data can say `recovered`. */
export type Recovery =
  | { readonly kind: 'recovered'; readonly at: string; readonly message: string }
  | { readonly kind: 'not_recovered'; readonly message: string }
  | { readonly kind: 'unconfirmed'; readonly message: string };

/** The judge of the SLOs, asked once the revert is on the base branch. */
export type RecoveryPort = {
  judge(
    revert: {
      readonly pull: number;
      readonly mergeSha: string;
      readonly revertSha: string;
      readonly revertedAt: string;
    },
    stop: AbortSignal,
  ): Promise<Recovery>;
};

export type RollbackPorts = {
  readonly facts: {
    read(request: RollbackRequest): Promise<ReadRollbackFacts>;
    /** What the merge of the revert is decided by: reviews, threads, freeze, protection. */
    readMerge(pull: number, headSha: string): Promise<{ readonly kind: 'ok'; readonly facts: MergeFacts } | Refused>;
    /** A commit as it is. */
    commit(sha: string): Promise<{ readonly kind: 'ok'; readonly commit: CommitShape } | Refused>;
  };
  readonly write: RevertWriter;
  readonly merge: MergePorts;
  readonly ledger: LedgerPort;
  readonly clock: Clock;
  /** Null: there is no git to compute with, and GitHub's own revert is used. */
  readonly threeWay: ThreeWayPort | null;
  /** Null: nobody judges, and the recovery stays unconfirmed. */
  readonly recovery: RecoveryPort | null;
};
