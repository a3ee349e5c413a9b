import { readFile } from 'node:fs/promises';
import type { EndedRun } from '@obsgate/core/guard';
import * as z from 'zod';

const payload = z.looseObject({
  workflow_run: z.looseObject({ id: z.int(), run_attempt: z.int(), status: z.string().nullish() }),
});

/** The run whose end started this one: GitHub itself says that it is over, so its leases need not expire first. */
export async function endedRuns(env: NodeJS.ProcessEnv): Promise<readonly EndedRun[]> {
  const path = env['GITHUB_EVENT_PATH'] ?? '';
  if (env['GITHUB_EVENT_NAME'] !== 'workflow_run' || path === '') return [];
  const event = payload.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!event.success || event.data.workflow_run.status !== 'completed') return [];
  const { id, run_attempt } = event.data.workflow_run;
  return [{ id, attempt: run_attempt }];
}
