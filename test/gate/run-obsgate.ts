import { spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTempDir } from '@obsgate/prometheus/process';
import { writeFiles } from './run-stage.ts';

const COMMAND = fileURLToPath(new URL('../../packages/cli/lib/main.js', import.meta.url));
const DEADLINE_MS = 50_000;

export type ObsgateRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What stayed in the temporary folder. */
  readonly left: readonly string[];
  /** What the repository's folder holds after the run. */
  readonly repository: readonly string[];
};

export type Surroundings = {
  readonly env?: Readonly<Record<string, string>>;
  /** Makes what `files` cannot: links, permissions. */
  readonly prepare?: (root: string) => Promise<void>;
  /** Asked again and again until it is true, then the process gets SIGINT. */
  readonly interruptWhen?: (temp: string) => Promise<boolean>;
};

/** Runs the built command as a child process in a repository of these files, with a temporary folder of its own. */
export async function runObsgate(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  { env = {}, prepare, interruptWhen }: Surroundings = {},
): Promise<ObsgateRun> {
  return withTempDir('obsgate-cli', async (folder) => {
    const repository = join(folder, 'repository');
    const temp = join(folder, 'temp');
    await mkdir(repository);
    await mkdir(temp);
    await writeFiles(repository, files);
    await prepare?.(repository);
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: repository,
      env: { ...process.env, OBSGATE_REACH: 'local', TMPDIR: temp, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Pick<ObsgateRun, 'code' | 'signal'>>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    if (interruptWhen !== undefined) {
      while (child.exitCode === null && !(await interruptWhen(temp))) await new Promise((done) => setTimeout(done, 20));
      child.kill('SIGINT');
    }
    const { code, signal } = await ended;
    clearTimeout(timer);
    return { code, signal, stdout, stderr, left: await readdir(temp), repository: await readdir(repository) };
  });
}
