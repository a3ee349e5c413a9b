import type { Caller } from '../permissions.ts';
import { readCommit } from '../git/commits.ts';
import { commitsBetween, isAncestor } from '../git/history.ts';
import type { ClassicRule } from '../state/classic-rule.ts';
import type { Rule } from '../state/ruleset.ts';
import type { Repo, World } from '../state.ts';
import { bypassMode, inSet, isFreeAdmin } from './actors.ts';
import { activeRulesets, classicRuleFor } from './match.ts';
import { requiredChecks } from './parameters.ts';
import { checksViolation } from './required-checks.ts';
import type { Verdict, Violation } from './verdict.ts';

/** A direct change of a ref; `null` before: creation, `null` after: deletion. */
export type RefChange = { readonly ref: string; readonly before: string | null; readonly after: string | null };

type PushFacts = RefChange & {
  readonly world: World;
  readonly repo: Repo;
  readonly caller: Caller;
  readonly forced: boolean;
  readonly newCommits: readonly string[];
};

const MESSAGES = {
  pullRequest: 'Changes must be made through a pull request.',
  force: 'Cannot force-push to this branch',
  delete: 'Cannot delete this branch',
  locked: 'Cannot change this locked branch',
  create: 'Cannot create ref due to creations being restricted.',
  update: 'Cannot update this protected ref.',
  signatures: 'Commits must have verified signatures.',
  linear: 'This branch must not contain merge commits.',
  queue: 'Changes must be made through the merge queue',
  unauthorized:
    "You're not authorized to push to this branch. Visit https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches for more information.",
} as const;

function unsigned({ repo, newCommits }: PushFacts): boolean {
  return newCommits.some((sha) => !repo.verifiedCommits.has(sha));
}

function hasMerge({ repo, newCommits }: PushFacts): boolean {
  return newCommits.some((sha) => (readCommit(repo.gitDir, sha)?.parents.length ?? 0) > 1);
}

function classicViolations(facts: PushFacts, rule: ClassicRule): Violation[] {
  const { world, repo, caller, before, after } = facts;
  const found: string[] = [];
  if (rule.lockBranch) found.push(MESSAGES.locked);
  if (after === null) {
    if (!rule.allowDeletions) found.push(MESSAGES.delete);
    return found.map((message) => ({ ruleType: 'deletion', message }));
  }
  const restricted = rule.restrictions !== null && !inSet(world, repo, rule.restrictions, caller);
  if (before === null) {
    if (restricted && rule.blockCreations) found.push(MESSAGES.unauthorized);
    return found.map((message) => ({ ruleType: 'creation', message }));
  }
  if (restricted) found.push(MESSAGES.unauthorized);
  const mayForce = rule.allowForcePushes || inSet(world, repo, rule.forcePushBypass, caller);
  if (facts.forced && !mayForce) found.push(MESSAGES.force);
  if (rule.reviews && !inSet(world, repo, rule.reviews.bypass, caller)) found.push(MESSAGES.pullRequest);
  const checks = rule.statusChecks && checksViolation(repo, after, rule.statusChecks.checks);
  if (checks) found.push(checks);
  if (rule.signatures && unsigned(facts)) found.push(MESSAGES.signatures);
  if (rule.linearHistory && hasMerge(facts)) found.push(MESSAGES.linear);
  return found.map((message) => ({ ruleType: 'protected_branch', message }));
}

function ruleMessage(facts: PushFacts, rule: Rule): string | null {
  const { before, after, repo } = facts;
  if (after === null) return rule.type === 'deletion' ? MESSAGES.delete : null;
  if (before === null && rule.type === 'creation') return MESSAGES.create;
  switch (rule.type) {
    case 'update':
      return before === null ? null : MESSAGES.update;
    case 'non_fast_forward':
      return facts.forced ? MESSAGES.force : null;
    case 'pull_request':
      return before === null ? null : MESSAGES.pullRequest;
    case 'merge_queue':
      return before === null ? null : MESSAGES.queue;
    case 'required_signatures':
      return unsigned(facts) ? MESSAGES.signatures : null;
    case 'required_linear_history':
      return hasMerge(facts) ? MESSAGES.linear : null;
    case 'required_status_checks':
      if (before === null && rule.parameters?.['do_not_enforce_on_create'] === true) return null;
      return checksViolation(repo, after, requiredChecks(rule).checks);
    default:
      return null;
  }
}

/** What every rule says to a direct change of a ref. Bypass "for pull requests only" does not help here. */
export async function judgePush(world: World, repo: Repo, caller: Caller, change: RefChange): Promise<Verdict[]> {
  const branch = change.ref.startsWith('refs/heads/') ? change.ref.slice('refs/heads/'.length) : null;
  const rule = branch === null ? null : classicRuleFor(repo, branch);
  const rulesets = activeRulesets(world, repo, change.ref);
  if (!rule && rulesets.length === 0) return [];
  const { before, after } = change;
  const forced = before !== null && after !== null && !(await isAncestor(repo.gitDir, before, after));
  const newCommits = before === null || after === null ? [] : await commitsBetween(repo.gitDir, before, after);
  const facts: PushFacts = { world, repo, caller, ...change, forced, newCommits };
  const verdicts: Verdict[] = [];
  if (rule) {
    const bypassed = isFreeAdmin(world, repo, caller, rule.enforceAdmins);
    verdicts.push({ source: 'classic', rule, violations: classicViolations(facts, rule), bypassed });
  }
  for (const ruleset of rulesets) {
    const violations = ruleset.rules.flatMap((each) => {
      const message = ruleMessage(facts, each);
      return message === null ? [] : [{ ruleType: each.type, message }];
    });
    const mode = bypassMode(world, repo, ruleset, caller);
    verdicts.push({ source: 'ruleset', ruleset, violations, bypassed: mode === 'always' || mode === 'exempt' });
  }
  return verdicts;
}
