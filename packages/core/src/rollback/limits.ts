import { parseDuration, type Reason } from '../kernel/index.ts';
import type { AuditEntry } from '../ledger/index.ts';
import type { RollbackFacts } from './facts.ts';
import { ROLLBACKS_PER_DAY } from './names.ts';
import type { RollbackRequest } from './request.ts';

const DAY_MS = 86_400_000;

/** What keeps rollbacks from running wild: the switch, the ledger's word, the cap. Each stops; a person goes on. */
export function limitReasons(facts: RollbackFacts, request: RollbackRequest): Reason[] {
  return [...stopReasons(facts), ...ledgerReasons(facts, request)];
}

function stopReasons({ stop }: RollbackFacts): Reason[] {
  if (stop.kind === 'none') return [];
  const message =
    stop.kind === 'stopped'
      ? `rollbacks are switched off by ${stop.by}`
      : `nobody can say whether rollbacks are switched off: ${stop.why}`;
  return [{ code: 'rollback_stopped', message }];
}

function ledgerReasons({ ledger, readAt }: RollbackFacts, request: RollbackRequest): Reason[] {
  if (ledger.kind === 'unreadable') return [...ledger.reasons];
  const since = Date.parse(readAt) - DAY_MS;
  const others = new Set(
    ledger.entries
      .filter((entry) => isRevert(entry) && Date.parse(entry.ts) > since)
      .map(({ ctx }) => `${ctx.pr} ${ctx.sha}`)
      .filter((merge) => merge !== `${request.pull} ${request.mergeSha}`),
  );
  if (others.size < ROLLBACKS_PER_DAY) return [];
  const message = `${others.size} merges were rolled back within a day; at most ${ROLLBACKS_PER_DAY} are without a person`;
  return [{ code: 'rollback_cap', message }];
}

/** An entry of a rollback that opened or merged a revert. */
function isRevert({ stage, ctx }: AuditEntry): boolean {
  return stage === 'rollback' && (typeof ctx['revert_pr'] === 'number' || typeof ctx['revert_sha'] === 'string');
}

/**
 * A second rollback of one scenario within its rest: the first did not help, or the scenario goes wrong as such. The
 * pull request is opened, and a person decides.
 */
export function cooldownReasons(facts: RollbackFacts, request: RollbackRequest): Reason[] {
  const { ledger, readAt, rulepacks } = facts;
  const pack = rulepacks.rulepacks.find(({ scenario }) => scenario === request.scenario);
  const rest = pack?.cooldown === undefined ? undefined : parseDuration(pack.cooldown);
  if (pack === undefined || rest === undefined || ledger.kind === 'unreadable') return [];
  const since = Date.parse(readAt) - rest.ms;
  const before = ledger.entries.find(
    (entry) =>
      isRevert(entry) &&
      entry.ctx.scenario === pack.scenario &&
      (entry.ctx.pr !== request.pull || entry.ctx.sha !== request.mergeSha) &&
      Date.parse(entry.ts) > since,
  );
  if (before === undefined) return [];
  const message = `scenario ${pack.scenario} was rolled back at ${before.ts} (#${before.ctx.pr}) and rests for ${pack.cooldown}`;
  return [{ code: 'cooldown', message, subject: pack.scenario }];
}
