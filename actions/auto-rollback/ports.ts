import type { Config } from '@obsgate/core/config';
import type { RollbackPorts } from '@obsgate/core/rollback';
import { cloneThreeWay, rollbackPorts } from '@obsgate/github/rollback';
import { mergePorts, PERMISSIONS as MERGE_PERMISSIONS } from '../auto-relax-merge/ports.ts';
import { clock, type GitHubJob } from '../github-session.ts';

/** As for merging, and to read the variable that switches rollbacks off. */
export const PERMISSIONS = { ...MERGE_PERMISSIONS, actions_variables: 'read' } as const;

/** The rollback's ports for this job. */
export function portsOf(job: GitHubJob, config: Config, sealKey: string, env: NodeJS.ProcessEnv): RollbackPorts {
  const { client, login, gitToken: token } = job;
  const merge = mergePorts(job, config, sealKey);
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const threeWay = cloneThreeWay({ url: `${server}/${client.owner}/${client.repo}.git`, token, env });
  return rollbackPorts(client, { merge, ledger: merge.ledger, clock, login, threeWay });
}
