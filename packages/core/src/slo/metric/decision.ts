import type { Outcome, Reason } from '../../kernel/index.ts';

/** What was decided of one metric. Times in Unix seconds. */
export type Decision = {
  readonly outcome: Outcome;
  readonly reason: Reason | undefined;
  readonly onset?: number | undefined;
  readonly decidedAt?: number | undefined;
  /** The data are missing and the file says to go without them. */
  readonly ignored?: boolean;
};
