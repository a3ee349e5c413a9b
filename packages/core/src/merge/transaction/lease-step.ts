import type { Reason } from '../../kernel/index.ts';
import { leaseContent, ruleIdOf, type ProtectionSnapshot } from '../../protection/index.ts';
import type { LeaseClaims, LeaseReading } from '../../ledger/index.ts';
import { alarm, go, halt, type Step, type StepContext, type StepEnd } from './model.ts';

/** How long a lease lasts. The transaction ends itself after 60 s; the rest is for clocks that differ. */
export const LEASE_MS = 180_000;

/** Claims the branch and seals the snapshot in one creation of a ref, before anything is changed. */
export const leaseStep: Step = { name: 'lease', act: acquire, undo: { name: 'release', act: release } };

async function acquire({ task, ports }: StepContext): Promise<StepEnd> {
  const { edit } = task.rung;
  const claims: LeaseClaims = {
    repositoryId: task.repositoryId,
    branch: task.branch,
    ruleIds: edit === null ? [] : [ruleIdOf(edit)],
    pr: task.pull,
    headSha: task.headSha,
    runId: task.run.id,
    runAttempt: task.run.attempt,
    expiresAt: new Date(ports.clock.now() + LEASE_MS).toISOString(),
  };
  const content = leaseContent(task.snapshot, edit, { scenario: task.scenario ?? '', rung: task.rung.name });
  const tree = task.treeSha === undefined ? {} : { treeSha: task.treeSha };
  const result = await ports.lease.acquire({ claims, content, ...tree });
  if (result.kind === 'refused') return halt('error', result.reasons);
  if (result.kind !== 'acquired') return halt('hold', [result.reason]);
  const { held } = result;
  const others = await ports.lease.list(held.sha);
  const inTheWay = others.flatMap((reading) => obstacle(reading, held.sha, task.snapshot));
  return inTheWay.length > 0 ? halt('hold', inTheWay, { held }) : go({ held });
}

/**
 * Leases of other branches on a rule that covers this branch too: what we read may be what they relaxed. Each of two
 * runs claims first and looks then, so at least one of them sees the other.
 */
function obstacle(reading: LeaseReading, ourSha: string, snapshot: ProtectionSnapshot): Reason[] {
  switch (reading.kind) {
    case 'none':
    case 'ours':
      return [];
    case 'refused':
      return [...reading.reasons];
    case 'unreadable':
      return reading.sha === ourSha ? [] : [...reading.reasons];
    case 'held':
    case 'stale': {
      const { claims } = reading.stale.lease;
      if (reading.stale.sha === ourSha) return [];
      const shared = claims.ruleIds.filter((id) => rulesOf(snapshot).has(id));
      if (shared.length === 0) return [];
      const message = `pull request #${claims.pr} is at work on ${shared.join(', ')}, which covers this branch as well`;
      return [{ code: 'lease_held', message, subject: claims.branch }];
    }
  }
}

function rulesOf({ classic, rulesets }: ProtectionSnapshot): Set<string> {
  const ids = rulesets.map(({ id }) => `ruleset:${id}`);
  return new Set(classic === null ? ids : [`classic:${classic.ruleId}`, ...ids]);
}

/** Kept when anything of ours may still be open or on its way: the guard then finishes it. */
async function release({ ports, progress }: StepContext): Promise<StepEnd> {
  const { held, restore } = progress;
  if (held === null) return go();
  if (restore === 'open' || restore === 'unseen') {
    const message = `the lease stays until ${held.lease.claims.expiresAt}, for protection-guard to finish`;
    return go({}, [{ code: 'restore_unconfirmed', message }]);
  }
  const result = await ports.lease.release(held);
  return result.kind === 'released' ? go() : alarm([result.reason]);
}
