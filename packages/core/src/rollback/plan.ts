import type { Reason } from '../kernel/index.ts';
import { builtInProblems, matchRulepacks, type Rulepack } from '../rulepack/index.ts';
import { alreadyReverted, revertOf, type Already } from './already.ts';
import type { RevertPull, RollbackFacts } from './facts.ts';
import { cooldownReasons, limitReasons } from './limits.ts';
import { revertBranch } from './names.ts';
import { proveRevert } from './prove.ts';
import { revertPack } from './revert-pack.ts';
import type { RollbackRequest } from './request.ts';

/**
 * How a revert is made.
 *
 * - `tree`: a commit on the merge with the tree from before it: free of conflicts by construction, and proven;
 * - `three-way`: later commits stay; computed in a temporary clone;
 * - `github`: by GitHub's own mutation, where nobody can say where the merge began.
 */
export type RevertWay = 'tree' | 'three-way' | 'github';

export type RollbackPlan =
  /** Taken back already. `finish`: by us, though the ledger does not say so yet. */
  | { readonly kind: 'done'; readonly already: Already; readonly finish: boolean; readonly reasons: readonly Reason[] }
  | { readonly kind: 'refuse'; readonly outcome: 'fail' | 'hold'; readonly reasons: readonly Reason[] }
  | {
      readonly kind: 'revert';
      readonly way: RevertWay;
      readonly branch: string;
      /** Our pull request that is open already. */
      readonly resume: RevertPull | null;
      /** `commit`: straight to the base branch; `ask`: a pull request that we do not merge. */
      readonly land: 'merge' | 'commit' | 'ask';
      /** Why it is not merged by us. */
      readonly reasons: readonly Reason[];
      readonly pack: Rulepack | null;
    };

/** Decides about one rollback. Pure: the same facts give the same plan. */
export function planRollback(facts: RollbackFacts, request: RollbackRequest): RollbackPlan {
  const identity = identityReasons(facts, request);
  if (identity.length > 0) return refuse('fail', identity);
  const already = alreadyReverted(facts, request);
  if (already !== null) {
    // Our own revert landed, and whoever made it did not come to write it down.
    const finish = already.ours && already.by !== 'ledger';
    return { kind: 'done', already, finish, reasons: [already.reason] };
  }
  const isRevert = revertOf(facts);
  const against = [...(isRevert === undefined ? [] : [isRevert]), ...standingReasons(facts)];
  if (against.length > 0) return refuse('fail', against);
  const held = [...limitReasons(facts, request), ...foreignReasons(facts)];
  if (held.length > 0) return refuse('hold', held);
  return revertPlan(facts, request);
}

function refuse(outcome: 'fail' | 'hold', reasons: readonly Reason[]): RollbackPlan {
  return { kind: 'refuse', outcome, reasons };
}

function identityReasons({ pull }: RollbackFacts, { mergeSha }: RollbackRequest): Reason[] {
  if (pull.state !== 'merged' || pull.merge === null)
    return [{ code: 'not_merged', message: `#${pull.number} is ${pull.state}, not merged` }];
  if (pull.merge.sha === mergeSha) return [];
  const message = `#${pull.number} was merged as ${pull.merge.sha}; asked for is ${mergeSha}`;
  return [{ code: 'not_merged', message, subject: mergeSha }];
}

function standingReasons({ base, since, pull, reverts }: RollbackFacts): Reason[] {
  const reasons: Reason[] = [];
  if (base === null)
    reasons.push({ code: 'base_not_allowed', message: `the base branch is gone`, subject: pull.baseBranch });
  if (since.kind === 'not_on_base' && base !== null) {
    const message = `the merge ${pull.merge?.sha ?? ''} is no longer on the base branch, whose history was rewritten`;
    reasons.push({ code: 'not_merged', message, subject: pull.baseBranch });
  }
  const declined = reverts.find(({ state, ours }) => state === 'closed' && ours);
  const open = reverts.some(({ state }) => state === 'open');
  if (declined !== undefined && !open)
    reasons.push({ code: 'revert_declined', message: `#${declined.number} was closed without being merged` });
  return reasons;
}

function foreignReasons({ reverts }: RollbackFacts): Reason[] {
  return reverts
    .filter(({ state, ours }) => state === 'open' && !ours)
    .map(({ number, branch }) => ({
      code: 'revert_open',
      message: `#${number} (branch ${JSON.stringify(branch)}) takes the merge back already, and is not ours`,
    }));
}

function revertPlan(facts: RollbackFacts, request: RollbackRequest): RollbackPlan {
  const { pull, config } = facts;
  const resume = facts.reverts.find(({ state, ours }) => state === 'open' && ours) ?? null;
  const unproven = unprovenReasons(facts, resume);
  const asks = [...unproven, ...askReasons(facts, request)];
  const land = asks.length > 0 ? 'ask' : config.rollback.mode === 'commit' && resume === null ? 'commit' : 'merge';
  return {
    kind: 'revert',
    way: wayOf(facts),
    branch: revertBranch(pull.number, request.mergeSha),
    resume,
    land,
    reasons: asks,
    pack: revertPack(facts.rulepacks),
  };
}

function wayOf({ before, base, pull }: RollbackFacts): RevertWay {
  if (before.kind === 'unknown') return 'github';
  return base?.sha === pull.merge?.sha ? 'tree' : 'three-way';
}

/** What is there already is proven by its own trees, and by nothing that its branch or texts say. */
function unprovenReasons(facts: RollbackFacts, resume: RevertPull | null): Reason[] {
  const { before, base, pull } = facts;
  if (before.kind === 'unknown')
    return [{ code: 'revert_unproven', message: `where the merge began is not known: ${before.why}` }];
  if (base?.sha !== pull.merge?.sha)
    return [
      { code: 'revert_unproven', message: 'there are later commits on the base branch, so no earlier tree comes back' },
    ];
  const standing = resume?.head ?? facts.branch;
  if (standing === null) return [];
  const proved = proveRevert(facts, standing);
  return proved.kind === 'proved' ? [] : [proved.reason];
}

function askReasons(facts: RollbackFacts, request: RollbackRequest): Reason[] {
  const { rollback } = facts.config;
  const reasons: Reason[] = [];
  if (rollback.require_manual_confirm)
    reasons.push({ code: 'confirm_required', message: 'rollback.require_manual_confirm is true' });
  if (!rollback.auto_merge) reasons.push({ code: 'confirm_required', message: 'rollback.auto_merge is false' });
  return [...reasons, ...cooldownReasons(facts, request), ...policyReasons(facts)];
}

/** Paths that no merge without a person may touch are not touched by reverting either. */
function policyReasons({ files, rulepacks, config }: RollbackFacts): Reason[] {
  const wrong = rulepacks.problems.map(({ file, line, column, message }): Reason => ({
    code: 'rulepack_invalid',
    message: `${file}:${line}:${column}: ${message}`,
    subject: file,
  }));
  if (files.kind === 'incomplete') return [...wrong, { code: 'files_incomplete', message: files.why }];
  const pack = revertPack(rulepacks);
  const problems =
    pack === null
      ? builtInProblems(files.files, config.merge.rulepacks)
      : packProblems(files.files, pack, config.merge.rulepacks);
  return [
    ...wrong,
    ...problems.map(({ code, message, subject }): Reason =>
      subject === undefined ? { code, message } : { code, message, subject },
    ),
  ];
}

function packProblems(
  files: Parameters<typeof matchRulepacks>[0],
  pack: Rulepack,
  folder: string,
): ReturnType<typeof builtInProblems> {
  // Under a name of its own: the name `revert` is reserved, and never matched by files.
  const { denials, problems } = matchRulepacks(files, [{ ...pack, scenario: `${pack.scenario}-files` }], folder);
  return [...denials, ...problems];
}
