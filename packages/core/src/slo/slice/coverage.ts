import type { MissingReason } from '../../kernel/index.ts';

/** How many of the expected slices have data, and why the others have none. */
export type Coverage = {
  readonly expected: number;
  readonly known: number;
  /** Between 0 and 1; 0 when nothing is expected yet. */
  readonly share: number;
  readonly missing: Readonly<Partial<Record<MissingReason, number>>>;
};

type State = { readonly kind: 'value' } | { readonly kind: 'missing'; readonly reason: MissingReason };

export function coverageOf(states: readonly State[]): Coverage {
  const missing: Partial<Record<MissingReason, number>> = {};
  for (const state of states) if (state.kind === 'missing') missing[state.reason] = (missing[state.reason] ?? 0) + 1;
  const known = states.filter(({ kind }) => kind === 'value').length;
  return { expected: states.length, known, share: states.length === 0 ? 0 : known / states.length, missing };
}

/** The missing slices for people: `12 absent, 3 stale`. */
export function missingPhrase({ missing }: Coverage): string {
  return Object.entries(missing)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}
