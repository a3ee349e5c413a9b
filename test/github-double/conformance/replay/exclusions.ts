import type { Recording } from '../recordings.ts';
import { undescribed } from '../recording-exceptions.ts';
import { operationOf } from './replay.ts';

/** Why a recording can not be replayed; `undefined` when it can. */
export function exclusionOf(recording: Recording): string | undefined {
  const { method, path, reqBody } = recording;
  if (operationOf(recording) === null) {
    const gone = undescribed.find((known) => known.path.test(path));
    return `not in GitHub's description any more: ${gone?.because ?? 'for no known reason'}`;
  }
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

export const replayExceptions: readonly ReplayException[] = [
  {
    operation: /\/pulls\/\{pull_number\}$/u,
    difference: /^\/(head|base)\/repo\/license is null, not an object$/u,
    because: 'the double has no licences; null is GitHub’s answer for a repository without one',
  },
  {
    operation: /\/commits\/\{ref\}\/check-runs$/u,
    difference: /^\/check_runs\/\*\/app\/permissions\/\w+ is absent$/u,
    because: 'a map of what the App was given: the recorded one, GitHub Actions, has more than the stage’s',
  },
  {
    operation: /\/commits\/\{ref\}\/check-runs$/u,
    difference: /^\/check_runs\/\*\/app\/events is empty$/u,
    because: 'the webhooks that the recorded App subscribed to; the double sends none',
  },
];
