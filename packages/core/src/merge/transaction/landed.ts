import type { Reason } from '../../kernel/index.ts';
import type { CommitShape, PullNow } from '../pull-port.ts';
import type { MergeTask, StepContext } from './model.ts';

/** Whether what landed on the base branch is what the gates judged. */
export async function landedReasons(context: StepContext): Promise<Reason[]> {
  const { progress } = context;
  const landed = progress.seenAfter?.landed ?? null;
  if (progress.merge?.kind !== 'merged' || landed === null || progress.seen === null) return [];
  if (landed.sha !== progress.merge.sha)
    return [differs(`GitHub confirmed ${progress.merge.sha}, the pull request shows ${landed.sha}`, landed.sha)];
  const known = sameAsTrial(context.task, progress.seen, landed);
  if (known === 'same') return [];
  if (known === 'other')
    return [
      differs(
        `its tree is ${landed.tree}; GitHub's trial merge of the judged commits is ${progress.seen.trial?.tree}`,
        landed.sha,
      ),
    ];
  return sameFiles(context, progress.seen, landed);
}

/** With an unmoved base, the tree has to be the one of GitHub's own trial merge of exactly these two commits. */
function sameAsTrial(task: MergeTask, { trial, baseSha }: PullNow, landed: CommitShape): 'same' | 'other' | 'unknown' {
  if (trial === null || !trial.parents.includes(baseSha) || !trial.parents.includes(task.headSha)) return 'unknown';
  if (task.method !== 'rebase' && landed.parents[0] !== baseSha) return 'unknown';
  if (trial.tree === landed.tree) return 'same';
  // A rebase has no parent that tells whether the base had moved.
  return task.method === 'rebase' ? 'unknown' : 'other';
}

/** The base moved in between: then at least the same files have to have changed, in the same way. */
async function sameFiles({ task, ports }: StepContext, seen: PullNow, landed: CommitShape): Promise<Reason[]> {
  const from = task.method === 'rebase' ? seen.baseSha : (landed.parents[0] ?? seen.baseSha);
  const read = await ports.pull.compare(from, landed.sha);
  if (read.kind === 'refused') return [...read.reasons];
  if (!read.complete) return [differs('it changed more files than can be compared', landed.sha)];
  const judged = new Set(task.files.map(({ path, status }) => `${status} ${path}`));
  const found = new Set(read.files.map(({ path, status }) => `${status} ${path}`));
  const others = [...judged, ...found].filter((each) => !judged.has(each) || !found.has(each));
  if (others.length === 0) return [];
  return [
    differs(
      `these changes differ from the judged ones: ${others
        .slice(0, 10)
        .map((each) => JSON.stringify(each))
        .join(', ')}`,
      landed.sha,
    ),
  ];
}

function differs(message: string, subject: string): Reason {
  return { code: 'landed_differs', message: `what landed is not what was judged: ${message}`, subject };
}
