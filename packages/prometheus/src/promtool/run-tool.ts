import { dirname, resolve } from 'node:path';
import type { ReasonCode } from '@obsgate/core/kernel';
import type { PromtoolOutput } from '@obsgate/core/promtool';
import { describeResult, type ProcessResult, runProcess } from '../process/index.ts';
import { dockerRun, type Mount } from '../toolchain/container.ts';
import type { Tool } from '../toolchain/index.ts';

export type RunToolOptions = {
  /** Working directory: relative paths on the command line and in `rule_files` of tests start here. */
  readonly cwd?: string | undefined;
  /** Milliseconds until promtool is ended and the run counts as failed. Default 60,000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Folders that a containerised tool has to see besides `cwd`. */
  readonly mounts?: readonly Mount[] | undefined;
};

/** `ran` is an answer, whatever the exit code; `failed` is none, and must never be read as a pass. */
export type PromtoolRun =
  | ({ readonly kind: 'ran'; readonly durationMs: number } & PromtoolOutput)
  | {
      readonly kind: 'failed';
      readonly reason: Extract<ReasonCode, 'deadline_exceeded' | 'tool_failed' | 'tool_unavailable'>;
      /** One line that names the tool, its version and what became of it. */
      readonly message: string;
      readonly stderr: string;
    };

/** Runs a tool with these arguments: the binary itself, or the image that holds it. */
export async function runTool(tool: Tool, args: readonly string[], options: RunToolOptions = {}): Promise<PromtoolRun> {
  const cwd = resolve(options.cwd ?? '.');
  const line = commandLine(tool, args, cwd, options.mounts ?? []);
  const result = await runProcess(line.command, line.args, {
    cwd,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return toRun(tool, args, result);
}

function commandLine(
  tool: Tool,
  args: readonly string[],
  cwd: string,
  mounts: readonly Mount[],
): { command: string; args: readonly string[] } {
  if (tool.program.kind === 'binary') return { command: tool.program.path, args };
  const user = process.getuid === undefined ? undefined : `${process.getuid()}:${process.getgid?.() ?? 0}`;
  return dockerRun({
    docker: tool.program.docker,
    image: tool.program.image,
    entrypoint: `/bin/${tool.name}`,
    args,
    cwd,
    mounts: [{ path: cwd, access: 'read' }, ...mounts],
    user,
  });
}

function toRun(tool: Tool, args: readonly string[], result: ProcessResult): PromtoolRun {
  if (result.kind === 'exited' && !isFailureOfDocker(tool, result.code)) {
    const { code, stdout, stderr, durationMs } = result;
    return { kind: 'ran', exitCode: code, stdout, stderr, durationMs };
  }
  const command = args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
  const message = `${tool.name} ${tool.versionText} (${tool.path}) ${command.join(' ')}: ${describeResult(result)}`;
  const stderr = 'stderr' in result ? result.stderr : '';
  if (result.kind === 'deadline') return { kind: 'failed', reason: 'deadline_exceeded', message, stderr };
  const gone = result.kind === 'not_found' || result.kind === 'not_runnable';
  return { kind: 'failed', reason: gone ? 'tool_unavailable' : 'tool_failed', message, stderr };
}

// docker run answers 125 to 127 when the container could not be run; promtool itself uses 0 to 3.
// https://docs.docker.com/engine/containers/run/#exit-status
function isFailureOfDocker(tool: Tool, code: number): boolean {
  return tool.program.kind === 'container' && code >= 125;
}

/** The folders of these files, each once: what a container must see of them. */
export function foldersOf(files: readonly string[], cwd: string): Mount[] {
  const folders = new Set(files.map((file) => dirname(resolve(cwd, file))));
  return [...folders].filter((path) => path !== cwd).map((path) => ({ path, access: 'read' as const }));
}
