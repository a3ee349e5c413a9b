import type { Reason } from '../kernel/index.ts';
import { addBypassRung } from './ladder-add-bypass.ts';
import { blockers } from './ladder-blockers.ts';
import { uncheckedBypass } from './ladder-bypass.ts';
import {
  mayBypass,
  refuse,
  RELAX_LIMITS,
  RUNGS,
  type LadderInput,
  type Merger,
  type RelaxLimit,
  type Rung,
  type RungName,
  type RungResult,
} from './ladder-input.ts';
import { lowerFieldRung } from './ladder-lower-field.ts';
import type { ReviewCause, SingleCause } from './verdict.ts';

export type RungRefusal = { readonly rung: RungName; readonly reasons: readonly Reason[] };

/** Either one way, or why each way is closed. `refused` are the rungs below the one that is taken. */
export type LadderDecision =
  | { readonly kind: 'climb'; readonly rung: Rung; readonly refused: readonly RungRefusal[] }
  | { readonly kind: 'stop'; readonly reasons: readonly Reason[]; readonly refused: readonly RungRefusal[] };

/**
 * The least invasive way to merge a pull request that all six gates let through.
 * A rung that cannot be exact is refused; the next one up is looked at, and there is nothing above the last.
 */
export function climb(input: LadderInput): LadderDecision {
  const stopping = [...causeReasons(input.cause), ...blockers(input)];
  if (stopping.length > 0) return { kind: 'stop', reasons: stopping, refused: [] };
  const causes = input.cause.kind === 'review' ? input.cause.causes : [];
  const refused: RungRefusal[] = [];
  for (const name of RUNGS) {
    const result = tryRung(name, input, causes);
    if (result.kind === 'fits') return { kind: 'climb', rung: result.rung, refused };
    refused.push({ rung: name, reasons: result.reasons });
  }
  return { kind: 'stop', reasons: unique(refused.flatMap(({ reasons }) => reasons)), refused };
}

function tryRung(name: RungName, input: LadderInput, causes: readonly ReviewCause[]): RungResult {
  const limit = limitReasons(name, input);
  if (limit.length > 0) return { kind: 'refused', reasons: limit };
  switch (name) {
    case 'plain':
      return plainRung(input, causes);
    case 'existing-bypass':
      return existingBypassRung(input, causes);
    case 'add-bypass':
      return addBypassRung(input, causes);
    case 'lower-field':
      return lowerFieldRung(input, causes);
  }
}

function plainRung(input: LadderInput, causes: readonly ReviewCause[]): RungResult {
  if (causes.length > 0) return refuse(causes.map(({ message }) => ({ code: 'reviews_missing', message })));
  return fits({ name: 'plain', edit: null }, input);
}

function existingBypassRung(input: LadderInput, causes: readonly ReviewCause[]): RungResult {
  const reasons = causes.filter(({ from }) => !mayBypass(input, from)).map((cause) => notBypassed(cause, input.merger));
  return reasons.length > 0 ? refuse(reasons) : fits({ name: 'existing-bypass', edit: null }, input);
}

/** GitHub uses a bypass without being asked to, for whole rulesets: what it would lift must have been checked by us. */
function fits(rung: Rung, input: LadderInput): RungResult {
  const unchecked = uncheckedBypass(input.snapshot, input.merger, input.method);
  return unchecked.length > 0 ? refuse(unchecked) : { kind: 'fits', rung };
}

function limitReasons(name: RungName, { relax, relaxable }: LadderInput): Reason[] {
  if (name === 'plain') return [];
  if (!relaxable) return [{ code: 'not_relaxable', message: 'the rulepack says relaxable: false' }];
  const needed: RelaxLimit = name === 'lower-field' ? 'field' : 'bypass';
  if (RELAX_LIMITS.indexOf(relax) >= RELAX_LIMITS.indexOf(needed)) return [];
  return [{ code: 'not_relaxable', message: `the rulepack says relax: ${relax}; this way needs relax: ${needed}` }];
}

function causeReasons(cause: SingleCause): Reason[] {
  if (cause.kind === 'unknown') return [{ code: 'not_only_review', message: cause.why }];
  if (cause.kind !== 'more') return [];
  return [
    { code: 'not_only_review', message: 'more than a review is missing' },
    ...cause.refusals.map(({ code, message, subject }) =>
      subject === undefined ? { code, message } : { code, message, subject },
    ),
  ];
}

function notBypassed({ from, message }: ReviewCause, merger: Merger): Reason {
  const list = from.kind === 'classic' ? 'the bypass list of the branch rule' : `ruleset ${from.rulesetId}`;
  const who = merger.kind === 'app' ? `the app ${JSON.stringify(merger.slug)}` : 'the owner of the token';
  return { code: 'reviews_missing', message: `${message}; ${who} may not bypass it by ${list}` };
}

function unique(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}
