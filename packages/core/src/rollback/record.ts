import type { AuditFacts } from '../ledger/index.ts';
import type { Reason } from '../kernel/index.ts';
import type { RollbackFacts } from './facts.ts';
import type { RollbackPorts } from './port.ts';
import type { RollbackReport } from './report.ts';
import { code, reasonLine } from './texts.ts';

type Subject = Omit<RollbackReport, 'incident'>;

/** What goes on record of a rollback: one entry for what came of it, none for what is on record already. */
export function rollbackEntry(facts: RollbackFacts, report: Subject): AuditFacts | null {
  const { request, revertPull, revertSha, reverted } = report;
  const entry: AuditFacts = {
    stage: 'rollback',
    result: reverted ? 'done' : report.outcome,
    reasons: [...new Set(report.reasons.map((reason) => reason.code))],
    ctx: {
      pr: request.pull,
      sha: request.mergeSha,
      base: facts.pull.baseBranch,
      ...(request.scenario === null ? {} : { scenario: request.scenario }),
      ...(revertPull === null ? {} : { revert_pr: revertPull }),
      ...(revertSha === null ? {} : { revert_sha: revertSha }),
      ...(report.recovery === null ? {} : { recovery: report.recovery.kind }),
      ...(request.verdict === '' ? {} : { verdict: request.verdict }),
    },
  };
  return isOnRecord(facts, entry) ? null : entry;
}

/** A run that finds the same state as the one before it says nothing new, and does not make a scenario rest longer. */
function isOnRecord({ ledger }: RollbackFacts, { result, reasons, ctx }: AuditFacts): boolean {
  if (ledger.kind === 'unreadable') return false;
  const last = ledger.entries.findLast(
    (entry) => entry.stage === 'rollback' && entry.ctx.pr === ctx.pr && entry.ctx.sha === ctx.sha,
  );
  return (
    last?.result === result &&
    last.reasons.toSorted().join() === reasons.toSorted().join() &&
    last.ctx['revert_pr'] === ctx['revert_pr']
  );
}

/** Tells everybody concerned: the merged pull request, the revert, and an incident issue with the timeline. */
export async function tell(
  facts: RollbackFacts,
  report: Subject,
  ports: RollbackPorts,
): Promise<{ readonly incident: number | null; readonly reasons: readonly Reason[] }> {
  const { request, revertPull } = report;
  const body = story(facts, report);
  const raised = await ports.write.incident({
    name: `rollback ${request.pull} ${request.mergeSha}`,
    title: `Rollback of #${request.pull}: ${headline(report)}`,
    body,
  });
  const incident = raised.kind === 'written' ? raised.value : null;
  const link = incident === null ? '' : `\nIncident: #${incident}\n`;
  const numbers = [request.pull, ...(revertPull === null ? [] : [revertPull])];
  const failed: Reason[] = raised.kind === 'refused' || raised.kind === 'unconfirmed' ? [...raised.reasons] : [];
  for (const number of numbers) {
    // oxlint-disable-next-line no-await-in-loop -- GitHub wants writes of one account one after the other
    failed.push(...(await ports.write.comment(number, 'rollback', body + link)));
  }
  return { incident, reasons: failed };
}

function headline({ reverted, outcome, revertPull }: Subject): string {
  if (reverted) return outcome === 'pass' ? 'reverted' : 'reverted, with trouble';
  if (revertPull !== null) return `waits at #${revertPull}`;
  return outcome === 'hold' ? 'on hold' : 'not reverted';
}

function story({ pull }: RollbackFacts, report: Subject): string {
  const { request, reasons, timeline, recovery, merge } = report;
  return [
    `### Rollback of #${request.pull}: ${headline(report)}`,
    '',
    `Merged as ${request.mergeSha} on ${code(pull.baseBranch)}.`,
    `Why: ${code(request.reason)}`,
    ...(request.metrics.length === 0 ? [] : [`Metrics in breach: ${request.metrics.map(code).join(', ')}`]),
    ...(report.revertPull === null ? [] : [`Revert: #${report.revertPull}`]),
    ...(report.revertSha === null ? [] : [`Reverted by ${report.revertSha}`]),
    ...(merge === null ? [] : [`Merged by way of ${code(merge.rung)}; protection ${code(merge.restore)}`]),
    ...(recovery === null ? [] : [`Recovery: **${recovery.kind}** (${code(recovery.message)})`]),
    ...(reasons.length === 0 ? [] : ['', ...reasons.map((reason) => `- ${reasonLine(reason)}`)]),
    '',
    '| time | what happened |',
    '| --- | --- |',
    ...(pull.mergedAt === null ? [] : [`| ${pull.mergedAt} | #${request.pull} merged |`]),
    ...timeline.map(({ at, what }) => `| ${at} | ${what.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}
