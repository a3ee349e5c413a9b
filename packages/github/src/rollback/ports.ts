import type { LedgerPort } from '@obsgate/core/ledger';
import type { Clock, MergePorts } from '@obsgate/core/merge';
import type { RecoveryPort, RollbackPorts, ThreeWayPort } from '@obsgate/core/rollback';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { readMergeFacts } from '../facts/index.ts';
import { readCommit } from './before.ts';
import { readRollbackFacts } from './read-facts.ts';
import { revertWriter } from './writer.ts';

export type RollbackPortOptions = {
  readonly merge: MergePorts;
  readonly ledger: LedgerPort;
  readonly clock: Clock;
  /** Login that comments are written by; undefined with a token. */
  readonly login: string | undefined;
  readonly threeWay?: ThreeWayPort | null;
  readonly recovery?: RecoveryPort | null;
};

/** The rollback's ports over one repository of GitHub. */
export function rollbackPorts(client: GitHubClient, options: RollbackPortOptions): RollbackPorts {
  const { merge, ledger, clock, login, threeWay = null, recovery = null } = options;
  const now = (): number => clock.now();
  return {
    facts: {
      read: (request) => readRollbackFacts(client, request, { ledger, now }),
      readMerge: async (pull, headSha) => {
        const readProtection = merge.protection.read;
        const read = await readMergeFacts(
          client,
          { pull, headSha, trigger: { kind: 'checks' } },
          { readProtection, now },
        );
        return read.kind === 'ok' ? { kind: 'ok', facts: read.facts } : read;
      },
      commit: async (sha) => {
        const answer = await readCommit(client, sha);
        return answer.kind === 'ok'
          ? { kind: 'ok', commit: answer.value }
          : { kind: 'refused', reasons: [reasonOf(answer.failure, `commit ${sha} could not be read`)] };
      },
    },
    write: revertWriter(client, login),
    merge,
    ledger,
    clock,
    threeWay,
    recovery,
  };
}
