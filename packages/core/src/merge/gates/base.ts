import type { ProtectionSnapshot } from '../../protection/index.ts';
import { mergeStates, quoted, relaxLevel } from '../../rulepack/index.ts';
import { gateVerdict, type GateVerdict, type Refusal, type ReviewCause } from '../verdict.ts';
import { refusing, waiting, type GateInput } from './input.ts';
import { fieldOf } from './required-checks.ts';
import { approvals, missingReviews } from './reviews.ts';

const refuse = refusing('base');
const wait = waiting('base');

/** Where it goes and whether it can go there: base branch, conflicts, reviews, threads, freeze. */
export function baseGate(input: GateInput): GateVerdict {
  const { protection } = input.facts;
  const refusals = [
    ...state(input),
    ...branch(input),
    ...mergeability(input),
    ...conversation(input),
    ...reviews(input),
    ...freeze(input),
    ...(protection.kind === 'unreadable' ? [unreadable(protection.why)] : protected1(input, protection.snapshot)),
  ];
  return gateVerdict('base', refusals);
}

function state({ facts: { pull }, request }: GateInput): Refusal[] {
  const refusals: Refusal[] = [];
  if (pull.state === 'merged')
    refusals.push(refuse('pull_merged', { message: 'it is merged already', help: 'There is nothing to do.' }));
  if (pull.state === 'closed')
    refusals.push(refuse('pull_closed', { message: 'it is closed', help: 'Open it again to merge it.' }));
  if (pull.draft) refusals.push(refuse('draft', { message: 'it is a draft', help: 'Mark it as ready for review.' }));
  if (request.headSha !== null && request.headSha !== pull.head.sha) {
    const message = `the request is about ${request.headSha}, but the head is ${pull.head.sha} now`;
    const help = 'Look at the new commits and ask again.';
    refusals.push(refuse('head_moved', { message, subject: pull.head.sha, help }));
  }
  return refusals;
}

function branch({ facts, config, pack }: GateInput): Refusal[] {
  const { base } = facts.pull;
  const refusals: Refusal[] = [];
  if (base.sha === '') {
    const message = `its base branch ${quoted(base.branch)} is gone`;
    refusals.push(refuse('base_not_allowed', { message, subject: base.branch, help: 'Choose another base branch.' }));
  }
  const allowed = [pack?.base_branch ?? config.merge.base_branches].flat();
  // Both lists must have it: a rulepack narrows the configuration and never widens it.
  if (!allowed.includes(base.branch) || !config.merge.base_branches.includes(base.branch)) {
    refusals.push(
      refuse('base_not_allowed', {
        message: `its base branch is ${quoted(base.branch)}; allowed: ${allowed.map(quoted).join(', ')}`,
        subject: base.branch,
        help: 'Change the base branch, or add it to merge.base_branches and the rulepack.',
      }),
    );
  }
  if (facts.repository.archived) {
    const help = 'Nothing can be merged into it.';
    refusals.push(refuse('branch_locked', { message: 'the repository is archived', help }));
  }
  if (!facts.repository.methods.includes(config.merge.method)) {
    const message = `merge.method is ${config.merge.method}, but the repository allows ${facts.repository.methods.join(', ') || 'none'}`;
    refusals.push(refuse('method_not_allowed', { message, help: 'Allow the method, or configure another.' }));
  }
  return refusals;
}

function mergeability({ facts: { pull } }: GateInput): Refusal[] {
  const refusals: Refusal[] = [];
  if (pull.mergeable === 'conflicting')
    refusals.push(
      refuse('merge_conflict', {
        message: 'it conflicts with its base branch',
        help: 'Merge or rebase, then ask again.',
      }),
    );
  if (pull.mergeable === 'unknown')
    refusals.push(
      wait('mergeable_unknown', {
        message: 'GitHub has not worked out yet whether it conflicts',
        help: 'It is read again.',
      }),
    );
  if (pull.queued) {
    const help = 'Take it out of the queue, or switch auto-merge off.';
    refusals.push(refuse('merge_queue', { message: 'it waits in a merge queue or for native auto-merge', help }));
  }
  return refusals;
}

function conversation({ facts: { threads } }: GateInput): Refusal[] {
  const refusals: Refusal[] = [];
  if (threads.unresolved > 0) {
    const message = `${threads.unresolved} review threads are not resolved`;
    refusals.push(refuse('threads_unresolved', { message, help: 'Answer and resolve them.' }));
  }
  if (threads.kind === 'incomplete') {
    const message = `the review threads could not be read whole: ${threads.why}`;
    refusals.push(refuse('threads_unresolved', { message, help: 'Run it again, or let a person merge it.' }));
  }
  return refusals;
}

function reviews({ facts, pack }: GateInput): Refusal[] {
  const refusals: Refusal[] = [];
  const against = facts.reviews.filter(({ state: said }) => said === 'changes_requested');
  if (against.length > 0 || facts.pull.reviewDecision === 'changes_requested') {
    const who = against.map(({ author }) => quoted(author?.login ?? '?')).join(', ');
    const message = `changes are requested${who === '' ? '' : ` by ${who}`}`;
    refusals.push(refuse('changes_requested', { message, help: 'Make them, and let the reviewer look again.' }));
  }
  const atHead = approvals(facts).filter(({ commit }) => commit === facts.pull.head.sha).length;
  const wanted = pack?.require_reviews ?? 0;
  if (atHead < wanted) {
    const message = `${atHead} approvals of the head commit < require_reviews ${wanted} of scenario ${pack?.scenario ?? '?'}`;
    refusals.push(refuse('reviews_missing', { message, help: 'Ask somebody with write access for a review.' }));
  }
  return refusals;
}

function freeze({ facts }: GateInput): Refusal[] {
  if (facts.freeze.kind === 'none') return [];
  const message =
    facts.freeze.kind === 'frozen'
      ? `all merges are frozen by ${facts.freeze.by}`
      : `nobody can say whether merges are frozen: ${facts.freeze.why}`;
  return [refuse('frozen', { message, help: 'Wait until the freeze is lifted.' })];
}

function unreadable(why: string): Refusal {
  const help = 'Give the token or App administration: read (write to relax), or ask an administrator.';
  return refuse('protection_unreadable', {
    message: `the protection of the base branch could not be read: ${why}`,
    help,
  });
}

function protected1(input: GateInput, snapshot: ProtectionSnapshot): Refusal[] {
  return [...behind(input, snapshot), ...relaxable(input, missingReviews(input.facts, snapshot))];
}

/** Protection that asks for an up-to-date branch. */
function behind({ facts }: GateInput, { classic, rules }: ProtectionSnapshot): Refusal[] {
  const strict =
    classic?.statusChecks?.strict === true ||
    rules.some(
      ({ type, parameters }) =>
        type === 'required_status_checks' && fieldOf(parameters, 'strict_required_status_checks_policy') === true,
    );
  const { behindBy } = facts.pull.head;
  if (!strict || behindBy === 0) return [];
  const message =
    behindBy === null
      ? 'the protection asks for an up-to-date branch, and nobody can say whether it is'
      : `it lacks ${behindBy} commits of its base branch, and the protection asks for an up-to-date branch`;
  return [refuse('branch_behind', { message, help: 'Update the branch, wait for its checks, then ask again.' })];
}

/** Whether the scenario may merge in the state that the pull request is in. */
function relaxable({ pack }: GateInput, causes: readonly ReviewCause[]): Refusal[] {
  if (pack === null) return [];
  const wanted = causes.length === 0 ? 'clean' : 'blocked';
  const why = causes.map(({ message }) => message).join('; ');
  if (!mergeStates(pack).includes(wanted)) {
    const message =
      wanted === 'clean'
        ? `scenario ${pack.scenario} does not merge in the state clean`
        : `the approval is missing (${why}), and scenario ${pack.scenario} does not merge in the state blocked`;
    return [refuse('not_relaxable', { message, help: `Let a person ${wanted === 'clean' ? 'merge' : 'approve'} it.` })];
  }
  if (wanted === 'clean' || relaxLevel(pack) !== 'none') return [];
  const message = `the approval is missing (${why}), and protection is never relaxed for scenario ${pack.scenario}`;
  return [refuse('not_relaxable', { message, subject: pack.scenario, help: 'Let a person approve it.' })];
}
