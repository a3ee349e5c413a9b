import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes an action's JSON report to a folder of its own below the runner's; resolves to its path. */
export async function writeJsonReport(name: string, report: unknown, env: NodeJS.ProcessEnv): Promise<string> {
  const temporary = env['RUNNER_TEMP'] ?? '';
  const folder = await mkdtemp(join(temporary === '' ? tmpdir() : temporary, 'obsgate-'));
  const path = join(folder, `${name}.json`);
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
