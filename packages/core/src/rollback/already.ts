import type { Reason } from '../kernel/index.ts';
import type { RollbackFacts } from './facts.ts';
import { commitTrailer, isRevertBranch, REVERT_LABEL } from './names.ts';
import type { RollbackRequest } from './request.ts';

/** How it is known that the merge was taken back already. */
export type Already = {
  readonly by: 'ledger' | 'pull' | 'commit' | 'tree';
  readonly reason: Reason;
  /** Whether it was us, by what our pull requests and commits carry. */
  readonly ours: boolean;
  readonly pull: number | null;
  readonly sha: string | null;
};

/** Commits say which commit they take back: https://git-scm.com/docs/git-revert */
const REVERTS = /^This reverts commit ([0-9a-f]{7,64})\b/gim;

/** The commits that a message says it takes back. */
export function revertedBy(message: string): string[] {
  return [...message.matchAll(REVERTS)].flatMap(([, sha]) => (sha === undefined ? [] : [sha]));
}

/** Whether the merge was taken back: by our pull request, by the ledger, by a later commit, or by the tree as it is. */
export function alreadyReverted(facts: RollbackFacts, request: RollbackRequest): Already | null {
  return byLedger(facts, request) ?? byPull(facts) ?? byCommit(facts) ?? byTree(facts);
}

function byLedger({ ledger }: RollbackFacts, { pull, mergeSha }: RollbackRequest): Already | null {
  if (ledger.kind === 'unreadable') return null;
  const entry = ledger.entries.find(
    ({ stage, result, ctx }) => stage === 'rollback' && result === 'done' && ctx.pr === pull && ctx.sha === mergeSha,
  );
  if (entry === undefined) return null;
  const { revert_pr: number, revert_sha: sha } = entry.ctx;
  const text = typeof sha === 'string' ? sha : null;
  return {
    by: 'ledger',
    reason: because(`the ledger says so (${entry.id}, ${entry.ts})`),
    ours: true,
    pull: typeof number === 'number' ? number : null,
    sha: text,
  };
}

function byCommit({ since, before, pull }: RollbackFacts): Already | null {
  if (since.kind !== 'complete') return null;
  const ours = [...(before.kind === 'known' ? before.shas : []), pull.merge?.sha ?? ''].filter((sha) => sha !== '');
  const revert = since.commits.find(({ message }) =>
    revertedBy(message).some((named) => ours.some((sha) => sha.startsWith(named.toLowerCase()))),
  );
  if (revert === undefined) return null;
  const trailer = commitTrailer(pull.number, pull.merge?.sha ?? '');
  return {
    by: 'commit',
    reason: because(`commit ${revert.sha} on the base branch says that it reverts it`),
    ours: revert.message.includes(trailer),
    pull: null,
    sha: revert.sha,
  };
}

function byPull({ reverts }: RollbackFacts): Already | null {
  const all = reverts.filter(({ state }) => state === 'merged');
  const merged = all.find(({ ours }) => ours) ?? all[0];
  if (merged === undefined) return null;
  const { number, ours, landed } = merged;
  return {
    by: 'pull',
    reason: because(`pull request #${number} took it back`),
    ours,
    pull: number,
    sha: landed?.sha ?? null,
  };
}

function byTree({ base, before, pull }: RollbackFacts): Already | null {
  if (base === null || before.kind === 'unknown' || base.sha === pull.merge?.sha) return null;
  if (base.tree !== before.tree) return null;
  const reason = because('the base branch has the tree from before the merge');
  return { by: 'tree', reason, ours: false, pull: null, sha: base.sha };
}

function because(message: string): Reason {
  return { code: 'already_reverted', message: `it is taken back already: ${message}` };
}

/** Why the merge is itself a revert; undefined: it is none. */
export function revertOf({ pull, ledger }: RollbackFacts): Reason | undefined {
  const is = (why: string): Reason => ({
    code: 'revert_of_revert',
    message: `#${pull.number} is itself a revert (${why}), and reverts are not reverted`,
    subject: pull.merge?.sha ?? '',
  });
  if (isRevertBranch(pull.headBranch) || /^revert-\d+-/.test(pull.headBranch)) return is('by the name of its branch');
  if (pull.labels.includes(REVERT_LABEL)) return is(`by the label ${REVERT_LABEL}`);
  if (/^(Revert|Reapply)\b/i.test(pull.title)) return is('by its title');
  if (revertedBy(pull.merge?.message ?? '').length > 0) return is('by the message of its commit');
  const listed =
    ledger.kind === 'read' &&
    ledger.entries.some(({ stage, ctx }) => stage === 'rollback' && ctx['revert_pr'] === pull.number);
  return listed ? is('by the ledger') : undefined;
}
