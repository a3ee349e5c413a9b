import type { Measured } from '../kernel/index.ts';

/** The identifying labels of a series, `__name__` included where the result has one. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** One series of an instant query. NaN is missing, never a number. */
export type InstantSample = { readonly labels: SeriesLabels; readonly value: Measured };

/** One series of a range query: the points in time order (Unix seconds). A gap is an absent point. */
export type RangeSeries = { readonly labels: SeriesLabels; readonly points: readonly Measured[] };

/** `kind` is the API's `resultType`; a scalar is one sample without labels. Strings and native histograms are refused. */
export type InstantResult = { readonly kind: 'vector' | 'scalar'; readonly samples: readonly InstantSample[] };

export type RangeResult = { readonly series: readonly RangeSeries[] };

export type RuleHealth = 'ok' | 'err' | 'unknown';

/** A rule as `/api/v1/rules` tells it. */
export type ServerRule = {
  readonly kind: 'recording' | 'alerting';
  readonly name: string;
  /** The expression as Prometheus prints it, which is not the text of the file. */
  readonly query: string;
  readonly labels: SeriesLabels;
  /** `for`, in seconds; 0 for recording rules. */
  readonly durationSeconds: number;
  /** `keep_firing_for`, in seconds; undefined where the server's version does not tell. */
  readonly keepFiringForSeconds: number | undefined;
  readonly annotations: SeriesLabels;
  readonly health: RuleHealth;
  readonly lastError: string | undefined;
  /** False until the first evaluation: the API then shows the year 1. */
  readonly evaluated: boolean;
};

/** `file` is the path on the server's file system. */
export type ServerRuleGroup = {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number;
  readonly rules: readonly ServerRule[];
};

export type ServerAlert = {
  readonly labels: SeriesLabels;
  readonly annotations: SeriesLabels;
  readonly state: string;
  readonly value: string;
};

export type ServerTarget = {
  readonly pool: string;
  readonly labels: SeriesLabels;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
};

export type BuildInfo = { readonly version: string; readonly revision: string };

export type RuntimeInfo = {
  readonly startTime: string;
  readonly reloadConfigSuccess: boolean;
  readonly lastConfigTime: string;
};

/** One sample of the text exposition format. */
export type ExposedSample = { readonly name: string; readonly labels: SeriesLabels; readonly value: number };
