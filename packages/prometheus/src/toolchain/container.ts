import { randomUUID } from 'node:crypto';
import { formatRequest, formatVersion, parseVersion, satisfies, type VersionRequest } from '@obsgate/core/promtool';
import { describeResult, runProcess } from '../process/index.ts';
import type { SourceAnswer, ToolchainContext, ToolName } from './model.ts';

/** A folder that the container sees at the same path, read-only unless it is written to. */
export type Mount = { readonly path: string; readonly access: 'read' | 'write' };

export type ContainerRun = {
  readonly docker: string;
  readonly image: string;
  /** The program inside the image, such as `/bin/promtool`. */
  readonly entrypoint: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly mounts: readonly Mount[];
  /** `uid:gid`, so that written files belong to the user. */
  readonly user?: string | undefined;
  /** Fixed for tests; otherwise a new name. */
  readonly name?: string;
};

/** The command line that runs a tool in a container: no network, no privileges, nothing left behind. */
export function dockerRun(run: ContainerRun): { command: string; args: string[] } {
  // The value is read as a line of CSV, so a path is quoted as CSV quotes.
  const quoted = (key: string, path: string): string => `"${key}=${path.replaceAll('"', '""')}"`;
  const mounts = run.mounts.flatMap(({ path, access }) => [
    '--mount',
    ['type=bind', quoted('source', path), quoted('target', path), ...(access === 'read' ? ['readonly'] : [])].join(','),
  ]);
  return {
    command: run.docker,
    args: [
      'run',
      '--rm',
      '--init',
      '--name',
      run.name ?? `obsgate-${randomUUID()}`,
      '--network',
      'none',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--read-only',
      '--tmpfs',
      '/tmp',
      ...(run.user === undefined ? [] : ['--user', run.user]),
      ...mounts,
      '--workdir',
      run.cwd,
      '--entrypoint',
      run.entrypoint,
      run.image,
      ...run.args,
    ],
  };
}

/** The image of a released version: `prom/prometheus:v2.54.1`, or what the caller names (best with its digest). */
export function imageFor(request: VersionRequest, image: string | undefined): string | undefined {
  if (image !== undefined && image !== '') return image;
  if (request.kind === 'latest') return 'prom/prometheus:latest';
  // A tag exists for every release and no tag for a prefix, except by luck.
  return request.kind === 'exact' ? `prom/prometheus:v${formatVersion(request.version)}` : undefined;
}

export type ContainerFinder = (name: ToolName, request: VersionRequest, image?: string) => Promise<SourceAnswer>;

/** Looks for promtool in a container image, where a Docker engine answers. Only promtool: a server needs ports. */
export function containerFinder(context: ToolchainContext, docker = 'docker'): ContainerFinder {
  let engine: Promise<string | undefined> | undefined;
  return async (name, request, given) => {
    const where = 'container';
    if (name !== 'promtool') return nothing(where, `only promtool is run in a container, not ${name}`);
    const image = imageFor(request, given);
    if (image === undefined) return nothing(where, `no image tag stands for ${formatRequest(request)}`);
    engine ??= engineProblem(context, docker);
    const problem = await engine;
    if (problem !== undefined) return nothing(where, problem);
    context.progress(`starting promtool of the image ${image}`);
    const { command, args } = dockerRun({
      docker,
      image,
      entrypoint: '/bin/promtool',
      args: ['--version'],
      cwd: '/tmp',
      mounts: [],
    });
    const result = await runProcess(command, args, { deadlineMs: 300_000, ...signalOf(context) });
    const output = 'stdout' in result ? `${result.stdout}\n${result.stderr}` : '';
    const version = parseVersion(/^promtool, version (\S+)/m.exec(output)?.[1] ?? '');
    if (version === undefined) return nothing(`${where} ${image}`, describeResult(result));
    const versionText = formatVersion(version);
    // A given image may hold any version, and a tag may be moved: what it says of itself counts.
    if (!satisfies(version, request)) return nothing(`${where} ${image}`, `it holds promtool ${versionText}`);
    const program = { kind: 'container', docker, image } as const;
    return { kind: 'found', tool: { name, version, versionText, program, path: image, source: 'container' } };
  };
}

// `docker version` asks the engine; the client alone proves nothing.
async function engineProblem(context: ToolchainContext, docker: string): Promise<string | undefined> {
  const result = await runProcess(docker, ['version', '--format', '{{.Server.Os}}'], {
    deadlineMs: 5000,
    ...signalOf(context),
  });
  if (result.kind === 'not_found') return 'no docker command';
  if (result.kind !== 'exited' || result.code !== 0) return `no Docker engine answers (${describeResult(result)})`;
  const os = result.stdout.trim();
  return os === 'linux' ? undefined : `the Docker engine runs ${os} containers`;
}

function signalOf({ signal }: ToolchainContext): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function nothing(where: string, result: string): SourceAnswer {
  return { kind: 'nothing', attempts: [{ where, result }] };
}
