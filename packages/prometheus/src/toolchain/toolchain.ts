import { resolve } from 'node:path';
import {
  formatRequest,
  formatVersion,
  nearestVersion,
  parseVersionRequest,
  type ToolVersion,
  type VersionRequest,
} from '@obsgate/core/promtool';
import { ConfigError } from '@obsgate/core/kernel';
import { cachedTools, defaultCacheDir, findInCache } from './cache.ts';
import type { Attempt, FindResult, SourceAnswer, Tool, ToolchainContext, ToolName, Unavailable } from './model.ts';
import { packageArchive, type PackageArchive } from './packages.ts';
import { firstSatisfying, listedCandidates, pathCandidates } from './search-path.ts';

export type ToolchainOptions = {
  /** Read: `OBSGATE_TOOLS`, `OBSGATE_CACHE`, `XDG_CACHE_HOME`, `PATH`. Defaults to the process's own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** `local` asks only places on this machine: nothing is fetched. Default `fetch`. */
  readonly reach?: 'local' | 'fetch';
  /** Where `os-release` and the apt sources are; for tests. */
  readonly etc?: string;
};

export type FindOptions = {
  /** `v2.54.1`, `2.53` (its newest patch), `3`, `latest`, or undefined: whatever is found first. */
  readonly version?: string | undefined;
  /** What `--promtool-path` gave: this file and no other, unless another version is asked for. */
  readonly path?: string | undefined;
  /** When the wanted version cannot be had, take the nearest one and report the drift. */
  readonly allowVersionDrift?: boolean | undefined;
};

export type Toolchain = {
  readonly cacheDir: string;
  /** Finds one tool. Never throws for a tool that is missing; a version that cannot be read is a ConfigError. */
  readonly find: (name: ToolName, options?: FindOptions) => Promise<FindResult>;
};

/** Finds the Prometheus tools: given path, OBSGATE_TOOLS, PATH, cache, release download, package archive. */
export function createToolchain(options: ToolchainOptions = {}): Toolchain {
  const env = options.env ?? process.env;
  const context: ToolchainContext = {
    env,
    cacheDir: resolve(options.cacheDir ?? defaultCacheDir(env)),
    progress: options.progress ?? (() => undefined),
    signal: options.signal,
  };
  const archive = options.reach === 'local' ? undefined : packageArchive(context, options.etc);
  const memory = new Map<string, Promise<FindResult>>();

  function find(name: ToolName, wanted: FindOptions = {}): Promise<FindResult> {
    const key = JSON.stringify([name, wanted.version, wanted.path, wanted.allowVersionDrift]);
    const known = memory.get(key) ?? search(context, archive, name, wanted);
    memory.set(key, known);
    return known;
  }
  return { cacheDir: context.cacheDir, find };
}

async function search(
  context: ToolchainContext,
  archive: PackageArchive | undefined,
  name: ToolName,
  options: FindOptions,
): Promise<FindResult> {
  const request = readRequest(options.version);
  const tried: Attempt[] = [];
  for (const place of places(context, archive, name, options)) {
    const answer = await place(request);
    if (answer.kind === 'found') return { kind: 'found', tool: answer.tool, tried };
    tried.push(...answer.attempts);
    if (answer.kind === 'refused') return unavailable(name, answer.detail, tried);
  }
  const message = `${name} ${formatRequest(request)} cannot be had on this machine`;
  if (options.allowVersionDrift !== true || request.kind === 'any') return unavailable(name, message, tried);
  const nearest = await findNearest(context, archive, name, request);
  if (nearest === undefined) return unavailable(name, message, tried);
  return { kind: 'found', tool: nearest, drift: { wanted: formatRequest(request), got: nearest.versionText }, tried };
}

function readRequest(text: string | undefined): VersionRequest {
  const request = parseVersionRequest(text);
  if (request !== undefined) return request;
  throw new ConfigError(`"${text}" is not a version: write v2.54.1, 2.53 or latest`);
}

function unavailable(name: ToolName, message: string, tried: readonly Attempt[]): Unavailable {
  return { kind: 'unavailable', reason: 'tool_unavailable', name, message, tried };
}

/** `refused`: the user named this very file, and it is not what they said; nothing else is tried. */
type PlaceAnswer = SourceAnswer | { readonly kind: 'refused'; readonly detail: string; readonly attempts: Attempt[] };
type Place = (request: VersionRequest) => Promise<PlaceAnswer>;

function places(
  context: ToolchainContext,
  archive: PackageArchive | undefined,
  name: ToolName,
  { path }: FindOptions,
): Place[] {
  const found: Place[] = [];
  if (path !== undefined && path !== '') found.push((request) => fromGivenPath(context, name, path, request));
  const list = context.env['OBSGATE_TOOLS'] ?? '';
  if (list !== '') found.push((request) => fromList(context, name, list, request));
  found.push((request) =>
    firstSatisfying(name, request, pathCandidates(name, context.env['PATH'] ?? ''), 'PATH', context),
  );
  found.push((request) => findInCache(name, request, context));
  if (archive !== undefined) found.push((request) => archive.find(name, request));
  return found;
}

async function fromGivenPath(
  context: ToolchainContext,
  name: ToolName,
  path: string,
  request: VersionRequest,
): Promise<PlaceAnswer> {
  const any = await firstSatisfying(name, { kind: 'any' }, [path], 'given', context);
  if (any.kind === 'nothing') {
    const detail = any.attempts[0]?.result ?? 'not usable';
    return {
      kind: 'refused',
      detail: `the given ${name} ${path} cannot be used: ${detail}`,
      attempts: [...any.attempts],
    };
  }
  return firstSatisfying(name, request, [path], 'given', context);
}

async function fromList(
  context: ToolchainContext,
  name: ToolName,
  list: string,
  request: VersionRequest,
): Promise<SourceAnswer> {
  const { files, attempts } = listedCandidates(name, list);
  const answer = await firstSatisfying(name, request, files, 'OBSGATE_TOOLS', context);
  return answer.kind === 'found' ? answer : { kind: 'nothing', attempts: [...attempts, ...answer.attempts] };
}

async function findNearest(
  context: ToolchainContext,
  archive: PackageArchive | undefined,
  name: ToolName,
  request: VersionRequest,
): Promise<Tool | undefined> {
  const local = await localTools(context, name);
  const offered: readonly ToolVersion[] = (await archive?.versions(name)) ?? [];
  const version = nearestVersion([...local.map((tool) => tool.version), ...offered], request);
  if (version === undefined) return undefined;
  const held = local.find((tool) => tool.versionText === formatVersion(version));
  if (held !== undefined) return held;
  const answer = await archive?.find(name, { kind: 'exact', version });
  return answer?.kind === 'found' ? answer.tool : local[0];
}

/** Every working tool of that name on this machine. */
async function localTools(context: ToolchainContext, name: ToolName): Promise<Tool[]> {
  const listed = listedCandidates(name, context.env['OBSGATE_TOOLS'] ?? '').files;
  const onPath = pathCandidates(name, context.env['PATH'] ?? '');
  const answers = await Promise.all([
    ...listed.map((file) => firstSatisfying(name, { kind: 'any' }, [file], 'OBSGATE_TOOLS', context)),
    ...onPath.map((file) => firstSatisfying(name, { kind: 'any' }, [file], 'PATH', context)),
  ]);
  const found = answers.flatMap((answer) => (answer.kind === 'found' ? [answer.tool] : []));
  return [...found, ...(await cachedTools(name, context))];
}
