import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configSchema, type Config } from '@obsgate/core/config';
import { loadProject, type Project, type RepositoryFiles, type WantedSandbox } from '@obsgate/core/gate';
import { repositoryFiles } from '@obsgate/prometheus/files';
import { sandboxProgram } from '@obsgate/prometheus/sandbox';
import { onTestFinished } from 'vitest';
import { toolsForTests, type ServerTools } from '../stand/tools.ts';

/** The Prometheus versions of this machine, oldest first. Prints what is missing. */
export async function servers(): Promise<readonly ServerTools[]> {
  const tools = await toolsForTests();
  for (const line of tools.missing) process.stderr.write(`not on this machine: ${line}\n`);
  return tools.servers;
}

export function wanted({ version, prometheus, promtool }: ServerTools): WantedSandbox {
  const program = sandboxProgram({ version, prometheus: prometheus.path, promtool: promtool.path });
  return { kind: 'found', program };
}

/** A temporary repository with these files; it goes with the test. */
export async function repository(files: Readonly<Record<string, string>>): Promise<RepositoryFiles> {
  const root = await mkdtemp(join(tmpdir(), 'obsgate-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return repositoryFiles(root);
}

/** A repository with `prometheus.yml` at its root, no settling time, and a short deadline. */
export async function project(
  files: Readonly<Record<string, string>>,
  more: Partial<Config['prometheus']> = {},
): Promise<Project> {
  const config = configSchema.parse({
    prometheus: { config: 'prometheus.yml', ...more },
    gate: { reload: { settle: '0', deadline: '20s' }, smoke: { deadline: '20s' } },
  });
  return loadProject(await repository(files), config);
}

export const CONFIG = `global:
  evaluation_interval: 15s
rule_files:
  - rules/*.yml
`;

/** A rule file of one group with these rules, written at two spaces' indent. */
export function rules(text: string, group = 'g'): string {
  return `groups:\n  - name: ${group}\n    rules:\n${text
    .trim()
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('')}`;
}
