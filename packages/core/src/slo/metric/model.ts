import type { Outcome, Reason } from '../../kernel/index.ts';
import type { Coverage, CountSlice, ValueSlice } from '../slice/index.ts';
import type { MetricSpec } from '../spec/index.ts';
import type { Bin } from './bins.ts';

/** When a window is judged. Unix seconds. */
export type Moment = {
  readonly mergedAt: number;
  readonly now: number;
  readonly windowSeconds: number;
  /** No pass before this much of the window has passed. */
  readonly minWindowSeconds: number;
};

/** The judgement of one metric with every number it rests on. Undefined where a number does not exist. */
export type MetricJudgement = {
  readonly spec: MetricSpec;
  readonly outcome: Outcome;
  /** `on_missing: ignore` and the data are missing: the metric has no say. */
  readonly ignored: boolean;
  readonly reasons: readonly Reason[];
  readonly remarks: readonly Reason[];
  readonly requests: number | undefined;
  readonly bad: number | undefined;
  /** Share of bad requests, or the value compared. */
  readonly ratio: number | undefined;
  readonly lowerBound: number | undefined;
  readonly upperBound: number | undefined;
  readonly coverage: Coverage;
  /** The bins of the last look, oldest first. */
  readonly bins: readonly Bin[];
  /** Estimated start of a breach. */
  readonly onset: number | undefined;
  /** The first look that proved the breach. */
  readonly decidedAt: number | undefined;
  readonly slices: Samples;
};

export type Samples =
  | { readonly kind: 'counts'; readonly baseline: readonly CountSlice[]; readonly watch: readonly CountSlice[] }
  | { readonly kind: 'value'; readonly baseline: readonly ValueSlice[]; readonly watch: readonly ValueSlice[] };
