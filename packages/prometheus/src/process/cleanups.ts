/** What must not outlive this process: a child process, a temporary folder. */
export type Cleanup = {
  /** Synchronous and final; runs when the process exits for any reason that Node can see. */
  readonly now: () => void;
  /** The polite way (SIGTERM and wait); runs on SIGINT, SIGTERM and SIGHUP, before `now`. */
  readonly gracefully?: () => Promise<void>;
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const registered = new Set<Cleanup>();
let leaving = false;

/**
 * Registers a cleanup for Ctrl-C, SIGTERM and exit. Returns the function that takes it back.
 * Signal handlers exist only while something is registered, so an idle process keeps Node's default behaviour.
 */
export function onExitCleanup(cleanup: Cleanup | (() => void)): () => void {
  const entry: Cleanup = typeof cleanup === 'function' ? { now: cleanup } : cleanup;
  if (registered.size === 0) listen();
  registered.add(entry);
  return () => {
    registered.delete(entry);
    if (registered.size === 0 && !leaving) unlisten();
  };
}

function listen(): void {
  process.on('exit', runAllNow);
  for (const signal of SIGNALS) process.on(signal, leave);
}

function unlisten(): void {
  process.off('exit', runAllNow);
  for (const signal of SIGNALS) process.off(signal, leave);
}

// Newest first: a child is ended before the folder that it writes to is removed.
function newestFirst(): Cleanup[] {
  return [...registered].toReversed();
}

function runAllNow(): void {
  for (const cleanup of newestFirst()) {
    try {
      cleanup.now();
    } catch {
      // One cleanup that fails must not keep the others from running; the process is leaving already.
    }
  }
  registered.clear();
}

function leave(signal: NodeJS.Signals): void {
  // A second Ctrl-C does not wait for politeness.
  if (leaving) return finish(signal);
  leaving = true;
  const polite = newestFirst().map(async (cleanup) => cleanup.gracefully?.());
  void Promise.allSettled(polite).then(() => finish(signal));
}

// Ends by the same signal, so that the parent sees 130 or 143 as it expects.
function finish(signal: NodeJS.Signals): void {
  runAllNow();
  unlisten();
  process.kill(process.pid, signal);
}
