import type { Reason } from '../kernel/index.ts';
import type { RollbackFacts } from './facts.ts';
import { landCommit } from './land-commit.ts';
import { landPull, type Landing, type LandOptions } from './land.ts';
import { labelRevert, makeRevert, openRevert, type Work } from './open.ts';
import { planRollback, type RollbackPlan } from './plan.ts';
import type { Recovery, RollbackPorts } from './port.ts';
import { proveRevert } from './prove.ts';
import { rollbackEntry, tell } from './record.ts';
import type { RollbackReport, RollbackStep } from './report.ts';
import type { RollbackRequest } from './request.ts';

type Draft = { -readonly [K in keyof RollbackReport]: RollbackReport[K] } & { readonly timeline: RollbackStep[] };

/**
 * Takes one merge back, or finishes what an earlier run began, or says why not. Every write is preceded by a look at
 * what is there, so that it may be run again after any crash, and by two at once. In shadow mode nothing is written.
 */
export async function runRollback(
  request: RollbackRequest,
  ports: RollbackPorts,
  options: LandOptions,
): Promise<RollbackReport> {
  const draft = begin(request);
  const read = await ports.facts.read(request);
  if (read.kind === 'refused') return { ...draft, outcome: 'error', reasons: read.reasons };
  const { facts } = read;
  const note = (step: RollbackStep['step'], what: string): void =>
    void draft.timeline.push({ step, at: new Date(ports.clock.now()).toISOString(), what });
  note('read', 'the rollback was asked for, and the facts were read');
  const plan = planRollback(facts, request);
  Object.assign(draft, planned(plan));
  if (request.mode === 'shadow' || (plan.kind === 'done' && !plan.finish)) return draft;
  if (plan.kind === 'revert') await revert({ facts, plan, request, ports }, draft, options, note);
  if (draft.reverted) draft.recovery = await recover(draft, ports, options.stop);
  if (plan.kind === 'refuse' && plan.reasons.some(({ code }) => code === 'not_merged')) return draft;
  await record(facts, draft, ports);
  return draft;
}

/** What a rollback would come to, from facts alone. */
export function shadowRollback(facts: RollbackFacts, request: RollbackRequest): RollbackReport {
  return { ...begin({ ...request, mode: 'shadow' }), ...planned(planRollback(facts, request)) };
}

function planned(plan: RollbackPlan): Partial<Draft> {
  const { reasons } = plan;
  switch (plan.kind) {
    case 'refuse':
      return { plan, reasons, outcome: plan.outcome };
    case 'done': {
      const { pull, sha } = plan.already;
      return { plan, reasons, outcome: 'pass', reverted: true, revertPull: pull, revertSha: sha };
    }
    case 'revert':
      return { plan, reasons, outcome: plan.land === 'ask' ? 'hold' : 'pass' };
  }
}

function begin(request: RollbackRequest): Draft {
  return {
    schema: 'obsgate.rollback/1',
    outcome: 'error',
    reasons: [],
    request,
    plan: null,
    reverted: false,
    revertPull: null,
    revertSha: null,
    merge: null,
    recovery: null,
    incident: null,
    timeline: [],
  };
}

type Note = (step: RollbackStep['step'], what: string) => void;

async function revert(work: Work, draft: Draft, options: LandOptions, note: Note): Promise<void> {
  const { plan } = work;
  if (plan.land === 'commit') {
    const landing = await straight(work, options);
    if (landing !== null) return settle(draft, landing, note);
  }
  const opened = await openRevert(work);
  if (opened.kind === 'stop') {
    draft.outcome = opened.outcome;
    draft.reasons = [...plan.reasons, ...opened.reasons];
    return;
  }
  draft.revertPull = opened.pull;
  note('open', `the revert is open as #${opened.pull}`);
  const unlabelled = await labelRevert(work, opened.pull);
  await land(work, draft, opened.head, options, note);
  draft.reasons = [...draft.reasons, ...unlabelled];
}

async function land(
  work: Work,
  draft: Draft,
  head: Parameters<typeof proveRevert>[1] | null,
  options: LandOptions,
  note: Note,
): Promise<void> {
  const { plan, facts } = work;
  draft.outcome = 'hold';
  if (plan.land === 'ask' || head === null || draft.revertPull === null) return;
  const proved = proveRevert(facts, head);
  if (proved.kind === 'unproved') {
    draft.reasons = [...plan.reasons, proved.reason];
    return;
  }
  settle(draft, await landPull(proved.proof, draft.revertPull, work, options), note);
  if (!draft.reverted || !facts.config.merge.delete_branch) return;
  draft.reasons = [...draft.reasons, ...(await work.ports.write.deleteBranch(plan.branch))];
}

/** Null: a pull request is needed after all. */
async function straight(work: Work, { merger }: LandOptions): Promise<Landing | null> {
  const made = await makeRevert(work);
  if (made.kind !== 'made') return null;
  const proved = proveRevert(work.facts, made.commit);
  return proved.kind === 'proved' ? landCommit(proved.proof, work, merger) : null;
}

function settle(draft: Draft, { outcome, sha, reasons, report }: Landing, note: Note): void {
  Object.assign(draft, { outcome, reasons, merge: report, revertSha: sha, reverted: sha !== null });
  if (sha !== null) note('merge', `the revert is on the base branch as ${sha}`);
}

/** Only the judge's data can say that the service recovered. */
async function recover(draft: Draft, { recovery, clock }: RollbackPorts, stop: AbortSignal): Promise<Recovery> {
  if (recovery === null) return { kind: 'unconfirmed', message: 'nobody judges the SLOs after the rollback here' };
  const { request, revertSha } = draft;
  if (revertSha === null) return { kind: 'unconfirmed', message: 'the commit of the revert is not known' };
  const revertedAt = new Date(clock.now()).toISOString();
  const asked = { pull: request.pull, mergeSha: request.mergeSha, revertSha, revertedAt };
  return recovery.judge(asked, stop).catch((error: unknown) => ({ kind: 'unconfirmed', message: String(error) }));
}

/** The ledger comes last: what it does not say, the next run does again, and comments are updated in place. */
async function record(facts: RollbackFacts, draft: Draft, ports: RollbackPorts): Promise<void> {
  const told = await tell(facts, draft, ports);
  draft.incident = told.incident;
  const failed: Reason[] = [...told.reasons];
  const entry = rollbackEntry(facts, draft);
  if (entry !== null) {
    const appended = await ports.ledger.append([entry]);
    // A rollback that is not on record is not counted by the cap.
    if (appended.kind === 'refused') {
      failed.push(...appended.reasons);
      draft.outcome = 'error';
    }
  }
  draft.reasons = [...draft.reasons, ...failed];
}
