import type { ReasonCode } from './reason-code.ts';

/** Why something was refused, held or failed: a code to count by, a sentence to read, and what it is about. */
export type Reason = {
  readonly code: ReasonCode;
  readonly message: string;
  /** What the reason is about: a file, a check, a metric, a version. */
  readonly subject?: string;
};
