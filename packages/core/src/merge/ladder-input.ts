import type { Reason } from '../kernel/index.ts';
import type { Edit, ProtectionSnapshot } from '../protection/index.ts';
import type { MergeMethod } from './pull-port.ts';
import type { ReviewCause, SingleCause } from './verdict.ts';

/** How far a rulepack lets the ladder go: no relaxing, our app's bypass, or a review field as well. */
export const RELAX_LIMITS = ['none', 'bypass', 'field'] as const;
export type RelaxLimit = (typeof RELAX_LIMITS)[number];

/** The ways to merge, the least invasive first. */
export const RUNGS = ['plain', 'existing-bypass', 'add-bypass', 'lower-field'] as const;
export type RungName = (typeof RUNGS)[number];

export type Rung =
  | { readonly name: 'plain' | 'existing-bypass'; readonly edit: null }
  | { readonly name: 'add-bypass' | 'lower-field'; readonly edit: Edit };

/**
 * Who merges. Only an app can stand on a bypass list by itself. Whose a plain token is, is not known: a bypass of its
 * owner is not ours to use, and it may be one all the same.
 */
export type Merger =
  | { readonly kind: 'app'; readonly id: number; readonly slug: string }
  | { readonly kind: 'unknown' };

export type LadderInput = {
  readonly snapshot: ProtectionSnapshot;
  readonly cause: SingleCause;
  readonly merger: Merger;
  readonly defaultBranch: string;
  readonly method: MergeMethod;
  /** Approvals that count for the protection now: a lowered number never goes below it. */
  readonly approvals: number;
  readonly relaxable: boolean;
  readonly relax: RelaxLimit;
};

export type RungResult =
  | { readonly kind: 'fits'; readonly rung: Rung }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** Whether our app stands on the bypass list that lifts the cause. A hidden list is no list to rely on. */
export function mayBypass({ snapshot, merger }: LadderInput, from: ReviewCause['from']): boolean {
  if (merger.kind !== 'app') return false;
  if (from.kind === 'classic') return snapshot.classic?.reviews?.bypassAllowances.apps.includes(merger.slug) ?? false;
  const actors = snapshot.rulesets.find(({ id }) => id === from.rulesetId)?.bypassActors ?? 'hidden';
  return (
    actors !== 'hidden' && actors.some((actor) => actor.actorType === 'Integration' && actor.actorId === merger.id)
  );
}

export function refuse(reasons: readonly Reason[]): RungResult {
  return { kind: 'refused', reasons };
}
