import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StageName, StageReport } from '@obsgate/core/gate';
import { runGate, type GateOptions } from '@obsgate/prometheus/gate';
import { runProcess, withTempDir } from '@obsgate/prometheus/process';

export type StageRun = {
  readonly report: StageReport;
  /** Exit code of the bare promtool on the same files. */
  bare(args: readonly string[]): Promise<number>;
};

export type StageOptions = Omit<GateOptions, 'directory' | 'stages'> & {
  readonly env?: NodeJS.ProcessEnv;
  /** The promtool of {@link StageRun.bare}. */
  readonly bare?: string;
};

/** Writes files by their path below `root`. */
export async function writeFiles(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** Runs one stage by itself, with real tools, on a repository of these files; its configuration is `prometheus.yml`. */
export async function runStage(
  stage: StageName,
  files: Readonly<Record<string, string>>,
  { env = process.env, bare: barePath = 'promtool', ...options }: StageOptions = {},
): Promise<StageRun> {
  return withTempDir('obsgate-stage', async (directory) => {
    await writeFiles(directory, { '.obsgate.yml': 'prometheus: { config: prometheus.yml }\n', ...files });
    const { report } = await runGate(
      { ...options, directory, stages: [stage] },
      { env, progress: () => undefined, signal: new AbortController().signal },
    );
    const found = report.stages.find(({ name }) => name === stage);
    if (found === undefined) throw new Error(`${stage} did not run`);
    return { report: found, bare: (args) => barePromtool(files, args, barePath) };
  });
}

async function barePromtool(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  path: string,
): Promise<number> {
  return withTempDir('obsgate-bare', async (cwd) => {
    await writeFiles(cwd, files);
    const result = await runProcess(path, args, { cwd });
    if (result.kind !== 'exited') throw new Error(`promtool: ${result.kind}`);
    return result.code;
  });
}
