import { go, halt, alarm, type StepContext, type StepEnd } from './model.ts';

const PAUSES_MS = [0, 300, 1000, 2000];

/** What became of a merge that GitHub did not answer: read, never sent again. */
export async function settleMerge({ task, ports, progress }: StepContext): Promise<StepEnd> {
  const { merge } = progress;
  if (merge === null || merge.kind === 'refused') return go();
  for (const pause of PAUSES_MS) {
    if (pause > 0) await ports.clock.sleep(pause);
    const read = await ports.pull.read(task.pull);
    if (read.kind === 'refused') continue;
    const { pull } = read;
    if (pull.state === 'merged' && pull.landed !== null) {
      const patch = { seenAfter: pull, merge: { kind: 'merged', sha: pull.landed.sha } } as const;
      if (pull.headSha === task.headSha) return go(patch);
      const message = `#${task.pull} was merged at head ${pull.headSha}; the gates judged ${task.headSha}`;
      return alarm([{ code: 'landed_differs', message, subject: pull.landed.sha }], patch);
    }
    // GitHub said that it merged: the pull request only shows it a moment later.
    if (merge.kind === 'merged') continue;
    const message = `GitHub did not answer the merge (${merge.message}), and #${task.pull} is still ${pull.state}`;
    return halt('hold', [{ code: 'merge_unconfirmed', message }], { seenAfter: pull });
  }
  if (merge.kind === 'merged')
    return alarm([unproven(`GitHub confirmed ${merge.sha}, but #${task.pull} does not show it`)]);
  return alarm([unproven(`whether #${task.pull} was merged is not known: GitHub did not answer (${merge.message})`)]);
}

function unproven(message: string): { readonly code: 'merge_unconfirmed'; readonly message: string } {
  return { code: 'merge_unconfirmed', message };
}
