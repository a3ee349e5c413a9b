import { resolve } from 'node:path';
import { ConfigError } from '@obsgate/core/kernel';
import {
  formatRequest,
  formatVersion,
  nearestVersion,
  newestSatisfying,
  parseVersionRequest,
  type VersionRequest,
} from '@obsgate/core/promtool';
import { defaultCacheDir, findInCache } from './cache.ts';
import { containerFinder, type ContainerFinder } from './container.ts';
import { fromGivenPath, fromList, fromPath, localTools } from './local.ts';
import type { Attempt, FindResult, PlaceAnswer, Tool, ToolchainContext, ToolName, Unavailable } from './model.ts';
import { packageArchive, type PackageArchive } from './packages.ts';
import { type Releases, releases } from './releases.ts';

export type ToolchainOptions = {
  /**
   * Read: `OBSGATE_TOOLS`, `OBSGATE_CACHE`, `XDG_CACHE_HOME`, `PATH`, and `OBSGATE_RELEASES` (a mirror of upstream's
   * releases). Defaults to the process's own.
   */
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** `local` asks only places on this machine: nothing is fetched. Default `fetch`. */
  readonly reach?: 'local' | 'fetch';
  /** Where `os-release` and the apt sources are; for tests. Default `/etc`. */
  readonly etc?: string;
};

export type FindOptions = {
  /** `v2.54.1`, `2.53` (its newest patch), `3`, `latest`, or undefined: whatever is found first. */
  readonly version?: string | undefined;
  /** What `--promtool-path` gave: this file, unless another version is asked for. */
  readonly path?: string | undefined;
  /** When the wanted version cannot be had, take the nearest one and report the drift. */
  readonly allowVersionDrift?: boolean | undefined;
  /** The container image to use where a Docker engine answers, best with its digest: `prom/prometheus@sha256:…`. */
  readonly image?: string | undefined;
};

export type Toolchain = {
  readonly cacheDir: string;
  /** Finds one tool. Never throws for a tool that is missing; a version that cannot be read is a ConfigError. */
  readonly find: (name: ToolName, options?: FindOptions) => Promise<FindResult>;
};

/** The places to look, each made when it is first needed. */
type Places = {
  readonly context: ToolchainContext;
  readonly releases: () => Releases | undefined;
  readonly archive: () => PackageArchive | undefined;
  readonly container: () => ContainerFinder | undefined;
};

/**
 * Finds the Prometheus tools. Order: given path, OBSGATE_TOOLS, PATH, cache, release download, package archive, and
 * for promtool a container.
 */
export function createToolchain(options: ToolchainOptions = {}): Toolchain {
  const env = options.env ?? process.env;
  const context: ToolchainContext = {
    env,
    cacheDir: resolve(options.cacheDir ?? defaultCacheDir(env)),
    progress: options.progress ?? (() => undefined),
    signal: options.signal,
  };
  const remote = options.reach !== 'local';
  const places: Places = {
    context,
    releases: once(() => (remote ? releases(context) : undefined)),
    archive: once(() => (remote ? packageArchive(context, options.etc) : undefined)),
    container: once(() => (remote ? containerFinder(context) : undefined)),
  };
  const memory = new Map<string, Promise<FindResult>>();

  function find(name: ToolName, wanted: FindOptions = {}): Promise<FindResult> {
    const key = JSON.stringify([name, wanted.version, wanted.path, wanted.allowVersionDrift, wanted.image]);
    const known = memory.get(key) ?? search(places, name, wanted);
    memory.set(key, known);
    return known;
  }
  return { cacheDir: context.cacheDir, find };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function search(places: Places, name: ToolName, options: FindOptions): Promise<FindResult> {
  const request = readRequest(options.version);
  const tried: Attempt[] = [];
  const chosen = await firstAnswer(userPlaces(places, name, request, options), tried);
  if (chosen !== undefined) return conclude(name, chosen, tried);
  const pinned = await pinNewest(places, name, request);
  const answer = await firstAnswer(openPlaces(places, name, pinned, request, options), tried);
  if (answer !== undefined) return conclude(name, answer, tried);
  // The newest cannot be fetched although it exists: what this machine has of the wanted line will do.
  const local = pinned === request ? undefined : await newestLocal(places, name, request);
  if (local !== undefined) return { kind: 'found', tool: local, tried };
  const message = `${name} ${formatRequest(request)} cannot be had on this machine`;
  if (options.allowVersionDrift !== true || request.kind === 'any') return unavailable(name, message, tried);
  const nearest = await findNearest(places, name, request);
  if (nearest === undefined) return unavailable(name, message, tried);
  return { kind: 'found', tool: nearest, drift: { wanted: formatRequest(request), got: nearest.versionText }, tried };
}

type Settled = Exclude<PlaceAnswer, { kind: 'nothing' }>;

/** Asks the places in turn; what came of those that had nothing is added to `tried`. */
async function firstAnswer(places: readonly Place[], tried: Attempt[]): Promise<Settled | undefined> {
  for (const place of places) {
    const answer = await place();
    if (answer.kind === 'found') return answer;
    tried.push(...answer.attempts);
    if (answer.kind === 'refused') return answer;
  }
  return undefined;
}

function conclude(name: ToolName, answer: Settled, tried: readonly Attempt[]): FindResult {
  if (answer.kind === 'refused') return unavailable(name, answer.detail, tried);
  return { kind: 'found', tool: answer.tool, tried };
}

function readRequest(text: string | undefined): VersionRequest {
  const request = parseVersionRequest(text);
  if (request !== undefined) return request;
  throw new ConfigError(`"${text}" is not a version: write v2.54.1, 2.53 or latest`);
}

function unavailable(name: ToolName, message: string, tried: readonly Attempt[]): Unavailable {
  return { kind: 'unavailable', reason: 'tool_unavailable', name, message, tried };
}

type Place = () => Promise<PlaceAnswer>;
const NOTHING: PlaceAnswer = { kind: 'nothing', attempts: [] };

/** Where the user pointed to. What answers a partial version there is taken, even if upstream has a newer patch. */
function userPlaces({ context }: Places, name: ToolName, request: VersionRequest, { path }: FindOptions): Place[] {
  const found: Place[] = [];
  if (path !== undefined && path !== '') found.push(() => fromGivenPath(context, name, path, request));
  const list = context.env['OBSGATE_TOOLS'] ?? '';
  if (list !== '' && request.kind !== 'latest') found.push(() => fromList(context, name, list, request));
  return found;
}

function openPlaces(
  places: Places,
  name: ToolName,
  request: VersionRequest,
  original: VersionRequest,
  { image }: FindOptions,
): Place[] {
  const { context } = places;
  const list = context.env['OBSGATE_TOOLS'] ?? '';
  const remote: (Place | undefined)[] = [
    () => fromPath(context, name, request),
    () => findInCache(name, request, context),
    places.releases() && (async () => places.releases()?.find(name, request) ?? NOTHING),
    places.archive() && (async () => places.archive()?.find(name, request) ?? NOTHING),
    places.container() && (async () => places.container()?.(name, request, image) ?? NOTHING),
  ];
  const listed: Place = () => fromList(context, name, list, request);
  return [
    ...(list !== '' && original.kind === 'latest' ? [listed] : []),
    ...remote.filter((place) => place !== undefined),
  ];
}

/**
 * Turns `latest`, `3` and `2.53` into the newest release that can be had, so that an older one which lies around here
 * is not taken for it. Upstream is asked first; where it is out of reach, the package archive; then this machine.
 */
async function pinNewest(places: Places, name: ToolName, request: VersionRequest): Promise<VersionRequest> {
  if (request.kind === 'any' || request.kind === 'exact') return request;
  const released = await places.releases()?.newest(name, request);
  if (released !== undefined) return { kind: 'exact', version: released };
  const here = (await localTools(places.context, name)).map(({ version }) => version);
  const packaged = request.kind === 'latest' ? await places.archive()?.newest(name) : undefined;
  const version = newestSatisfying(packaged === undefined ? here : [...here, packaged], request);
  return version === undefined ? request : { kind: 'exact', version };
}

async function newestLocal(places: Places, name: ToolName, request: VersionRequest): Promise<Tool | undefined> {
  const tools = await localTools(places.context, name);
  const version = newestSatisfying(
    tools.map((tool) => tool.version),
    request,
  );
  return version && tools.find(({ versionText }) => versionText === formatVersion(version));
}

async function findNearest(places: Places, name: ToolName, request: VersionRequest): Promise<Tool | undefined> {
  const local = await localTools(places.context, name);
  const offered = (await places.archive()?.versions(name)) ?? [];
  const version = nearestVersion([...local.map((tool) => tool.version), ...offered], request);
  if (version === undefined) return undefined;
  const held = local.find((tool) => tool.versionText === formatVersion(version));
  if (held !== undefined) return held;
  const answer = await places.archive()?.find(name, { kind: 'exact', version });
  return answer?.kind === 'found' ? answer.tool : local[0];
}
