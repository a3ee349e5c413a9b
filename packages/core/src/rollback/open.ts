import type { Reason } from '../kernel/index.ts';
import type { CommitShape } from '../merge/index.ts';
import type { RollbackFacts } from './facts.ts';
import { REVERT_LABEL } from './names.ts';
import type { RollbackPlan } from './plan.ts';
import type { RollbackPorts } from './port.ts';
import type { RollbackRequest } from './request.ts';
import { commitMessage, pullBody, revertTitle } from './texts.ts';

export type RevertPlan = Extract<RollbackPlan, { kind: 'revert' }>;

export type Work = {
  readonly facts: RollbackFacts;
  readonly plan: RevertPlan;
  readonly request: RollbackRequest;
  readonly ports: RollbackPorts;
};

export type Stopped = { readonly kind: 'stop'; readonly outcome: 'fail' | 'hold'; readonly reasons: readonly Reason[] };

/** The commit that takes the merge back, of no branch yet. */
export type Made = { readonly kind: 'made'; readonly commit: CommitShape } | { readonly kind: 'unavailable' } | Stopped;

/** The revert's pull request. `head` is null when GitHub made it and nobody has read it. */
export type Opened = { readonly kind: 'open'; readonly pull: number; readonly head: CommitShape | null } | Stopped;

/** Opens the pull request of the revert, or finds it where an earlier run or another one got that far. */
export async function openRevert(work: Work): Promise<Opened> {
  return work.plan.resume === null ? openNew(work) : resumed(work.plan.resume);
}

/** Labels the revert; why it could not, when it could not: its branch still tells what it is. */
export async function labelRevert({ plan, facts, ports }: Work, pull: number): Promise<readonly Reason[]> {
  return ports.write.addLabels(pull, labelsFor(plan, facts));
}

function resumed({ number, head }: NonNullable<RevertPlan['resume']>): Opened {
  return { kind: 'open', pull: number, head };
}

/** A revert without proof asks to be merged as any pull request does; one that a person must confirm does not. */
function labelsFor({ land, reasons }: RevertPlan, { config }: RollbackFacts): string[] {
  const byChecks = land === 'ask' && reasons.every(({ code }) => code === 'revert_unproven');
  return byChecks ? [REVERT_LABEL, ...config.merge.labels] : [REVERT_LABEL];
}

async function openNew(work: Work): Promise<Opened> {
  if (work.plan.way === 'github') return byGitHub(work);
  const standing = standingRevert(work);
  const made = standing === null ? await makeRevert(work) : ({ kind: 'made', commit: standing } as const);
  if (made.kind === 'stop') return made;
  if (made.kind === 'unavailable') return byGitHub(work);
  const branch = await ensureBranch(work, made.commit);
  if (branch.kind === 'stop') return branch;
  return ensurePull(work, branch.commit);
}

/** An earlier run's branch, if it holds exactly the tree from before the merge on the merge. */
export function standingRevert({ facts }: Work): CommitShape | null {
  const { branch, before, pull } = facts;
  if (branch === null || before.kind === 'unknown') return null;
  const onMerge = branch.parents.length === 1 && branch.parents[0] === pull.merge?.sha;
  return onMerge && branch.tree === before.tree ? branch : null;
}

/** Writes the commit of the revert: from the tree before the merge, or computed three-way on later heads. */
export async function makeRevert(work: Work): Promise<Made> {
  const { facts, ports } = work;
  const { base, before } = facts;
  if (base === null || before.kind === 'unknown') return { kind: 'unavailable' };
  const tree = work.plan.way === 'tree' ? ({ kind: 'tree', tree: before.tree } as const) : await threeWayTree(work);
  if (tree.kind !== 'tree') return tree;
  const written = await ports.write.commit({ tree: tree.tree, parent: base.sha, message: commitMessage(facts) });
  if (written.kind === 'written') return { kind: 'made', commit: written.value };
  return { kind: 'stop', outcome: 'hold', reasons: written.kind === 'exists' ? [] : written.reasons };
}

async function threeWayTree({
  facts,
  ports,
}: Work): Promise<{ readonly kind: 'tree'; readonly tree: string } | { readonly kind: 'unavailable' } | Stopped> {
  const { base, before, pull } = facts;
  if (ports.threeWay === null || base === null || before.kind === 'unknown' || pull.merge === null)
    return { kind: 'unavailable' };
  const result = await ports.threeWay.revert({ before: before.sha, merge: pull.merge.sha, base: base.sha });
  switch (result.kind) {
    case 'unavailable':
      return { kind: 'unavailable' };
    case 'empty': {
      const message = 'nothing of the merge is left on the base branch';
      return { kind: 'stop', outcome: 'hold', reasons: [{ code: 'already_reverted', message }] };
    }
    case 'conflict': {
      const message = `later commits changed the same lines; by hand: ${result.files.map((file) => JSON.stringify(file)).join(', ')}`;
      return {
        kind: 'stop',
        outcome: 'fail',
        reasons: [{ code: 'revert_conflict', message, subject: pull.baseBranch }],
      };
    }
    case 'clean': {
      const written = await ports.write.tree(base.tree, result.edits);
      if (written.kind !== 'written')
        return { kind: 'stop', outcome: 'hold', reasons: written.kind === 'exists' ? [] : written.reasons };
      if (written.value === result.tree) return { kind: 'tree', tree: result.tree };
      const message = `GitHub made the tree ${written.value} of what was computed as ${result.tree}`;
      return { kind: 'stop', outcome: 'fail', reasons: [{ code: 'unexpected_answer', message }] };
    }
  }
}

type Branched = { readonly kind: 'branch'; readonly commit: CommitShape } | Stopped;

/** Creating the branch is the claim. Whoever comes second goes on with what the first made, if it is the same. */
async function ensureBranch({ facts, plan, ports }: Work, commit: CommitShape): Promise<Branched> {
  if (facts.branch !== null) return sameRevert(plan.branch, facts.branch, commit);
  const created = await ports.write.createBranch(plan.branch, commit.sha);
  if (created.kind === 'written') return { kind: 'branch', commit };
  const read = await ports.write.branch(plan.branch);
  if (read.kind === 'refused') return { kind: 'stop', outcome: 'hold', reasons: read.reasons };
  if (read.commit === null)
    return { kind: 'stop', outcome: 'hold', reasons: created.kind === 'exists' ? [] : created.reasons };
  return sameRevert(plan.branch, read.commit, commit);
}

/** Two runs make two commits that differ by their time alone. */
function sameRevert(name: string, found: CommitShape, wanted: CommitShape): Branched {
  const same = found.tree === wanted.tree && found.parents.join(' ') === wanted.parents.join(' ');
  if (same) return { kind: 'branch', commit: found };
  const message = `the branch ${JSON.stringify(name)} is there already, and holds something else (${found.sha})`;
  return { kind: 'stop', outcome: 'hold', reasons: [{ code: 'revert_open', message }] };
}

async function ensurePull({ facts, plan, request, ports }: Work, head: CommitShape): Promise<Opened> {
  const texts = { title: revertTitle(facts), body: pullBody(facts, request, plan.reasons) };
  const opened = await ports.write.openPull({ ...texts, branch: plan.branch, base: facts.pull.baseBranch });
  if (opened.kind === 'written') return { kind: 'open', pull: opened.value, head };
  const found = await ports.write.findPull(plan.branch);
  if (found.kind === 'refused') return { kind: 'stop', outcome: 'hold', reasons: found.reasons };
  if (found.open !== null) return { kind: 'open', pull: found.open.number, head: found.open.head };
  return { kind: 'stop', outcome: 'hold', reasons: opened.kind === 'exists' ? [] : opened.reasons };
}

async function byGitHub({ facts, plan, request, ports }: Work): Promise<Opened> {
  const texts = { title: revertTitle(facts), body: pullBody(facts, request, plan.reasons) };
  const made = await ports.write.revertPull(facts.pull.nodeId, texts);
  if (made.kind === 'written') return { kind: 'open', pull: made.value, head: null };
  // What an unanswered call came to is found by the next run, by the name of the branch.
  const reasons = made.kind === 'exists' ? [] : made.reasons;
  const conflict = made.kind === 'refused' && reasons.some(({ code }) => code === 'request_refused');
  const extra: Reason[] = conflict
    ? [
        {
          code: 'revert_conflict',
          message: 'GitHub cannot revert it by itself: conflicts, or not merged through GitHub',
        },
      ]
    : [];
  return { kind: 'stop', outcome: conflict ? 'fail' : 'hold', reasons: [...extra, ...reasons] };
}
