import type { Config } from '../../config/index.ts';
import type { ReasonCode } from '../../kernel/index.ts';
import type { AuditEntry } from '../../ledger/index.ts';
import { quoted, type Rulepack, type RulepackMatch, type RulepackSet } from '../../rulepack/index.ts';
import type { Account, MergeFacts, Standing } from '../facts.ts';
import type { MergeRequest } from '../request.ts';
import type { MergeGate, Refusal } from '../verdict.ts';

/** All that a gate may look at. */
export type GateInput = {
  readonly facts: MergeFacts;
  readonly rulepacks: RulepackSet;
  readonly match: RulepackMatch;
  /** The scenario that was matched; null: none, and then what can be judged without one still is. */
  readonly pack: Rulepack | null;
  readonly config: Config;
  readonly request: MergeRequest;
  /** Entries of the ledger that the cooldown is read from. */
  readonly ledger: readonly AuditEntry[];
};

type RefusalSpec = { readonly message: string; readonly help: string; readonly subject?: string };

/** A function that makes the refusals of one gate. */
export function refusing(gate: MergeGate): (code: ReasonCode, spec: RefusalSpec) => Refusal {
  return (code, spec) => ({ gate, code, kind: 'refuse', ...spec });
}

/** As {@link refusing}, for what may pass by itself. */
export function waiting(gate: MergeGate): (code: ReasonCode, spec: RefusalSpec) => Refusal {
  return (code, spec) => ({ gate, code, kind: 'wait', ...spec });
}

/** What GitHub said about an account, found by its number. */
export function standingOf(facts: MergeFacts, account: Account): Standing | undefined {
  return facts.standings.find((standing) => standing.account.id === account.id);
}

/** An account for a message: its login quoted, and the number that counts. */
export function named(account: Account): string {
  return `${quoted(account.login)} (${account.id})`;
}

/**
 * What a label or a comment must be newer than: the last push, or a later change of the base branch. Undefined when nobody
 * knows when the last push was.
 */
export function judgedSince({ push, pull }: MergeFacts): { readonly at: string; readonly what: string } | undefined {
  if (push.kind === 'unknown') return undefined;
  const { changedAt } = pull.base;
  // A time that is none is kept, so that nothing turns out to be newer than it.
  if (changedAt !== null && isLater(push.at, changedAt) !== true)
    return { at: changedAt, what: 'the last change of the base branch' };
  return { at: push.at, what: 'the last push' };
}

/** Whether time `a` is later than time `b`, both RFC 3339; undefined when one of them is no time. Equal is not later. */
export function isLater(a: string, b: string): boolean | undefined {
  const [left, right] = [Date.parse(a), Date.parse(b)];
  return Number.isNaN(left) || Number.isNaN(right) ? undefined : left > right;
}
