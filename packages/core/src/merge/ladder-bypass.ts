import type { Reason } from '../kernel/index.ts';
import type { ProtectionSnapshot, Ruleset } from '../protection/index.ts';
import type { Merger } from './ladder-input.ts';
import type { MergeMethod } from './pull-port.ts';

/**
 * Rule types that the gates check by themselves, or that a merge of a pull request cannot break.
 * The synchronous merge uses the caller's bypass without being asked to, for the whole ruleset
 * (https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request), so all its other rules have to be among these.
 */
const CHECKED_BY_US = new Set(['pull_request', 'required_status_checks', 'deletion', 'non_fast_forward', 'creation']);

/** Why using a bypass would lift more than reviews: rules that nobody but GitHub can check. */
export function uncheckedBypass(snapshot: ProtectionSnapshot, merger: Merger, method: MergeMethod): Reason[] {
  return [
    ...snapshot.rulesets
      .filter(({ bypassActors }) => mayBeListed(bypassActors, merger))
      .flatMap((ruleset) => uncheckedRules(ruleset, method)),
    ...uncheckedAdmin(snapshot, merger),
  ];
}

/** A hidden list may name us: absent is not empty. A token of unknown owner may be any of the actors. */
function mayBeListed(actors: Ruleset['bypassActors'], merger: Merger): boolean {
  if (actors === 'hidden') return true;
  return actors.some(
    ({ actorId, actorType }) => merger.kind === 'unknown' || (actorType === 'Integration' && actorId === merger.id),
  );
}

/** An administrator's token stands above a branch rule that does not bind administrators. Apps are never that. */
function uncheckedAdmin({ classic }: ProtectionSnapshot, merger: Merger): Reason[] {
  if (merger.kind === 'app' || classic === null || classic.enforceAdmins) return [];
  if ((classic.requiredDeployments ?? []).length === 0) return [];
  const message = 'the token may be an administrator, whom the branch rule lets merge without the required deployments';
  return [{ code: 'unknown_rule_type', message }];
}

/** The rules of a ruleset that a bypass would lift unchecked. */
export function uncheckedRules(ruleset: Ruleset, method: MergeMethod): Reason[] {
  return ruleset.rules
    .filter(({ type }) => !isChecked(type, method))
    .map(({ type }) => ({
      code: 'unknown_rule_type',
      message: `a bypass ${ruleset.bypassActors === 'hidden' ? 'that is hidden from this token ' : ''}would lift the rule ${JSON.stringify(type)} of ruleset ${ruleset.id} as well, and only GitHub can check it`,
      subject: ruleset.name,
    }));
}

function isChecked(type: string, method: MergeMethod): boolean {
  if (CHECKED_BY_US.has(type)) return true;
  // GitHub signs what it squashes; a merge brings the head's own commits along, signed or not.
  if (type === 'required_signatures') return method === 'squash';
  return type === 'required_linear_history' && method !== 'merge';
}
