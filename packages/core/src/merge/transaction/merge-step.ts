import { judgeMergeAnswer } from '../merge-answer.ts';
import { unlessStopped } from './unless-stopped.ts';
import { go, halt, type Step, type StepContext, type StepEnd } from './model.ts';

/** One merge request for one commit. It is never sent twice: a second one is a new transaction. */
export const mergeStep: Step = { name: 'merge', act: merge, undo: null };

async function merge({ task, ports, stop }: StepContext): Promise<StepEnd> {
  const { pull, headSha: sha, method } = task;
  const answer = await unlessStopped(ports.pull.merge({ pull, sha, method }), stop, ports.clock);
  const result = judgeMergeAnswer(answer ?? { kind: 'no_answer', why: 'the run ended before the answer came' });
  if (result.kind === 'merged') return go({ merge: result });
  // What an ambiguous answer came to is read once the window is closed.
  if (result.kind === 'ambiguous') return halt('hold', [], { merge: result });
  const outcome = result.again === 'later' ? 'hold' : 'fail';
  return halt(outcome, [{ code: result.code, message: result.message }], { merge: result });
}
