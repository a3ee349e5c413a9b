import { ConfigError } from '@obsgate/core/kernel';
import { reportConfigError, reportCrash, reportLeftOpen, reportWarning } from './report-error.ts';

/** Exit codes: 0 pass; 1 fail; 2 the user's fault; 3 undecided; 70 a defect of ours; 128 + n ended by signal n. */
const EXIT_USAGE = 2;
const EXIT_INTERNAL = 70;

const HELD_LIMIT_MS = 5000;
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

export type MainContext = {
  /** Aborted when the job is cancelled. GitHub leaves 7.5 s after SIGINT and 2.5 s after SIGTERM. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
};

/** What an action does; resolves to the exit code. */
export type Main = (context: MainContext) => Promise<number>;

/**
 * Runs an action's main and sets `process.exitCode`; it never throws.
 * A {@link ConfigError} is shown as one line (exit code 2); everything else as an internal error with its causes
 * (exit code 70), with stacks only under `RUNNER_DEBUG`. A main that never settles leaves exit code 70 behind.
 */
export async function run(main: Main, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  process.exitCode = EXIT_INTERNAL;
  const cancel = listenForCancel();
  const onCrash = (error: unknown): void => {
    reportCrash(error, env);
    endNow(EXIT_INTERNAL);
  };
  process.on('uncaughtException', onCrash);
  try {
    const code = await main({ signal: cancel.signal, env });
    process.exitCode = cancel.exitCode() ?? code;
  } catch (error) {
    process.exitCode = explain(error, cancel.exitCode(), env);
  } finally {
    cancel.stop();
    process.off('uncaughtException', onCrash);
    endIfHeld();
  }
}

/** Ends the process once what was printed has been written: on Windows writing to a pipe does not wait. */
function endNow(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

/**
 * A finished action may be held by what it left open, a connection or a child: that must not cost the job's whole
 * time limit. The timer itself holds nothing, so that an action without remains ends at once.
 */
function endIfHeld(): void {
  const timer = setTimeout(() => {
    reportWarning('finished, but something was left running: ended');
    endNow(Number(process.exitCode ?? EXIT_INTERNAL));
  }, HELD_LIMIT_MS);
  timer.unref();
}

function explain(error: unknown, cancelled: number | undefined, env: NodeJS.ProcessEnv): number {
  if (cancelled !== undefined && isAbort(error)) {
    reportWarning('cancelled before it could judge');
    return cancelled;
  }
  if (error instanceof ConfigError) {
    reportConfigError(error);
    return cancelled ?? EXIT_USAGE;
  }
  reportCrash(error, env);
  return cancelled ?? EXIT_INTERNAL;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'));
}

type Cancel = { readonly signal: AbortSignal; exitCode(): number | undefined; stop(): void };

function listenForCancel(): Cancel {
  const controller = new AbortController();
  let received: number | undefined;
  const listeners = SIGNALS.map(([name, code]) => {
    const listener = (): void => {
      // GitHub sends SIGINT, then SIGTERM: the second is no reason to drop the cleaning up that the first began.
      if (received === code) process.exit(code);
      received ??= code;
      controller.abort(new DOMException(`ended by ${name}`, 'AbortError'));
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    exitCode: () => received,
    stop: () => listeners.forEach((remove) => remove()),
  };
}

/** What a post step hands back: it failed loudly only when something was left open that a person must close. */
export type PostResult = { readonly kind: 'done' } | { readonly kind: 'left-open'; readonly message: string };

/**
 * Runs an action's post step. A post step must not turn a finished job red for its own troubles: whatever it throws
 * is a warning. Only `left-open` (protection that could not be restored) is an error that fails the job.
 */
export async function runPost(
  post: (context: MainContext) => Promise<PostResult>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  let result: PostResult | undefined;
  await run(async (context) => {
    result = await settle(post, context);
    return result.kind === 'done' ? 0 : 1;
  }, env);
  if (result?.kind === 'left-open') reportLeftOpen(result.message);
}

async function settle(post: (context: MainContext) => Promise<PostResult>, context: MainContext): Promise<PostResult> {
  try {
    return await post(context);
  } catch (error) {
    reportWarning(`the post step did not finish: ${error instanceof Error ? error.message : String(error)}`);
    return { kind: 'done' };
  }
}
