import type { Recording } from '../recordings.ts';
import { undescribed } from '../recording-exceptions.ts';

/** Why a recording can not be replayed; `undefined` when it can. */
export function exclusionOf(recording: Recording): string | undefined {
  const { method, path, reqBody } = recording;
  const gone = undescribed.find((known) => known.path.test(path));
  // The double knows a repository by its number too, so those are replayed under its name.
  if (gone !== undefined && !path.startsWith('/repositories/'))
    return `not in GitHub's description any more: ${gone.because}`;
  if (method === 'DELETE' && path.includes('/contents/') && reqBody === null) {
    return 'the recorded client sent the parameters in the query, which the recording leaves out';
  }
  return undefined;
}

/** Keys of recorded answers that the double leaves out. */
export type ReplayException = {
  readonly operation: RegExp;
  /** The difference as compare.ts tells it. */
  readonly difference: RegExp;
  readonly because: string;
};

export const replayExceptions: readonly ReplayException[] = [];
