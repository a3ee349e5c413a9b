import type { Reason } from '@obsgate/core/kernel';
import { reasonOf, type Answer } from '../client/index.ts';

/** A failed request as one phrase; `what` begins the sentence. */
export function whyFailed(answer: Extract<Answer<unknown>, { kind: 'failed' }>, what: string): string {
  return reasonOf(answer.failure, what).message;
}

/** A failed request as a list of one reason. */
export function refused(
  answer: Extract<Answer<unknown>, { kind: 'failed' }>,
  what: string,
): { kind: 'refused'; reasons: Reason[] } {
  return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
}
