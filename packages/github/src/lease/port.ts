import { randomBytes } from 'node:crypto';
import { ConfigError } from '@obsgate/core/kernel';
import { LEAST_SEAL_KEY_BYTES, type LeasePort } from '@obsgate/core/ledger';
import type { GitHubClient } from '../client/index.ts';
import { acquireLease } from './acquire.ts';
import type { LeaseContext } from './context.ts';
import { listLeases, readLease } from './read.ts';
import { releaseLease } from './release.ts';
import { takeOverLease } from './take-over.ts';

export type LeaseOptions = {
  readonly repositoryId: number;
  readonly run: { readonly id: number; readonly attempt: number };
  /** Secret of at least 32 bytes, the same in every run of the repository. */
  readonly sealKey: string;
  /** How long a lease that is taken over is held, 5 minutes by default. */
  readonly takeOverMs?: number;
  readonly now?: () => number;
};

/**
 * Leases as refs of the repository. Each is a commit whose message is the sealed lease: creating the ref claims it,
 * and taking over is a commit on top of the old one, which GitHub refuses to all but the first.
 * @throws ConfigError when the seal key is too short to protect anything.
 */
export function leasePort(client: GitHubClient, options: LeaseOptions): LeasePort {
  if (Buffer.byteLength(options.sealKey) < LEAST_SEAL_KEY_BYTES) {
    throw new ConfigError(
      `the seal key must have ${LEAST_SEAL_KEY_BYTES} bytes or more; make one with: openssl rand -base64 48`,
      'seal-key',
    );
  }
  const context: LeaseContext = {
    client,
    repositoryId: options.repositoryId,
    run: options.run,
    sealKey: options.sealKey,
    takeOverMs: options.takeOverMs ?? 300_000,
    now: options.now ?? Date.now,
    random: randomBytes,
  };
  return {
    acquire: (request) => acquireLease(context, request),
    read: (branch) => readLease(context, branch),
    list: (except) => listLeases(context, except),
    takeOver: (stale) => takeOverLease(context, stale),
    release: (held) => releaseLease(context, held),
  };
}
