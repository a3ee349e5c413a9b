import { renderMergeMarkdown, type MergeView } from '@obsgate/core/report/merge';
import { writeSticky } from '@obsgate/github/comments';
import { addLabels } from '@obsgate/github/labels';
import type { Reason } from '@obsgate/core/kernel';
import { printInert } from '@obsgate/action-kit';
import type { GitHubJob } from '../github-session.ts';

export const MERGED_LABEL = 'auto-relaxed-merged';

/** Tells the pull request what happened. A comment that cannot be written makes no merge undone: it is only said. */
export async function publish(view: MergeView, { client, login, run }: GitHubJob): Promise<void> {
  const { number } = view.plan.facts.pull;
  const body = `${renderMergeMarkdown(view)}\n[Run](${run.url})\n`;
  const author = login === undefined ? {} : { author: login };
  const comment = await writeSticky(client, { number, name: 'merge', body, ...author });
  if (comment.kind === 'refused') comment.reasons.forEach(say);
  if (view.report?.merged !== true) return;
  const label = await addLabels(client, number, [MERGED_LABEL]);
  if (label !== undefined) say(label);
}

function say({ code, message }: Reason): void {
  printInert(`${code}: ${message}\n`);
}
