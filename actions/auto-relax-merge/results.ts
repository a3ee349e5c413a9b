import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSummary } from '@obsgate/action-kit';
import type { MergeOutcome, MergeTask } from '@obsgate/core/merge';
import { differences } from '@obsgate/core/protection';
import { EXIT } from '@obsgate/core/report';
import { outcomeOf, reasonsOf, renderMergeMarkdown, toMergeJson, type MergeView } from '@obsgate/core/report/merge';
import type { Context } from './definition.ts';

const EXITS: Readonly<Record<MergeOutcome, number>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  hold: EXIT.undecided,
  error: EXIT.fail,
};
const WORST: readonly MergeOutcome[] = ['error', 'fail', 'hold', 'pass'];

/** The worst outcome of several pull requests. */
export function worst(views: readonly MergeView[]): MergeOutcome {
  return WORST.find((outcome) => views.some((view) => outcomeOf(view) === outcome)) ?? 'error';
}

/** Protection as it was, on disk before anything is changed: a person can restore from it whatever happens. */
export async function writeSnapshot(folder: string, task: MergeTask): Promise<void> {
  await writeJson(join(folder, `protection-before-${task.pull}.json`), task.snapshot);
}

/** Files, outputs and summary; resolves to the exit code. What others read comes before what is only for show. */
export async function writeResults(
  views: readonly MergeView[],
  folder: string,
  { setOutputs }: Pick<Context, 'setOutputs'>,
): Promise<number> {
  for (const view of views) await writeAfter(folder, view);
  const report = join(folder, 'auto-relax-merge.json');
  const json = views.map(toMergeJson);
  await writeJson(report, json.length === 1 ? json[0] : json);
  const outcome = worst(views);
  const merged = views.find((view) => view.report?.merged === true)?.report ?? null;
  await setOutputs({
    outcome,
    report,
    'reason-codes': [...new Set(views.flatMap((view) => reasonsOf(view).map(({ code }) => code)))],
    merged: merged !== null,
    ...(merged === null ? {} : { sha: merged.sha ?? '', rung: merged.rung }),
    ...(merged === null || merged.windowMs === null ? {} : { 'window-ms': merged.windowMs }),
    snapshot: folder,
  });
  await writeSummary(views.map(renderMergeMarkdown).join('\n'));
  return EXITS[outcome];
}

async function writeAfter(folder: string, { plan, report }: MergeView): Promise<void> {
  if (report === null || report.after === null) return;
  const number = plan.facts.pull.number;
  await writeJson(join(folder, `protection-after-${number}.json`), report.after);
  await writeJson(join(folder, `protection-diff-${number}.json`), differences(report.before, report.after));
}

/** One folder for the whole run, for the artifact. */
export async function makeFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const temporary = env['RUNNER_TEMP'] ?? '';
  const parent = temporary === '' ? tmpdir() : temporary;
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'obsgate-merge-'));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
