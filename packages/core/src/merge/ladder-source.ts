import type { Reason } from '../kernel/index.ts';
import type { Ruleset } from '../protection/index.ts';
import type { LadderInput } from './ladder-input.ts';
import type { ReviewCause } from './verdict.ts';

export type RuleSource = ReviewCause['from'];

type Source =
  | { readonly kind: 'one'; readonly from: RuleSource }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** The one rule that all causes come from. An edit changes one rule: two would be two windows. */
export function sourceOf(causes: readonly ReviewCause[]): Source {
  const names = [...new Set(causes.map(({ from }) => nameOf(from)))];
  const [first] = causes;
  if (first !== undefined && names.length === 1) return { kind: 'one', from: first.from };
  const message =
    names.length === 0 ? 'no review is missing' : `reviews are asked for by ${names.join(' and ')}: one may be changed`;
  return { kind: 'refused', reasons: [{ code: 'not_relaxable', message }] };
}

/** Why a rule cannot be edited and put back exactly. */
export function sourceReasons(from: RuleSource, { snapshot }: LadderInput): Reason[] {
  if (from.kind === 'classic') return [];
  const ruleset = snapshot.rulesets.find(({ id }) => id === from.rulesetId);
  if (ruleset === undefined)
    return [{ code: 'protection_unreadable', message: `ruleset ${from.rulesetId} is not in the snapshot` }];
  const reasons: Reason[] = [];
  if (ruleset.source !== 'Repository')
    reasons.push({
      code: 'org_ruleset',
      message: `ruleset ${ruleset.id} belongs to the ${ruleset.source.toLowerCase()} and cannot be changed from here`,
      subject: ruleset.name,
    });
  if (ruleset.bypassActors === 'hidden')
    reasons.push({
      code: 'bypass_hidden',
      message: `the bypass list of ruleset ${ruleset.id} is hidden from this token: it could not be written back`,
      subject: ruleset.name,
    });
  return reasons;
}

/** A lowered field is lowered for every branch that the rule covers. */
export function coversOtherBranches(from: RuleSource, { snapshot, defaultBranch }: LadderInput): Reason[] {
  const { branch, classic, rulesets } = snapshot;
  if (from.kind === 'classic') {
    if (classic === null || classic.pattern === branch) return [];
    return [wildcard(`the branch rule ${JSON.stringify(classic.pattern)} covers more than ${JSON.stringify(branch)}`)];
  }
  const ruleset = rulesets.find(({ id }) => id === from.rulesetId);
  if (ruleset === undefined || coversOnly(ruleset, branch, defaultBranch)) return [];
  return [wildcard(`ruleset ${ruleset.id} covers more than ${JSON.stringify(branch)}`)];
}

function coversOnly({ conditions }: Ruleset, branch: string, defaultBranch: string): boolean {
  const include = includeOf(conditions);
  if (include === undefined || include.length === 0) return false;
  return include.every(
    (pattern) => pattern === `refs/heads/${branch}` || (pattern === '~DEFAULT_BRANCH' && branch === defaultBranch),
  );
}

function includeOf(conditions: unknown): readonly unknown[] | undefined {
  const names: unknown = isRecord(conditions) ? conditions['ref_name'] : undefined;
  const include: unknown = isRecord(names) ? names['include'] : undefined;
  return Array.isArray(include) ? include : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wildcard(message: string): Reason {
  return { code: 'wildcard_rule', message: `${message}: lowering it would open the others as well` };
}

function nameOf(from: RuleSource): string {
  return from.kind === 'classic' ? 'the branch rule' : `ruleset ${from.rulesetId}`;
}
