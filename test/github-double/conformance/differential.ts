import { emulateErrors, type EmulateError } from './emulate-errors.ts';
import { missing } from './replay/compare.ts';
import type { Answer } from './scenario.ts';

/** What our answer lacks of theirs, or has otherwise. Where theirs is known to be wrong nothing is compared from there on. */
export function differences(step: string, their: Answer, our: Answer): readonly string[] {
  const known = emulateErrors.filter((error) => error.step === step);
  const isWrong = (wrong: EmulateError['wrong']) => known.some((error) => error.wrong === wrong);
  if (isWrong('status')) return [];
  if (their.status !== our.status) return [`status is ${our.status}, theirs ${their.status}`];
  if (their.status < 400) {
    return missing(their.body, our.body).filter((difference) => !known.some(({ at }) => at?.test(difference)));
  }
  if (isWrong('message') || messageOf(their) === messageOf(our)) return [];
  return [`message is ${messageOf(our)}, theirs ${messageOf(their)}`];
}

/** Whether the place where theirs is said to be wrong shows no difference. */
export function isAlike({ wrong, at }: EmulateError, their: Answer, our: Answer): boolean {
  if (wrong === 'status') return their.status === our.status;
  if (wrong === 'message') return messageOf(their) === messageOf(our);
  const found = [...missing(their.body, our.body), ...missing(our.body, their.body)];
  return !found.some((difference) => at?.test(difference));
}

function messageOf({ body }: Answer): string {
  const message: unknown = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return JSON.stringify(message);
}
