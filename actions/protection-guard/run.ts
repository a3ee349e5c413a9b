import { printInert, writeSummary, type OutputValue } from '@obsgate/action-kit';
import type { EndedRun, GuardReport } from '@obsgate/core/guard';
import { renderGuardMarkdown, renderGuardText } from '@obsgate/core/report/guard';
import { guardRepository } from '@obsgate/github/guard';
import { leasePort } from '@obsgate/github/lease';
import { ledgerPort } from '@obsgate/github/ledger';
import { readDefaultConfig } from '@obsgate/github/merge';
import { protectionPort } from '@obsgate/github/protection';
import { clock, openJob, type GitHubJob } from '../github-session.ts';
import { writeJsonReport } from '../json-report.ts';
import { endedRuns } from './ended-runs.ts';

type Inputs = {
  readonly config: string | undefined;
  readonly 'github-token': string | undefined;
  readonly 'app-id': string | undefined;
  readonly 'app-private-key': string | undefined;
  readonly 'seal-key': string;
  readonly baseline: string | undefined;
  readonly branches: readonly string[] | undefined;
};

type Surroundings = {
  readonly env: NodeJS.ProcessEnv;
  readonly setOutputs: (values: Readonly<Record<string, OutputValue | undefined>>) => Promise<void>;
};

const EXIT_CODES = { pass: 0, breach: 1, error: 3, hold: 3 } as const;

/** What the guard has to be allowed: to restore, to move refs and append, and to call people. */
const PERMISSIONS = { administration: 'write', contents: 'write', issues: 'write' } as const;

/** Runs the guard once, and reports it. A round is not cut short by a cancel: it only ever adds protection. */
export async function runProtectionGuard(inputs: Inputs, { env, setOutputs }: Surroundings): Promise<number> {
  const opened = await openJob(inputs, PERMISSIONS, env);
  const report = opened.kind === 'open' ? await guardAndClose(opened.job, inputs, env) : refusedReport(opened.reasons);
  await setOutputs({
    outcome: report.outcome,
    restored: report.restored,
    leases: report.open,
    'reason-codes': [...new Set(report.reasons.map(({ code }) => code))],
    report: await writeJsonReport('protection-guard', report, env),
  });
  await writeSummary(renderGuardMarkdown(report));
  printInert(renderGuardText(report));
  return EXIT_CODES[report.outcome];
}

async function guardAndClose(job: GitHubJob, inputs: Inputs, env: NodeJS.ProcessEnv): Promise<GuardReport> {
  try {
    return await guard(job, inputs, await endedRuns(env));
  } finally {
    await job.close();
  }
}

async function guard(job: GitHubJob, inputs: Inputs, ended: readonly EndedRun[]): Promise<GuardReport> {
  const { client, repositoryId, run } = job;
  const config = await readDefaultConfig(client, inputs.config ?? '.obsgate.yml');
  if (config.kind === 'refused') return refusedReport(config.reasons);
  const { merge, ledger } = config.config;
  const ports = {
    protection: protectionPort(client),
    leases: leasePort(client, { repositoryId, run, sealKey: inputs['seal-key'] }),
    ledger: ledgerPort(client, { branch: ledger.branch, run, actor: job.login ?? 'obsgate' }),
    sleep: clock.sleep,
  };
  return guardRepository(client, {
    ports,
    ended,
    baseline: { path: inputs.baseline ?? '.obsgate/protection.json', required: inputs.baseline !== undefined },
    branches: inputs.branches ?? merge.base_branches,
  });
}

function refusedReport(reasons: GuardReport['reasons']): GuardReport {
  const protection = { schema: 'obsgate.protection-baseline/1', branches: {} } as const;
  return {
    schema: 'obsgate.guard/1',
    outcome: 'error',
    reasons,
    restored: 0,
    open: 0,
    leases: [],
    drift: [],
    protection,
  };
}
