import type { ReasonCode } from '../kernel/index.ts';
import type { Account } from './facts.ts';

/** What made us look at a pull request. Nothing in it is trusted until it was read again by API. */
export type Trigger =
  | { readonly kind: 'label'; readonly label: string; readonly actor: Account }
  | { readonly kind: 'push'; readonly actor: Account }
  | { readonly kind: 'comment'; readonly id: number; readonly actor: Account; readonly sha: string | null }
  | { readonly kind: 'dispatch'; readonly actor: Account }
  /** A workflow run or check suite ended: labels that are there already are the request. */
  | { readonly kind: 'checks' };

/** One pull request to look at. */
export type MergeRequest = {
  readonly pull: number;
  readonly trigger: Trigger;
  /** The head commit that the event or the command names; the head must still be it. Null: none was named. */
  readonly headSha: string | null;
};

/** What an event asks for. `nothing` is a good end: it is said, and the run passes. */
export type RequestOutcome =
  | { readonly kind: 'requests'; readonly requests: readonly MergeRequest[] }
  | { readonly kind: 'nothing'; readonly code: ReasonCode; readonly message: string };
