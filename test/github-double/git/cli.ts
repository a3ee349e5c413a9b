import { spawn } from 'node:child_process';

export type GitResult = { readonly code: number; readonly stdout: Buffer; readonly stderr: string };

// A fixed environment: neither the user's configuration nor the caller's GIT_* variables reach the double's repositories.
const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Runs git in a bare repository; an exit code in `accept` is an answer, any other throws with git's own words. */
export function git(gitDir: string, args: readonly string[], accept: readonly number[] = [0]): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'core.quotePath=false', ...args], {
      env: { ...environment, GIT_DIR: gitDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (exit) => {
      const code = exit ?? -1;
      const stderr = Buffer.concat(err).toString();
      if (accept.includes(code)) resolve({ code, stdout: Buffer.concat(out), stderr });
      else reject(new Error(`git ${args.join(' ')} ended with ${code}: ${stderr.trim()}`));
    });
  });
}
