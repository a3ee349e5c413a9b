import type { Reason } from '../../kernel/index.ts';

/** What missing data of a metric mean. */
export type OnMissing = 'hold' | 'breach' | 'ignore';

/** The parts of which a metric's data are made; each is one range query and one file of a dump. */
export const ROLES = ['bad', 'total', 'histogram-le', 'histogram-all', 'query', 'age'] as const;
export type Role = (typeof ROLES)[number];

/** Expressions to ask, resolved, by role. */
export type Queries = Readonly<Partial<Record<Role, string>>>;

type Common = {
  readonly name: string;
  readonly onMissing: OnMissing;
  /** Milliseconds for which the objective must be broken without a break, where the file says it. */
  readonly forMs: number | undefined;
  readonly queries: Queries;
  /** What a reader should know of how this file is understood. */
  readonly notes: readonly Reason[];
};

/** A share of bad requests: numerator and denominator are known, so its uncertainty is. */
export type CountMetric = Common & {
  readonly kind: 'counts';
  readonly source: 'ratio' | 'histogram';
  /** Greatest share of bad requests, between 0 and 1. */
  readonly limit: number;
  /** Seconds that one value of the queries covers. */
  readonly rangeSeconds: number;
  /** What a value is multiplied by to be a number of requests: the range where the query is a rate, else 1. */
  readonly scale: { readonly bad: number; readonly total: number };
};

/** A value with a bound: no counts, so nothing but its persistence proves anything. */
export type ValueMetric = Common & {
  readonly kind: 'value';
  readonly direction: 'max' | 'min';
  readonly limit: number;
  /** Seconds over which the query itself smears: the widest range in it. */
  readonly rangeSeconds: number;
  /** The same objective as counts, where the query is a quotient that says what they are. */
  readonly counts: CountMetric | undefined;
};

export type MetricSpec = CountMetric | ValueMetric;

export type Combine = { readonly kind: 'any' } | { readonly kind: 'all-of'; readonly names: readonly string[] };

export type SloSpec = {
  readonly file: string;
  readonly windowMs: number;
  readonly stepSeconds: number;
  readonly metrics: readonly MetricSpec[];
  readonly combine: Combine;
};
