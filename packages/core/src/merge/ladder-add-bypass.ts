import type { Reason } from '../kernel/index.ts';
import { simulate, type Edit } from '../protection/index.ts';
import { uncheckedBypass, uncheckedRules } from './ladder-bypass.ts';
import { mayBypass, refuse, type LadderInput, type RungResult } from './ladder-input.ts';
import { sourceOf, sourceReasons, type RuleSource } from './ladder-source.ts';
import type { ReviewCause } from './verdict.ts';

/** Adds our app, and nobody else, to one bypass list. */
export function addBypassRung(input: LadderInput, causes: readonly ReviewCause[]): RungResult {
  const { merger, snapshot, method } = input;
  if (merger.kind !== 'app')
    return refuse([{ code: 'permission_missing', message: 'only a GitHub App can be put on a bypass list by itself' }]);
  const source = sourceOf(causes.filter(({ from }) => !mayBypass(input, from)));
  if (source.kind === 'refused') return refuse(source.reasons);
  const reasons = [
    ...sourceReasons(source.from, input),
    ...listReasons(source.from, input),
    ...uncheckedBypass(snapshot, merger, method),
  ];
  if (reasons.length > 0) return refuse(reasons);
  const edit = editOf(source.from, input, merger);
  if (edit === undefined)
    return refuse([{ code: 'protection_changed', message: 'the rule that asks for reviews is gone' }]);
  // The edit and its undoing are played on the snapshot first; what does not come out even is not begun.
  const played = simulate(snapshot, edit, method);
  if (played.kind === 'refused') return refuse(played.reasons);
  return { kind: 'fits', rung: { name: 'add-bypass', edit } };
}

function editOf(
  from: RuleSource,
  { snapshot }: LadderInput,
  merger: { readonly id: number; readonly slug: string },
): Edit | undefined {
  if (from.kind === 'classic')
    return snapshot.classic === null
      ? undefined
      : { kind: 'classic-bypass', ruleId: snapshot.classic.ruleId, app: merger.slug };
  // `pull_request`: it may bypass by merging pull requests, and still not push.
  const actor = { actorId: merger.id, actorType: 'Integration', bypassMode: 'pull_request' };
  return { kind: 'ruleset-bypass', rulesetId: from.rulesetId, actor };
}

/** Joining the list of a ruleset lifts all of its rules for our app. */
function listReasons(from: RuleSource, { snapshot, method }: LadderInput): Reason[] {
  if (from.kind === 'classic') return [];
  return snapshot.rulesets.filter(({ id }) => id === from.rulesetId).flatMap((each) => uncheckedRules(each, method));
}
