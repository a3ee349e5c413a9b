import type { Reason } from '../../kernel/index.ts';
import type { BranchMove } from '../pull-port.ts';
import type { StepContext } from './model.ts';

/**
 * Whether somebody else moved the branch while a lowered field stood open for everybody. A bypass of our app lets
 * nobody else through, so there is no such window to ask about.
 */
export async function windowReasons({ task, ports, progress }: StepContext): Promise<Reason[]> {
  if (task.rung.name !== 'lower-field' || progress.relax === 'none') return [];
  const read = await ports.pull.moves(task.branch);
  if (read.kind === 'refused') return [...read.reasons];
  const start = progress.seen?.baseSha ?? '';
  const ours = progress.merge?.kind === 'merged' ? progress.merge.sha : null;
  return strangers(read.moves, start, ours).map(({ actor, type, after, at }) => ({
    code: 'window_used',
    message: `${JSON.stringify(actor ?? 'somebody')} moved the branch to ${after} (${type}) at ${at}, while reviews were not asked for`,
    subject: task.branch,
  }));
}

/** Moves since `start` other than to `ours`, newest first. Where the chain ends before `start`, all that is there counts. */
export function strangers(moves: readonly BranchMove[], start: string, ours: string | null): BranchMove[] {
  const found: BranchMove[] = [];
  for (const move of moves) {
    if (move.after === start) return found;
    if (move.after !== ours) found.push(move);
    if (move.before === start) return found;
  }
  return found;
}
