import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputValue } from '@obsgate/action-kit';
import type { AuditEntry } from '@obsgate/core/ledger';
import * as z from 'zod';
import { postMergeQualityWatch } from '../../actions/post-merge-quality-watch/run.ts';
import { mergedPull, startStage, type Stage } from '../rollback/stage.ts';

export const MINUTE = 60;

/** One objective: less than 0.3 % of the requests of a job fail. */
export function sloFile(job: string): string {
  const all = `sum(increase(app_requests_total{job="${job}"}[1m]))`;
  const bad = `sum(increase(app_requests_total{job="${job}",code=~"5.."}[1m]))`;
  return `slo:\n  errors:\n    bad: '${bad}'\n    total: '${all}'\n    max: 0.003\n`;
}

export type WatchStage = Stage & { readonly pr: number; readonly sha: string };

/** A repository in which one pull request was merged at `mergedAt` (Unix seconds). */
export async function startWatchStage(slo: string, mergedAt: number): Promise<WatchStage> {
  const stage = await startStage();
  await stage.repo.push('main', { '.slo/shop.yml': slo }, { by: 'boss' });
  const { pull, sha } = await mergedPull(stage);
  const state = stage.repo.state.pulls.get(pull.number);
  if (state === undefined) throw new Error('the pull request is gone');
  state.mergedAt = new Date(mergedAt * 1000).toISOString().replace('.000Z', 'Z');
  return { ...stage, pr: pull.number, sha };
}

const reportSchema = z.looseObject({
  waiting: z.number(),
  queries: z.number(),
  reasons: z.array(z.looseObject({ code: z.string(), message: z.string() })),
  windows: z.array(z.looseObject({ pr: z.number(), state: z.string(), outcome: z.string() })),
});

export type WatchResult = {
  readonly code: number;
  readonly outcome: OutputValue | undefined;
  readonly breaches: OutputValue | undefined;
  readonly codes: OutputValue | undefined;
  readonly holds: OutputValue | undefined;
  readonly report: z.infer<typeof reportSchema>;
};

export type WatchOptions = {
  readonly url: string;
  readonly now: number;
  readonly dryRun?: boolean;
  readonly runId?: number;
};

/** Runs the action as its step does. */
export async function runWatch(stage: Stage, options: WatchOptions): Promise<WatchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'obsgate-watch-'));
  const outputs: Record<string, OutputValue | undefined> = {};
  try {
    const code = await postMergeQualityWatch({
      inputs: {
        config: undefined,
        'github-token': stage.token(),
        'app-id': undefined,
        'app-private-key': undefined,
        'prometheus-url': options.url,
        'prometheus-auth': undefined,
        'scrape-interval': { ms: 15_000 },
        now: String(options.now),
        'dry-run': options.dryRun === true,
      },
      setOutputs: async (values) => void Object.assign(outputs, values),
      signal: new AbortController().signal,
      env: {
        GITHUB_REPOSITORY: stage.repo.fullName,
        GITHUB_REPOSITORY_ID: String(stage.repo.state.id),
        GITHUB_API_URL: stage.double.url,
        GITHUB_RUN_ID: String(options.runId ?? 1),
        GITHUB_RUN_ATTEMPT: '1',
        RUNNER_TEMP: folder,
      },
    });
    const report = reportSchema.parse(JSON.parse(await readFile(z.string().parse(outputs['report']), 'utf8')));
    const { outcome, breaches, holds } = outputs;
    return { code, outcome, breaches, holds, codes: outputs['reason-codes'], report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Entries of the watch in the ledger, oldest first. */
export function watchEntries({ repo }: Stage): AuditEntry[] {
  const text = repo.file('obsgate-ledger', `audit/${new Date().toISOString().slice(0, 7)}.ndjson`) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry)
    .filter(({ stage }) => stage === 'watch');
}

/** Bodies of the comments on a pull request. */
export function commentsOf({ repo }: Stage, pr: number): string[] {
  return (repo.state.issues.get(pr)?.comments ?? []).map(({ body }) => body);
}
