import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, SandboxProgram, SandboxRequest, SandboxServer, SandboxStart } from '@obsgate/core/gate';
import type { Reason } from '@obsgate/core/kernel';
import { prometheusServer } from '../api/index.ts';
import { startProcess, tempDir, type Exit, type StartedProcess } from '../process/index.ts';
import { backfill } from './backfill.ts';
import { below, replaceFiles } from './files.ts';
import { captureLog, type LogCapture } from './log-lines.ts';

export type SandboxProgramOptions = {
  readonly version: string;
  /** Path of the `prometheus` binary. */
  readonly prometheus: string;
  /** Path of a `promtool` binary, for history; without it a request with history fails. */
  readonly promtool?: string;
  readonly signal?: AbortSignal;
};

type Started = { readonly process: StartedProcess; readonly log: LogCapture; exit: Exit | undefined };

/** A port can be taken between the choice of the system and the bind of the server: try again a few times. */
const TRIES = 3;

/** A `prometheus` binary that can be started as a sandbox: on 127.0.0.1, a port of the system's choice, a temporary folder. */
export function sandboxProgram(options: SandboxProgramOptions): SandboxProgram {
  return {
    version: options.version,
    start: async (request) => {
      const folder = await tempDir('obsgate-sandbox');
      try {
        const start = await startIn(folder.dir, options, request, folder.remove);
        if (start.kind !== 'ready') await folder.remove();
        return start;
      } catch (error) {
        await folder.remove();
        throw error;
      }
    },
  };
}

async function startIn(
  folder: string,
  options: SandboxProgramOptions,
  request: SandboxRequest,
  remove: () => Promise<void>,
): Promise<SandboxStart> {
  const directory = join(folder, 'conf');
  const data = join(folder, 'data');
  await replaceFiles(directory, request.files);
  await mkdir(data);
  if (request.history !== undefined) {
    const reason = await writeHistory(options, request.history, folder, data);
    if (reason !== undefined) return { kind: 'failed', reason };
  }
  const deadline = performance.now() + request.deadlineMs;
  for (let attempt = 1; ; attempt++) {
    const started = launch(
      options.prometheus,
      folder,
      serverArguments(below(directory, request.config), data, request),
    );
    const state = await untilReady(started, deadline, options.signal);
    if (state === 'ready') return { kind: 'ready', server: server(options, started, directory, remove) };
    await started.process.stop(0);
    if (state === 'ended' && portTaken(started.log.lines())) {
      if (attempt < TRIES) continue;
      return failed('port_in_use', `no free port on 127.0.0.1 in ${TRIES} tries`, options.version);
    }
    return notReady(state, started, directory, options, request);
  }
}

function serverArguments(config: string, data: string, request: SandboxRequest): string[] {
  return [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--web.listen-address=127.0.0.1:0',
    '--web.enable-lifecycle',
    '--log.format=json',
    ...(request.features.length === 0 ? [] : [`--enable-feature=${request.features.join(',')}`]),
  ];
}

function launch(binary: string, cwd: string, args: readonly string[]): Started {
  const log = captureLog();
  const started: Started = { process: startProcess(binary, args, { cwd }), log, exit: undefined };
  for (const stream of [started.process.child.stdout, started.process.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => log.add(chunk));
  }
  void started.process.exited.then((exit) => {
    started.exit = exit;
  });
  return started;
}

type ReadyState = 'ready' | 'ended' | 'deadline' | 'cancelled';

async function untilReady(started: Started, deadline: number, signal: AbortSignal | undefined): Promise<ReadyState> {
  while (performance.now() < deadline) {
    if (signal?.aborted === true) return 'cancelled';
    if (started.exit !== undefined) return 'ended';
    const address = started.log.address();
    if (address !== undefined) {
      const answer = await prometheusServer({ url: `http://${address}`, deadlineMs: 2000 }).ready();
      if (answer.ok && answer.value) return 'ready';
    }
    await Promise.race([started.process.exited, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return 'deadline';
}

function server(
  options: SandboxProgramOptions,
  started: Started,
  directory: string,
  remove: () => Promise<void>,
): SandboxServer {
  return {
    version: options.version,
    api: prometheusServer({
      url: `http://${started.log.address() ?? ''}`,
      // A reload of many groups waits for their running evaluations.
      deadlineMs: 60_000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }),
    directory,
    replaceFiles: (files) => replaceFiles(directory, files),
    log: () => started.log.lines(),
    alive: () => started.exit === undefined,
    stop: async () => {
      // Its data goes with it, so there is nothing worth a graceful shutdown.
      await started.process.stop(0);
      await remove();
    },
  };
}

function notReady(
  state: Exclude<ReadyState, 'ready'>,
  started: Started,
  directory: string,
  options: SandboxProgramOptions,
  request: SandboxRequest,
): SandboxStart {
  const { exit } = started;
  if (state === 'ended' && exit?.kind === 'exited') {
    return { kind: 'refused', directory, log: started.log.lines(), exit: `exit code ${exit.code}` };
  }
  if (state === 'deadline') {
    return failed('deadline_exceeded', `not ready within ${request.deadlineMs / 1000} s`, options.version);
  }
  if (state === 'cancelled') return failed('tool_failed', 'cancelled before it was ready', options.version);
  const detail =
    exit?.kind === 'error' ? exit.error.message : `ended by ${exit?.kind === 'signalled' ? exit.signal : '?'}`;
  return failed('tool_failed', `${options.prometheus}: ${detail}`, options.version);
}

function failed(code: Reason['code'], message: string, version: string): SandboxStart {
  return { kind: 'failed', reason: { code, message: `Prometheus ${version}: ${message}`, subject: version } };
}

function portTaken(log: readonly LogLine[]): boolean {
  return log.some((line) => `${line.message} ${line.error}`.includes('address already in use'));
}

async function writeHistory(
  options: SandboxProgramOptions,
  history: string,
  folder: string,
  data: string,
): Promise<Reason | undefined> {
  if (options.promtool !== undefined) return backfill(options.promtool, history, folder, data, options.signal);
  return { code: 'tool_unavailable', message: 'promtool is needed to give the sandbox a history', subject: 'promtool' };
}
