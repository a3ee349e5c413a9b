import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printInert, saveState, writeSummary } from '@obsgate/action-kit';
import { finishOpenLeases } from '@obsgate/core/guard';
import { ConfigError, type Reason } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import {
  breachSchema,
  renderRollbackMarkdown,
  renderRollbackText,
  requestOf,
  runRollback,
  type RollbackReport,
  type RollbackRequest,
} from '@obsgate/core/rollback';
import { readDefaultConfig } from '@obsgate/github/merge';
import { finishPorts } from '../auto-relax-merge/ports.ts';
import { openJob } from '../github-session.ts';
import type { Context } from './definition.ts';
import { PERMISSIONS, portsOf } from './ports.ts';

/** No step of the merge is begun after this; what is left of the job is for restoring and telling. */
const DEADLINE_MS = 120_000;

const EXITS = { pass: EXIT.pass, fail: EXIT.fail, hold: EXIT.undecided, error: EXIT.fail } as const;

/** Finishes open leases, takes the merge back or says why not, and reports. */
export async function autoRollback(context: Context): Promise<number> {
  const { inputs, env } = context;
  const request = requestFrom(inputs);
  const opened = await openJob(inputs, PERMISSIONS, env);
  if (opened.kind === 'refused') return refuse(context, opened.reasons);
  const { job } = opened;
  try {
    const read = await readDefaultConfig(job.client, '.obsgate.yml');
    if (read.kind === 'refused') return await refuse(context, read.reasons);
    const ports = portsOf(job, read.config, inputs['seal-key'], env);
    if (request.mode === 'live') {
      // Whatever happens from here on, the post step knows that there may be something to finish.
      await saveState({ lease: 'begun' });
      await finishOpenLeases(finishPorts(ports.merge));
    }
    const stop = AbortSignal.any([context.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const report = await runRollback(request, ports, { merger: job.merger, run: job.run, stop });
    printInert(renderRollbackText(report));
    return await writeResults(report, context);
  } finally {
    await job.close();
  }
}

function requestFrom(inputs: Context['inputs']): RollbackRequest {
  const breach = breachSchema.safeParse({
    pr: inputs.pr,
    merge_sha: inputs['merge-sha'],
    scenario: inputs.scenario ?? null,
    verdict: inputs.verdict ?? '',
  });
  if (!breach.success) throw new ConfigError(breach.error.issues[0]?.message ?? 'is no commit', 'merge-sha');
  return requestOf(breach.data, inputs.reason, inputs['dry-run'] ? 'shadow' : 'live');
}

async function writeResults(report: RollbackReport, { setOutputs, env }: Context): Promise<number> {
  const path = join(await folderFor(env), 'auto-rollback.json');
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  const { outcome, revertPull, revertSha, recovery } = report;
  await setOutputs({
    outcome,
    report: path,
    'reason-codes': [...new Set(report.reasons.map(({ code }) => code))],
    ...(revertPull === null ? {} : { 'revert-pr': revertPull }),
    ...(revertSha === null ? {} : { 'revert-sha': revertSha }),
    recovered: recoveredOf(recovery),
  });
  await writeSummary(renderRollbackMarkdown(report));
  return EXITS[outcome];
}

function recoveredOf(recovery: RollbackReport['recovery']): 'true' | 'false' | 'unconfirmed' {
  if (recovery === null || recovery.kind === 'unconfirmed') return 'unconfirmed';
  return recovery.kind === 'recovered' ? 'true' : 'false';
}

async function folderFor(env: NodeJS.ProcessEnv): Promise<string> {
  const temporary = env['RUNNER_TEMP'] ?? '';
  const parent = temporary === '' ? tmpdir() : temporary;
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'obsgate-rollback-'));
}

async function refuse({ setOutputs }: Context, reasons: readonly Reason[]): Promise<number> {
  printInert(`could not decide:\n${reasons.map(({ code, message }) => `${code}: ${message}`).join('\n')}\n`);
  await writeSummary('### auto-rollback could not decide\n\nThe log of the step says why.\n');
  const codes = [...new Set(reasons.map(({ code }) => code))];
  await setOutputs({ outcome: 'error', recovered: 'unconfirmed', 'reason-codes': codes });
  return EXIT.undecided;
}
