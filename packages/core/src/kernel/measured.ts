/** Why a value is missing. A missing value is never a number and never a pass. */
export const MISSING_REASONS = ['absent', 'nan', 'stale', 'error', 'no_traffic', 'counter_reset', 'synthetic'] as const;
export type MissingReason = (typeof MISSING_REASONS)[number];

/** A measured number at a time (Unix seconds), or the reason why there is none. */
export type Measured =
  | { readonly kind: 'value'; readonly value: number; readonly at: number }
  | { readonly kind: 'missing'; readonly reason: MissingReason };

/** A number becomes a value; NaN becomes `missing: nan`. Infinities are values. */
export function measured(value: number, at: number): Measured {
  return Number.isNaN(value) ? missing('nan') : { kind: 'value', value, at };
}

export function missing(reason: MissingReason): Measured {
  return { kind: 'missing', reason };
}
