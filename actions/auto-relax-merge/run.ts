import { printInert, saveState, writeSummary } from '@obsgate/action-kit';
import { finishOpenLeases } from '@obsgate/core/guard';
import type { Reason } from '@obsgate/core/kernel';
import { runMerge, taskOf, type MergePorts, type MergeRequest } from '@obsgate/core/merge';
import { EXIT } from '@obsgate/core/report';
import { renderMergeText, type MergeView } from '@obsgate/core/report/merge';
import { deleteBranch, mayDelete, planPull, readDefaultConfig } from '@obsgate/github/merge';
import { openJob, type GitHubJob } from '../github-session.ts';
import { requestedMerges } from './event.ts';
import type { Context } from './definition.ts';
import { finishPorts, mergePorts, PERMISSIONS } from './ports.ts';
import { publish } from './publish.ts';
import { makeFolder, writeResults, writeSnapshot } from './results.ts';

/** The transaction begins no further step after this; what is left of 60 s is for restoring. */
const DEADLINE_MS = 45_000;

/** Reads what is asked for, decides, merges, and reports: one pull request after the other. */
export async function autoRelaxMerge(context: Context): Promise<number> {
  const { inputs, env } = context;
  const opened = await openJob(inputs, PERMISSIONS, env);
  if (opened.kind === 'refused') return refuse(context, opened.reasons);
  const { job } = opened;
  try {
    const read = await readDefaultConfig(job.client, inputs.config ?? '.obsgate.yml');
    if (read.kind === 'refused') return await refuse(context, read.reasons);
    const asked = await requestedMerges(env, read.config, inputs.pr);
    if (asked.kind === 'nothing') return await nothing(context, asked.message);
    const ports = mergePorts(job, read.config, inputs['seal-key']);
    // What runs before this one left behind: nothing is merged over an open window.
    if (!inputs['dry-run']) await finishOpenLeases(finishPorts(ports));
    const folder = await makeFolder(env);
    // Said at once, so that later steps find it whatever becomes of this one.
    await context.setOutputs({ snapshot: folder });
    const views: MergeView[] = [];
    const refused: Reason[] = [];
    for (const request of asked.requests) {
      const view = await mergeOne(request, job, ports, folder, context);
      if ('reasons' in view) refused.push(...view.reasons);
      else if ('over' in view) printInert(`nothing to do: ${view.over}\n`);
      else views.push(view);
    }
    if (views.length === 0 && refused.length === 0) return await nothing(context, 'no pull request is open');
    const code = views.length === 0 ? EXIT.pass : await writeResults(views, folder, context);
    if (refused.length === 0) return code;
    // What was merged is told all the same.
    await refuse(context, refused, views);
    return code === EXIT.pass ? EXIT.undecided : code;
  } finally {
    await job.close();
  }
}

async function mergeOne(
  request: MergeRequest,
  job: GitHubJob,
  ports: MergePorts,
  folder: string,
  context: Context,
): Promise<MergeView | { readonly reasons: readonly Reason[] } | { readonly over: string }> {
  const { client, merger } = job;
  const planned = await planPull(request, { ...ports, client, merger });
  if (planned.kind === 'refused') return planned;
  const { plan } = planned;
  const { number, state } = plan.facts.pull;
  if (state !== 'open') return { over: `#${number} is ${state} already` };
  const dryRun = context.inputs['dry-run'];
  const actor = request.trigger.kind === 'checks' ? (job.login ?? 'obsgate') : request.trigger.actor.login;
  const task = taskOf(plan, job.run, actor);
  if (task === undefined || dryRun) {
    const view = { plan, report: null, dryRun };
    printInert(renderMergeText(view));
    if (!dryRun) await publish(view, job);
    return view;
  }
  await writeSnapshot(folder, task);
  // Before the lease: whatever happens from here on, the post step knows that there may be something to finish.
  await saveState({ lease: 'begun' });
  const stop = AbortSignal.any([context.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const report = await runMerge(task, ports, stop);
  const view = { plan, report, dryRun };
  printInert(renderMergeText(view));
  if (!context.signal.aborted) await publish(view, job);
  const { facts } = plan;
  if (report.outcome === 'pass' && mayDelete(facts, planned.config)) {
    const kept = await deleteBranch(client, facts.pull.head.branch, facts.pull.head.sha);
    if (kept !== undefined) printInert(`${kept.code}: ${kept.message}\n`);
  }
  return view;
}

async function nothing({ setOutputs }: Context, message: string): Promise<number> {
  printInert(`nothing to do: ${message}\n`);
  await setOutputs({ outcome: 'pass', merged: false, 'reason-codes': [] });
  return EXIT.pass;
}

async function refuse(
  { setOutputs }: Context,
  reasons: readonly Reason[],
  views: readonly MergeView[] = [],
): Promise<number> {
  const text = reasons.map(({ code, message }) => `${code}: ${message}`).join('\n');
  printInert(`could not decide:\n${text}\n`);
  await writeSummary('### auto-relax-merge could not decide\n\nThe log of the step says why.\n');
  const merged = views.some(({ report }) => report?.merged === true);
  await setOutputs({ outcome: 'error', merged, 'reason-codes': [...new Set(reasons.map(({ code }) => code))] });
  return EXIT.undecided;
}
