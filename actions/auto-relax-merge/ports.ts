import type { Config } from '@obsgate/core/config';
import type { MergePorts } from '@obsgate/core/merge';
import type { FinishPorts } from '@obsgate/core/guard';
import { leasePort } from '@obsgate/github/lease';
import { ledgerPort } from '@obsgate/github/ledger';
import { pullPort } from '@obsgate/github/merge';
import { protectionPort } from '@obsgate/github/protection';
import { clock, type GitHubJob } from '../github-session.ts';

/** What the App's token may do: nothing of it is for the contents of workflows, so GitHub refuses to merge those. */
export const PERMISSIONS = {
  administration: 'write',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'read',
  statuses: 'read',
  actions: 'read',
} as const;

/** The transaction's ports for this job. */
export function mergePorts(
  { client, run, repositoryId, login }: GitHubJob,
  config: Config,
  sealKey: string,
): MergePorts {
  return {
    protection: protectionPort(client),
    lease: leasePort(client, { repositoryId, run, sealKey }),
    ledger: ledgerPort(client, { branch: config.ledger.branch, actor: login ?? 'obsgate', run }),
    pull: pullPort(client),
    clock,
  };
}

/** The same, as finishing leases asks for them. */
export function finishPorts({ protection, lease, ledger }: MergePorts): FinishPorts {
  return { protection, leases: lease, ledger, sleep: async (ms) => clock.sleep(ms) };
}
