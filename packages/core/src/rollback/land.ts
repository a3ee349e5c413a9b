import { runMerge, type Merger, type MergeReport, type MergeTask, type PullNow } from '../merge/index.ts';
import type { Reason } from '../kernel/index.ts';
import { onlyOnBase } from './guard-base.ts';
import { revertTask } from './merge-revert.ts';
import type { Work } from './open.ts';
import type { RevertProof } from './prove.ts';

export type Landing = {
  readonly outcome: 'pass' | 'fail' | 'hold' | 'error';
  /** The commit on the base branch; null: not landed. */
  readonly sha: string | null;
  readonly reasons: readonly Reason[];
  readonly report: MergeReport | null;
};

export type LandOptions = { readonly merger: Merger; readonly run: MergeTask['run']; readonly stop: AbortSignal };

const MERGEABLE_PAUSES_MS = [0, 300, 700, 1500, 3000, 5000];

/** Merges the proven revert through the merge transaction, and compares the tree that landed with the proven one. */
export async function landPull(
  proof: RevertProof,
  pull: number,
  work: Work,
  { merger, run, stop }: LandOptions,
): Promise<Landing> {
  const { facts, plan, ports } = work;
  const now = await settled(pull, work, stop);
  if (now.kind === 'refused') return held(now.reasons);
  if (now.pull.state === 'merged') return landed(proof, now.pull.landed?.sha ?? null, [], null, work);
  const merge = await ports.facts.readMerge(pull, proof.revertSha);
  if (merge.kind === 'refused') return held(merge.reasons);
  const compared = await ports.merge.pull.compare(proof.baseSha, proof.revertSha);
  if (compared.kind === 'refused') return held(compared.reasons);
  const { files } = compared;
  const made = revertTask(proof, { facts, merge: merge.facts, now: now.pull, pack: plan.pack, merger, files, run });
  if (made.kind === 'stop') return { outcome: made.outcome, sha: null, reasons: made.reasons, report: null };
  const guarded = { ...ports.merge, pull: onlyOnBase(ports.merge.pull, proof) };
  const report = await runMerge(made.task, guarded, stop);
  if (report.merged) return landed(proof, report.sha, report.reasons, report, work);
  return byAnother(proof, pull, report, work);
}

/** GitHub works out in the background whether a pull request can be merged. */
async function settled(
  pull: number,
  { ports }: Work,
  stop: AbortSignal,
): Promise<
  { readonly kind: 'ok'; readonly pull: PullNow } | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }
> {
  let last = await ports.merge.pull.read(pull);
  for (const pause of MERGEABLE_PAUSES_MS) {
    if (last.kind === 'refused' || stop.aborted) return last;
    if (last.pull.state !== 'open' || last.pull.mergeable !== 'unknown') return last;
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await ports.clock.sleep(pause, stop);
    // oxlint-disable-next-line no-await-in-loop
    last = await ports.merge.pull.read(pull);
  }
  return last;
}

/** Of two runs one merges; the other sees that it is done. */
async function byAnother(proof: RevertProof, pull: number, report: MergeReport, work: Work): Promise<Landing> {
  const { outcome, reasons } = report;
  const read = await work.ports.merge.pull.read(pull);
  const sha = read.kind === 'ok' && read.pull.state === 'merged' ? (read.pull.landed?.sha ?? null) : null;
  if (sha === null || outcome === 'error')
    return { outcome: outcome === 'pass' ? 'hold' : outcome, sha, reasons, report };
  return landed(proof, sha, reasons, report, work);
}

/** The base branch may have moved in the instant of the merge: only the tree that is there now is the proof of success. */
export async function landed(
  proof: RevertProof,
  sha: string | null,
  reasons: readonly Reason[],
  report: MergeReport | null,
  { ports }: Work,
): Promise<Landing> {
  const outcome = report?.outcome === 'error' ? 'error' : 'pass';
  if (sha === null)
    return held([
      ...reasons,
      { code: 'merge_unconfirmed', message: 'the revert is merged, and its commit is not shown' },
    ]);
  const read = await ports.facts.commit(sha);
  if (read.kind === 'refused') return { outcome: 'error', sha, reasons: [...reasons, ...read.reasons], report };
  if (read.commit.tree === proof.tree) return { outcome, sha, reasons, report };
  const message = `the tree that landed is ${read.commit.tree}; before the merge it was ${proof.tree}`;
  return { outcome: 'error', sha, reasons: [...reasons, { code: 'landed_differs', message, subject: sha }], report };
}

function held(reasons: readonly Reason[]): Landing {
  return { outcome: 'hold', sha: null, reasons, report: null };
}
