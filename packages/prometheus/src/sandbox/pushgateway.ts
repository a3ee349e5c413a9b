import type { Reason } from '@obsgate/core/kernel';
import type { Pushgateway, PushgatewayStart } from '@obsgate/core/gate';
import { startProcess, tempDir } from '../process/index.ts';
import { captureLog } from './log-lines.ts';

/** Starts a Pushgateway on 127.0.0.1 at a port of the system's choice, in a temporary folder. */
export async function startPushgateway(binary: string, deadlineMs: number): Promise<PushgatewayStart> {
  const folder = await tempDir('obsgate-pushgateway');
  const process = startProcess(
    binary,
    ['--web.listen-address=127.0.0.1:0', '--persistence.file=', '--log.format=json'],
    {
      cwd: folder.dir,
    },
  );
  const log = captureLog();
  const state = { ended: false };
  void process.exited.then(() => {
    state.ended = true;
  });
  for (const stream of [process.child.stdout, process.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => log.add(chunk));
  }
  const stop = async (): Promise<void> => {
    await process.stop(0);
    await folder.remove();
  };
  const deadline = performance.now() + deadlineMs;
  while (!state.ended && performance.now() < deadline) {
    const address = log.address();
    if (address !== undefined) return { kind: 'ready', gateway: gateway(address, stop) };
    await Promise.race([process.exited, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  await stop();
  const last = log.lines().at(-1);
  const why = state.ended
    ? `ended by itself: ${last?.message ?? ''} ${last?.error ?? ''}`
    : `not ready within ${deadlineMs / 1000} s`;
  return { kind: 'failed', reason: { code: 'tool_failed', message: `Pushgateway ${why.trim()}`, subject: binary } };
}

function gateway(address: string, stop: () => Promise<void>): Pushgateway {
  return { address, push: (grouping, body) => push(address, grouping, body), stop };
}

/** https://github.com/prometheus/pushgateway#put-method: the grouping key stands in the path, base64 where needed. */
async function push(
  address: string,
  grouping: Readonly<Record<string, string>>,
  body: string,
): Promise<Reason | undefined> {
  const path = Object.entries(grouping)
    .map(([name, value]) => `/${name}@base64/${Buffer.from(value).toString('base64url') || '='}`)
    .join('');
  try {
    const response = await fetch(`http://${address}/metrics${path}`, {
      method: 'PUT',
      body,
      signal: AbortSignal.timeout(5000),
    });
    const answer = await response.text();
    if (response.ok) return undefined;
    return { code: 'tool_failed', message: `the Pushgateway refused a tick with ${response.status}: ${answer.trim()}` };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { code: 'server_unreachable', message: `the Pushgateway of the sandbox cannot be reached: ${detail}` };
  }
}
