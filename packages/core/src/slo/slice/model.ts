import type { Measured, MissingReason } from '../../kernel/index.ts';

/** Requests in one closed slice and how many of them were bad, or the reason why they are not known. */
export type Counts =
  | { readonly kind: 'value'; readonly requests: number; readonly bad: number }
  | { readonly kind: 'missing'; readonly reason: MissingReason };

/** One closed slice. `end` in Unix seconds; it covers the `seconds` before it. */
export type CountSlice = { readonly end: number; readonly seconds: number; readonly counts: Counts };
export type ValueSlice = { readonly end: number; readonly seconds: number; readonly value: Measured };

/** The expected slices before and after the merge, in time order; a slice without data is there and missing. */
export type Slices<S> = { readonly baseline: readonly S[]; readonly watch: readonly S[] };
