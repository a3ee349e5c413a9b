import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { onExitCleanup } from './cleanups.ts';

export type StartOptions = {
  readonly cwd?: string;
  /** The whole environment of the child; defaults to this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** `pipe` gives the child a standard input that the caller writes; the default is none. */
  readonly stdin?: 'pipe' | 'ignore';
};

/** How a child ended. `error` means that it never started. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'error'; readonly error: NodeJS.ErrnoException };

export type StartedProcess = {
  readonly child: ChildProcess;
  /** Settles when the child itself has ended (its pipes may still be open); never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends the child and all that it started: SIGTERM, then SIGKILL after `graceMs` (default 2000). */
  readonly stop: (graceMs?: number) => Promise<Exit>;
};

const SAFE_TO_KILL_MS = 5000;

/**
 * Starts a child in a process group of its own, so that it can be ended with everything it started.
 * It is ended when this process leaves (Ctrl-C, SIGTERM, exit).
 */
export function startProcess(command: string, args: readonly string[], options: StartOptions = {}): StartedProcess {
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'error', error }));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 1 } : { kind: 'signalled', signal }),
    );
  });
  let endedAt = Number.POSITIVE_INFINITY;
  void exited.then(() => (endedAt = performance.now()));
  const stop = async (graceMs = 2000): Promise<Exit> => {
    // Long after its end the number of the group may belong to somebody else.
    if (performance.now() - endedAt > SAFE_TO_KILL_MS) return exited;
    killTree(child, 'SIGTERM');
    const timer = setTimeout(() => killTree(child, 'SIGKILL'), graceMs);
    const exit = await exited;
    clearTimeout(timer);
    // The child may have left descendants behind in its group.
    killTree(child, 'SIGKILL');
    return exit;
  };
  const forget = onExitCleanup({
    now: () => killTree(child, 'SIGKILL'),
    gracefully: async () => void (await stop()),
  });
  void exited.then(forget);
  return { child, exited, stop };
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no process groups: taskkill walks the tree.
    if (child.exitCode === null) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is gone already, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
