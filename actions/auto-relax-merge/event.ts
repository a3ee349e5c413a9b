import { readFile } from 'node:fs/promises';
import type { Config } from '@obsgate/core/config';
import { ConfigError } from '@obsgate/core/kernel';
import { parseEvent, type RequestOutcome } from '@obsgate/core/merge';

/** What the job's event asks for. @throws ConfigError when there is no event, or one of another kind. */
export async function requestedMerges(
  env: NodeJS.ProcessEnv,
  { merge }: Config,
  pull: number | undefined,
): Promise<RequestOutcome> {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const path = env['GITHUB_EVENT_PATH'] ?? '';
  if (name === '' || path === '') throw new ConfigError('there is no event: this action runs in GitHub Actions');
  const payload: unknown = JSON.parse(await readFile(path, 'utf8'));
  return parseEvent(name, payload, {
    labels: merge.labels,
    commands: [merge.command],
    ...(pull === undefined ? {} : { pull }),
  });
}
