import { printInert, writeSummary } from '@obsgate/action-kit';
import { ConfigError, worstOutcome } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import { renderWatchRun, watchRunJson, type WatchRun } from '@obsgate/core/report/watch-run';
import type { Breach } from '@obsgate/core/rollback';
import { parseTime } from '@obsgate/core/slo';
import { ledgerPort } from '@obsgate/github/ledger';
import { readDefaultConfig } from '@obsgate/github/merge';
import { parseAuth } from '@obsgate/prometheus/api';
import { openJob, type GitHubJob } from '../github-session.ts';
import { writeJsonReport } from '../json-report.ts';
import type { Context } from './definition.ts';
import { tellAndRecord } from './tell.ts';
import { stopped, watchWindows } from './watch-windows.ts';

/** To read the code and the merges, to write the ledger, comments and issues. */
const PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write' } as const;

/** A hold is the usual state of an open window; a breach and an error have to be seen. */
const EXITS = { pass: EXIT.pass, hold: EXIT.pass, breach: EXIT.fail, error: EXIT.undecided } as const;

/** Judges every window that is due, tells and records what is new, and hands the breaches on. */
export async function postMergeQualityWatch(context: Context): Promise<number> {
  const now = timeOf(context.inputs.now);
  const opened = await openJob({ ...context.inputs }, PERMISSIONS, context.env);
  if (opened.kind === 'refused') return publish(stopped({ now }, opened.reasons), context);
  const { job } = opened;
  try {
    return await publish(await watch(job, context, now), context);
  } finally {
    await job.close();
  }
}

async function watch(job: GitHubJob, { inputs, signal, setOutputs }: Context, now: number): Promise<WatchRun> {
  const read = await readDefaultConfig(job.client, inputs.config ?? '.obsgate.yml');
  if (read.kind === 'refused') return stopped({ now }, read.reasons);
  const { branch } = read.config.ledger;
  const auth = parseAuth(inputs['prometheus-auth'] ?? '');
  const run = await watchWindows({
    client: job.client,
    ledger: ledgerPort(job.client, { branch, run: job.run, actor: job.login ?? 'obsgate' }),
    config: read.config,
    server: { url: inputs['prometheus-url'], ...(auth === undefined ? {} : { auth }) },
    scrapeSeconds: inputs['scrape-interval'].ms / 1000,
    now,
    signal,
  });
  // At once: telling may take its time, and a job that is ended meanwhile has handed on what it found.
  await setOutputs({ breaches: run.breaches });
  if (inputs['dry-run']) return run;
  const reasons = await tellAndRecord(job, branch, run.decisions, now);
  // What is not on record or not told is an error of the run, beside whatever was found.
  return reasons.length === 0 ? run : { ...run, outcome: worstOutcome([run.outcome, 'error']), reasons };
}

async function publish(run: WatchRun, { setOutputs, env }: Context): Promise<number> {
  const breaches: readonly Breach[] = run.breaches;
  const codes = [...run.reasons, ...run.decisions.flatMap(({ reasons }) => reasons)].map(({ code }) => code);
  await setOutputs({
    outcome: run.outcome,
    breaches,
    holds: run.decisions.filter(({ outcome }) => outcome === 'hold' || outcome === 'error').length,
    'reason-codes': [...new Set(codes)],
    report: await writeJsonReport('post-merge-quality-watch', watchRunJson(run), env),
  });
  const summary = renderWatchRun(run);
  await writeSummary(summary);
  printInert(summary);
  return EXITS[run.outcome];
}

function timeOf(text: string | undefined): number {
  if (text === undefined) return Date.now() / 1000;
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new ConfigError('is no time; write RFC 3339 (2026-01-31T10:00:00Z) or Unix seconds', 'now');
}
