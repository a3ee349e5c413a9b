import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reason } from '@obsgate/core/kernel';
import { describeResult, runProcess } from '../process/index.ts';

/**
 * Writes OpenMetrics text as blocks of a server's data folder, before the server starts.
 * https://prometheus.io/docs/prometheus/latest/storage/#backfilling-from-openmetrics-format
 *
 * @returns The reason why it could not be done, or undefined.
 */
export async function backfill(
  promtool: string,
  openMetrics: string,
  folder: string,
  dataDirectory: string,
  signal?: AbortSignal,
): Promise<Reason | undefined> {
  const file = join(folder, 'history.om');
  await writeFile(file, openMetrics);
  const result = await runProcess(
    promtool,
    ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataDirectory],
    { deadlineMs: 30_000, ...(signal === undefined ? {} : { signal }) },
  );
  if (result.kind === 'exited' && result.code === 0) return undefined;
  const said = 'stderr' in result ? result.stderr.trim().split('\n').at(-1) : '';
  return {
    code: result.kind === 'deadline' ? 'deadline_exceeded' : 'tool_failed',
    message: `promtool could not write the sandbox's history (${describeResult(result)})${said ? `: ${said}` : ''}`,
    subject: promtool,
  };
}
