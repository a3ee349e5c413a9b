import { sameProtection, type ProtectionSnapshot } from '@obsgate/core/protection';
import type { AuditEntry } from '@obsgate/core/ledger';
import { CHECK, connectTo, mergePortsOf, type Stage } from './stage.ts';

/** Reverts may be merged past reviews by our App's bypass, and wait for no check that the bypass lifts. */
export const REVERT_PACK = `scenario: revert
description: reverts that are proven by their trees
allow_paths: ["**"]
required_contexts: ["${CHECK}"]
relaxable: true
relax: bypass
cooldown: 2h
`;

/** An approval and a check are required; our App is on no bypass list. */
export function protectMain({ repo }: Stage): void {
  repo.ruleset({
    name: 'main rules',
    bypassActors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }],
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_review_thread_resolution: true,
          allowed_merge_methods: ['merge', 'squash', 'rebase'],
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          do_not_enforce_on_create: false,
          required_status_checks: [{ context: CHECK }],
        },
      },
    ],
  });
}

export async function protectionOf(stage: Stage): Promise<ProtectionSnapshot> {
  const read = await mergePortsOf(await connectTo(stage), stage).protection.read('main');
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
  return read.snapshot;
}

export function isSame(a: ProtectionSnapshot, b: ProtectionSnapshot): boolean {
  return sameProtection(a, b);
}

/** Entries of rollbacks in the ledger, oldest first. */
export function rollbackEntries({ repo }: Stage): Pick<AuditEntry, 'stage' | 'result' | 'reasons' | 'ctx'>[] {
  const months = ['2026-10', '2026-11', '2026-12', new Date().toISOString().slice(0, 7)];
  const texts = [...new Set(months)].map((month) => repo.file('obsgate-ledger', `audit/${month}.ndjson`) ?? '');
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry)
    .filter(({ stage }) => stage === 'rollback');
}
