import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a command to its end and returns what it printed; any of the exit codes in `allowed` is fine. */
export function runChild(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly allowed?: readonly number[] } = {},
): Promise<string> {
  const { env = process.env, cwd = root, allowed = [0] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null && allowed.includes(code)) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

/** Peak memory (resident set, MB) of a Node process that runs `args`. */
export async function peakMemory(args: readonly string[], allowed: readonly number[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'obsgate-bench-'));
  try {
    const file = join(folder, 'usage');
    const script = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)))`;
    const preload = join(folder, 'usage.cjs');
    await writeFile(preload, script);
    await runChild(process.execPath, ['--require', preload, ...args], { allowed });
    return Number(await readFile(file, 'utf8')) / 1024;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
