import { finishOpenLeases } from '@obsgate/core/guard';
import { runMerge, type MergeReport } from '@obsgate/core/merge';
import { canonicalJson, type ProtectionSnapshot } from '@obsgate/core/protection';
import type { LedgerPort } from '@obsgate/core/ledger';
import { ledgerPort } from '@obsgate/github/ledger';
import type { Fault } from '../github-double/index.ts';
import { clientOf, portsOf, protectFor, RUN, startStage, taskFor, type RungCase, type Stage } from './stage.ts';

/** What happens at the k-th request of the transaction. */
export const CRASHES = [
  // After the effect; before it is the same as after the request before.
  'killed',
  'terminated',
  'dropped-before-effect',
  'dropped-after-effect',
  'status-502-before-effect',
  'status-502-after-effect',
  'timeout-before-effect',
  'timeout-after-effect',
] as const;
export type Crash = (typeof CRASHES)[number];

/** Who finishes: the job's post step, or another run after the lease has expired. */
export const FINISHERS = ['post', 'guard'] as const;
export type Finisher = (typeof FINISHERS)[number];

export type CrashCase = RungCase & { readonly crash: Crash; readonly at: number; readonly finisher: Finisher };

/** Short enough for a test, long enough for the double on a busy machine. */
const TIMEOUT_MS = 1500;
/** Past the expiry of any lease that the transaction takes. */
const LATER_MS = 3_600_000;

function faultOf(crash: Crash, kill: () => void, terminate: () => void): Fault {
  switch (crash) {
    case 'killed':
      return { do: 'hook', when: 'after', run: kill };
    case 'terminated':
      return { do: 'hook', when: 'before', run: terminate };
    case 'dropped-before-effect':
      return { do: 'drop', effect: 'none' };
    case 'dropped-after-effect':
      return { do: 'drop', effect: 'applied' };
    case 'status-502-before-effect':
      return { do: 'status', status: 502, effect: 'none' };
    case 'status-502-after-effect':
      return { do: 'status', status: 502, effect: 'applied' };
    case 'timeout-before-effect':
      return { do: 'hang', effect: 'none' };
    case 'timeout-after-effect':
      return { do: 'hang', effect: 'applied' };
  }
}

/** What is wrong after a crash and its finishing; empty when all held. */
export async function playCrash(crash: CrashCase): Promise<string[]> {
  const stage = await startStage({ mergeableNullReads: 0 });
  try {
    protectFor(crash, stage);
    return await crashAndFinish(stage, crash);
  } finally {
    await stage.double.close();
  }
}

async function crashAndFinish(stage: Stage, crash: CrashCase): Promise<string[]> {
  const before = await liveProtection(stage);
  const tipBefore = stage.repo.tip('main') ?? '';
  const killed = new AbortController();
  const stop = new AbortController();
  const report = await crashedRun(stage, crash, killed, stop);
  stage.double.faults.clear();
  const wrong = killed.signal.aborted ? [] : await lies(stage, report, before);
  if (crash.finisher === 'post') await finish(stage, RUN, 0);
  // Whatever the post step did, a guard that comes later has to leave the same.
  await finish(stage, { id: RUN.id + 1, attempt: 1 }, LATER_MS);
  return [...wrong, ...(await remains(stage, before, tipBefore))];
}

async function crashedRun(
  stage: Stage,
  { rung, kind, crash, at }: CrashCase,
  killed: AbortController,
  stop: AbortController,
): Promise<MergeReport> {
  const client = (await clientOf(stage, { timeoutMs: crash.startsWith('timeout') ? 250 : TIMEOUT_MS })).until(
    killed.signal,
  );
  const ports = portsOf(client, stage, { ledger: ledgerFor(client) });
  const task = await taskFor(stage, ports, { rung, kind });
  stage.double.faults.resetCounter();
  stage.double.clearRequests();
  const fault = faultOf(
    crash,
    () => killed.abort(),
    () => stop.abort(),
  );
  stage.double.faults.add({ at, fault });
  return runMerge(task, ports, stop.signal);
}

function ledgerFor(client: Parameters<typeof ledgerPort>[0]): ReturnType<typeof ledgerPort> {
  const run = { ...RUN, url: 'https://github.com/acme/obs/actions/runs/4711' };
  return ledgerPort(client, { actor: 'obsgate[bot]', run, sleep: async () => undefined });
}

async function finish(stage: Stage, run: typeof RUN, later: number): Promise<void> {
  const client = await clientOf(stage);
  const now = (): number => Date.now() + later;
  const { protection, lease: leases } = portsOf(client, stage, { run, now });
  await finishOpenLeases({ protection, leases, ledger: ledgerFor(client), sleep: async () => undefined });
}

export async function liveProtection(stage: Stage): Promise<ProtectionSnapshot> {
  const read = await portsOf(await clientOf(stage), stage).protection.read('main');
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
  return read.snapshot;
}

/** What the report says and what is not so. */
async function lies(stage: Stage, report: MergeReport, before: ProtectionSnapshot): Promise<string[]> {
  const wrong: string[] = [];
  const live = await liveProtection(stage);
  const closed = report.restore === 'restored' || report.restore === 'not_needed';
  if (closed && canonicalJson(live) !== canonicalJson(before)) wrong.push(`says ${report.restore}, and it is not`);
  const merged = stage.pull.mergedAt !== null;
  if (report.merged && !merged) wrong.push('says merged, and it is not');
  if (merged && !report.merged && !report.reasons.some(({ code }) => code === 'merge_unconfirmed'))
    wrong.push(`was merged, and says ${report.outcome}: ${JSON.stringify(report.reasons)}`);
  if (report.merged && report.sha !== stage.repo.tip('main')) wrong.push('names another commit than the merge');
  if (report.outcome === 'pass' && (!merged || !closed)) wrong.push('passes without having merged and restored');
  return wrong;
}

/** What has to hold in the end, whatever happened. */
async function remains(stage: Stage, before: ProtectionSnapshot, tipBefore: string): Promise<string[]> {
  const { repo, pull } = stage;
  const wrong: string[] = [];
  const live = await liveProtection(stage);
  if (canonicalJson(live) !== canonicalJson(before)) wrong.push('the protection is not the snapshot');
  if (repo.tip('refs/obsgate/lease/main') !== null) wrong.push('a lease is left');
  const merges = repo.state.activity.filter(({ ref, type }) => ref === 'refs/heads/main' && type === 'pr_merge');
  if (merges.length > 1) wrong.push(`${merges.length} merges`);
  const merged = pull.mergedAt !== null;
  if (merged !== (merges.length === 1)) wrong.push('the pull request and the branch disagree');
  if (!merged && repo.tip('main') !== tipBefore) wrong.push('the branch moved without a merge');
  if (merged && (merges[0]?.before !== tipBefore || repo.file('main', 'docs/guide.md') !== 'text\n'))
    wrong.push('something else was merged');
  return wrong;
}

/** Requests that the transaction of a rung makes when nothing happens. */
export async function countRequests(rung: RungCase, ledger?: LedgerPort): Promise<number> {
  const stage = await startStage({ mergeableNullReads: 0 });
  try {
    protectFor(rung, stage);
    const client = await clientOf(stage);
    const ports = portsOf(client, stage, { ledger: ledger ?? ledgerFor(client) });
    const task = await taskFor(stage, ports, rung);
    stage.double.clearRequests();
    const report = await runMerge(task, ports, new AbortController().signal);
    if (report.outcome !== 'pass') throw new Error(JSON.stringify(report.reasons));
    return stage.double.requests.length;
  } finally {
    await stage.double.close();
  }
}
