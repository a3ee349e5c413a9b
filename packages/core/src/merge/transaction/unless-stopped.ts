import type { Clock } from './model.ts';

/** How long an answer that is on its way is still waited for when the run has to end. */
const GRACE_MS = 1500;

/**
 * The answer, or undefined when `stop` was aborted and the answer did not come within the grace.
 * What was sent may still take effect: only undoing and reading may follow.
 */
export async function unlessStopped<T>(answer: Promise<T>, stop: AbortSignal, clock: Clock): Promise<T | undefined> {
  const settled = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true, signal: settled.signal });
  });
  const tooLate = stopped.then(async () => clock.sleep(GRACE_MS, settled.signal)).then(() => undefined);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    settled.abort();
  }
}
