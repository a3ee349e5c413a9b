import type { Caller } from '../permissions.ts';
import type { PullState } from '../state/pull.ts';
import type { ClassicRule } from '../state/classic-rule.ts';
import type { Rule, Ruleset } from '../state/ruleset.ts';
import type { Repo, World } from '../state.ts';
import { bypassMode, inSet, isFreeAdmin } from './actors.ts';
import { activeRulesets, classicRuleFor, fnmatch } from './match.ts';
import { allowedMethods, requiredChecks, requiredReviewers, reviewDemand } from './parameters.ts';
import { checksViolation } from './required-checks.ts';
import { opinions, reviewViolations } from './reviews.ts';
import type { Verdict, Violation } from './verdict.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Everything rules may ask about a merge, read before they are evaluated. */
export type MergeFacts = {
  readonly world: World;
  readonly repo: Repo;
  readonly pull: PullState;
  readonly caller: Caller;
  readonly method: MergeMethod;
  readonly changedPaths: readonly string[];
  readonly headContainsBase: boolean;
  readonly headCommits: readonly string[];
};

// The two texts GitHub gives without "Repository rule violations found" around them, with their own status.
export const OUT_OF_DATE = 'Head branch is out of date. Review and try the merge again.';
export const METHOD_REFUSAL: Record<MergeMethod, string> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};
const UNSIGNED = 'Commits must have verified signatures.';

function violation(ruleType: string, message: string | null): Violation[] {
  return message === null ? [] : [{ ruleType, message }];
}

/** Squash and merge commits are signed by GitHub; rebased commits are not, and a merge keeps the head's own commits. */
function signatureViolation({ repo, method, headCommits }: MergeFacts): string | null {
  if (method === 'squash') return null;
  const unsigned = headCommits.some((sha) => !repo.verifiedCommits.has(sha));
  return method === 'rebase' || unsigned ? UNSIGNED : null;
}

function linearViolation({ method }: MergeFacts): string | null {
  return method === 'merge' ? 'This branch must not contain merge commits.' : null;
}

function classicViolations(facts: MergeFacts, rule: ClassicRule): Violation[] {
  const { world, repo, pull, caller } = facts;
  const found: Violation[] = [];
  if (rule.lockBranch) found.push(...violation('lock_branch', 'Cannot change this locked branch'));
  if (rule.restrictions && !inSet(world, repo, rule.restrictions, caller)) {
    found.push(
      ...violation(
        'restrictions',
        "You're not authorized to push to this branch. Visit https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches for more information.",
      ),
    );
  }
  if (rule.reviews && !inSet(world, repo, rule.reviews.bypass, caller)) {
    const { count, codeOwner, lastPush } = rule.reviews;
    const demand = { count, codeOwner, lastPush, threads: false };
    const messages = reviewViolations(world, repo, pull, demand, facts.changedPaths);
    found.push(...messages.flatMap((message) => violation('pull_request', message)));
  }
  if (rule.conversationResolution) {
    const demand = { count: 0, codeOwner: false, lastPush: false, threads: true };
    found.push(...reviewViolations(world, repo, pull, demand, []).flatMap((each) => violation('conversation', each)));
  }
  if (rule.statusChecks) {
    found.push(...violation('required_status_checks', checksViolation(repo, pull.headSha, rule.statusChecks.checks)));
    if (rule.statusChecks.strict && !facts.headContainsBase) found.push(...violation('strict', OUT_OF_DATE));
  }
  if (rule.signatures) found.push(...violation('required_signatures', signatureViolation(facts)));
  if (rule.linearHistory) found.push(...violation('required_linear_history', linearViolation(facts)));
  for (const environment of rule.deployments ?? []) {
    found.push(...violation('required_deployments', `Missing successful active ${environment} deployment.`));
  }
  return found;
}

function reviewerViolations({ world, repo, pull, changedPaths }: MergeFacts, rule: Rule): string[] {
  const approvals = opinions(world, repo, pull).filter(({ state }) => state === 'APPROVED');
  return requiredReviewers(rule)
    .filter(({ patterns }) => changedPaths.some((path) => patterns.some((pattern) => fnmatch(pattern, path))))
    .flatMap(({ teamId, count }) => {
      const team = [...world.teams.values()].find(({ id }) => id === teamId);
      const given = approvals.filter(({ user }) => team?.members.has(user)).length;
      return given >= count
        ? []
        : [`At least ${count} approving review is required from ${repo.owner}/${team?.slug ?? teamId}.`];
    });
}

function ruleViolations(facts: MergeFacts, rule: Rule): Violation[] {
  const { world, repo, pull } = facts;
  switch (rule.type) {
    case 'pull_request': {
      const methods = allowedMethods(rule);
      const messages = reviewViolations(world, repo, pull, reviewDemand(rule), facts.changedPaths);
      messages.push(...reviewerViolations(facts, rule));
      if (methods && !methods.includes(facts.method)) messages.unshift(METHOD_REFUSAL[facts.method]);
      return messages.flatMap((message) => violation(rule.type, message));
    }
    case 'required_status_checks': {
      const { strict, checks } = requiredChecks(rule);
      const late = strict && !facts.headContainsBase ? violation(rule.type, OUT_OF_DATE) : [];
      return [...violation(rule.type, checksViolation(repo, pull.headSha, checks)), ...late];
    }
    case 'required_signatures':
      return violation(rule.type, signatureViolation(facts));
    case 'required_linear_history':
      return violation(rule.type, linearViolation(facts));
    case 'merge_queue':
      return violation(rule.type, 'Changes must be made through the merge queue');
    case 'update':
      return violation(rule.type, 'Cannot update this protected ref.');
    case 'code_scanning':
      return violation(rule.type, 'Waiting for Code Scanning results.');
    case 'workflows':
      return violation(rule.type, 'Required workflows have not succeeded.');
    case 'required_deployments': {
      const environments = rule.parameters?.['required_deployment_environments'];
      const names = Array.isArray(environments) ? environments.map(String) : [];
      return names.flatMap((name) => violation(rule.type, `Missing successful active ${name} deployment.`));
    }
    default:
      return [];
  }
}

/**
 * What every rule on the base branch says to this merge.
 * The synchronous merge uses the caller's bypass of a ruleset without being asked to, for all of its rules at once.
 */
export function judgeMerge(facts: MergeFacts): Verdict[] {
  const { world, repo, pull, caller } = facts;
  const verdicts: Verdict[] = [];
  const rule = classicRuleFor(repo, pull.baseRef);
  if (rule) {
    const bypassed = isFreeAdmin(world, repo, caller, rule.enforceAdmins);
    verdicts.push({ source: 'classic', rule, violations: classicViolations(facts, rule), bypassed });
  }
  for (const ruleset of activeRulesets(world, repo, `refs/heads/${pull.baseRef}`)) {
    const violations = ruleset.rules.flatMap((each) => ruleViolations(facts, each));
    verdicts.push({ source: 'ruleset', ruleset, violations, bypassed: canBypass(facts, ruleset) });
  }
  return verdicts;
}

function canBypass({ world, repo, caller }: MergeFacts, ruleset: Ruleset): boolean {
  return bypassMode(world, repo, ruleset, caller) !== null;
}
