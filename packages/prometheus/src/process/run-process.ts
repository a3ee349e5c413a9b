import { statSync } from 'node:fs';
import { type StartedProcess, startProcess } from './start-process.ts';

export type RunOptions = {
  readonly cwd?: string;
  /** Written to the child's standard input, which is closed after it; without it the child has none. */
  readonly stdin?: string | Uint8Array;
  /** The whole environment of the child; defaults to this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** After so many milliseconds the child and its descendants are ended. Default 60,000. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** More output than this (stdout and stderr together) ends the child. Default 64 MiB. */
  readonly maxOutputBytes?: number;
};

type Captured = { readonly stdout: string; readonly stderr: string; readonly durationMs: number };

/** What became of a child process. Only `exited` carries an exit code; every other kind is not an answer. */
export type ProcessResult =
  | ({ readonly kind: 'exited'; readonly code: number } & Captured)
  | ({ readonly kind: 'signalled'; readonly signal: NodeJS.Signals } & Captured)
  | ({ readonly kind: 'deadline'; readonly deadlineMs: number } & Captured)
  | ({ readonly kind: 'output_limit'; readonly limitBytes: number } & Captured)
  | ({ readonly kind: 'cancelled' } & Captured)
  | { readonly kind: 'not_found'; readonly command: string }
  /** The system refused to run it: not executable, another machine's binary, no working directory. */
  | { readonly kind: 'not_runnable'; readonly command: string; readonly detail: string };

type Ending = 'deadline' | 'cancelled' | 'output_limit';

/**
 * Runs a child process to its end and returns what it said. Never throws for what the child does.
 * The child is alone in its process group: deadline, abort signal, Ctrl-C and exit end it with its descendants.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProcessResult> {
  const { deadlineMs = 60_000, maxOutputBytes = 64 * 1024 * 1024, signal } = options;
  const start = performance.now();
  if (signal?.aborted === true) return { kind: 'cancelled', stdout: '', stderr: '', durationMs: 0 };
  const missing = missingFolder(options.cwd);
  if (missing !== undefined) return { kind: 'not_runnable', command, detail: missing };

  const started = startSafely(command, args, options);
  if ('kind' in started) return started;
  let ending: Ending | undefined;
  const end = (why: Ending): void => {
    ending ??= why;
    void started.stop();
  };
  const timer = setTimeout(() => end('deadline'), deadlineMs);
  const abort = (): void => end('cancelled');
  signal?.addEventListener('abort', abort, { once: true });
  const output = capture(started, maxOutputBytes, () => end('output_limit'));
  feed(started, options.stdin);

  const exit = await started.exited;
  // Descendants may keep the pipes open after the child itself is gone: they get a moment, then the end.
  const closed = await Promise.race([output.closed, delay(ending === undefined ? 1000 : 100)]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  if (ending !== undefined || closed !== 'closed') await started.stop(0);
  output.release();
  const captured = { ...output.text(), durationMs: performance.now() - start };
  if (exit.kind === 'error') return startFailure(command, exit.error);
  if (ending === 'deadline') return { kind: 'deadline', deadlineMs, ...captured };
  if (ending === 'output_limit') return { kind: 'output_limit', limitBytes: maxOutputBytes, ...captured };
  if (ending === 'cancelled') return { kind: 'cancelled', ...captured };
  return { ...exit, ...captured };
}

/** One line that says how a run ended, for messages: `exit code 1`, `ended by SIGSEGV`, `no answer within 5 s`. */
export function describeResult(result: ProcessResult): string {
  switch (result.kind) {
    case 'exited':
      return `exit code ${result.code}`;
    case 'signalled':
      return `ended by ${result.signal}`;
    case 'deadline':
      return `no answer within ${result.deadlineMs / 1000} s`;
    case 'output_limit':
      return `more than ${result.limitBytes} bytes of output`;
    case 'cancelled':
      return 'cancelled';
    case 'not_found':
      return 'not found';
    case 'not_runnable':
      break;
  }
  return `cannot be run: ${result.detail}`;
}

function startSafely(command: string, args: readonly string[], options: RunOptions): StartedProcess | ProcessResult {
  try {
    return startProcess(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      stdin: options.stdin === undefined ? 'ignore' : 'pipe',
    });
  } catch (error) {
    // spawn() throws at once for EACCES on some systems, for E2BIG and for NUL bytes in an argument.
    return startFailure(command, error instanceof Error ? error : new Error(String(error)));
  }
}

function startFailure(command: string, error: NodeJS.ErrnoException): ProcessResult {
  if (error.code === 'ENOENT') return { kind: 'not_found', command };
  return { kind: 'not_runnable', command, detail: error.code ?? error.message };
}

// spawn() reports a missing working directory as ENOENT of the command; the two must not be confused.
function missingFolder(cwd: string | undefined): string | undefined {
  if (cwd === undefined) return undefined;
  return statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true ? undefined : `no such folder: ${cwd}`;
}

type Output = { closed: Promise<'closed'>; text: () => { stdout: string; stderr: string }; release: () => void };

function capture({ child }: StartedProcess, limit: number, onLimit: () => void): Output {
  const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  let bytes = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      if (bytes > limit) return;
      bytes += chunk.length;
      chunks[name].push(chunk);
      if (bytes > limit) onLimit();
    });
  }
  return {
    closed: new Promise((resolve) => child.once('close', () => resolve('closed'))),
    text: () => ({
      stdout: Buffer.concat(chunks.stdout).toString('utf8'),
      stderr: Buffer.concat(chunks.stderr).toString('utf8'),
    }),
    release: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  };
}

function feed({ child }: StartedProcess, stdin: string | Uint8Array | undefined): void {
  if (stdin === undefined || child.stdin === null) return;
  // EPIPE: the child ended or closed its input without reading it all, which is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
