import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareVersions,
  formatRequest,
  formatVersion,
  satisfies,
  type ToolVersion,
  type VersionRequest,
} from '@obsgate/core/promtool';
import { tempDir } from '../process/index.ts';
import { aptState, type AptState, offered, readOffer, readSuite, type SuiteAnswer, unpackPackage } from './apt.ts';
import { findInCache, storeTool } from './cache.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import { withLock } from './lock.ts';
import { recall, remember } from './memory.ts';
import { relocated } from './relocate.ts';
import {
  type Attempt,
  executableNames,
  type SourceAnswer,
  TOOL_NAMES,
  type ToolchainContext,
  type ToolName,
} from './model.ts';

/** The system's package archive as a place to look for tools, newest suite first. */
export type PackageArchive = {
  readonly find: (name: ToolName, request: VersionRequest) => Promise<SourceAnswer>;
  /** Every version that the archive carries, newest first; empty when it cannot be reached. */
  readonly versions: (name: ToolName) => Promise<readonly ToolVersion[]>;
  /** The version in the newest suite that has the tool; undefined when the archive cannot be reached. */
  readonly newest: (name: ToolName) => Promise<ToolVersion | undefined>;
};

type AptDistribution = Extract<Distribution, { kind: 'apt' }>;
type OpenSuite = { readonly state: AptState; readonly answer: SuiteAnswer };
type Suites = {
  /** What the suite offers, from the index or from what was remembered of it. */
  readonly offer: (suite: string) => Promise<SuiteAnswer>;
  /** An apt state folder that holds the suite's index. */
  readonly open: (suite: string) => Promise<OpenSuite>;
};

/** Looks at the machine's own apt sources; `etc` is replaceable for tests. */
export function packageArchive(context: ToolchainContext, etc = '/etc'): PackageArchive {
  const distribution = readDistribution(etc);
  if (distribution.kind === 'none') {
    return {
      find: async () => nothing('package archive', distribution.detail),
      versions: async () => [],
      newest: async () => undefined,
    };
  }
  const suites = suiteReader(context, distribution);

  async function find(name: ToolName, request: VersionRequest): Promise<SourceAnswer> {
    const attempts: Attempt[] = [];
    for (const suite of distribution.kind === 'apt' ? distribution.suites : []) {
      const answer = await findInSuite(context, suites, `${archiveName(distribution)} ${suite}`, suite, name, request);
      if (answer.kind === 'found') return answer;
      attempts.push(...answer.attempts);
      if (answer.giveUp) break;
    }
    return { kind: 'nothing', attempts };
  }

  async function* offers(name: ToolName): AsyncGenerator<ToolVersion> {
    for (const suite of distribution.kind === 'apt' ? distribution.suites : []) {
      const answer = await suites.offer(suite);
      if (answer.kind === 'failed' && answer.unreachable) return;
      const offer = answer.kind === 'offers' ? offered(answer.offer, name) : undefined;
      if (offer !== undefined) yield offer.version;
    }
  }

  async function versions(name: ToolName): Promise<readonly ToolVersion[]> {
    const found = new Map<string, ToolVersion>();
    for await (const version of offers(name)) found.set(formatVersion(version), version);
    return [...found.values()].toSorted((a, b) => compareVersions(b, a));
  }

  async function newest(name: ToolName): Promise<ToolVersion | undefined> {
    for await (const version of offers(name)) return version;
    return undefined;
  }

  return { find, versions, newest };
}

function archiveName(distribution: Distribution): string {
  return distribution.kind === 'apt' ? `package archive ${distribution.archive.uri}` : 'package archive';
}

function nothing(where: string, result: string): { kind: 'nothing'; attempts: Attempt[]; giveUp: boolean } {
  return { kind: 'nothing', attempts: [{ where, result }], giveUp: false };
}

type SuiteFind = Extract<SourceAnswer, { kind: 'found' }> | ReturnType<typeof nothing>;

async function findInSuite(
  context: ToolchainContext,
  suites: Suites,
  where: string,
  suite: string,
  name: ToolName,
  request: VersionRequest,
): Promise<SuiteFind> {
  const answer = await suites.offer(suite);
  if (answer.kind === 'failed') return { ...nothing(where, answer.detail), giveUp: answer.unreachable };
  const offer = offered(answer.offer, name);
  if (offer === undefined) return nothing(where, `no ${name}`);
  if (!satisfies(offer.version, request)) {
    return nothing(where, `has ${formatVersion(offer.version)}, not ${formatRequest(request)}`);
  }
  const lock = join(context.cacheDir, 'locks', `${name}-${formatVersion(offer.version)}`);
  return withLock(lock, async () => {
    // Another process may have fetched it while this one waited.
    const cached = await findInCache(name, { kind: 'exact', version: offer.version }, context);
    return cached.kind === 'found' ? cached : fetchPackage(context, suites, where, suite, name);
  });
}

async function fetchPackage(
  context: ToolchainContext,
  suites: Suites,
  where: string,
  suite: string,
  name: ToolName,
): Promise<SuiteFind> {
  const { state, answer } = await suites.open(suite);
  if (answer.kind === 'failed') return nothing(where, answer.detail);
  const offer = offered(answer.offer, name);
  if (offer === undefined) return nothing(where, `no ${name}`);
  context.progress(`fetching ${offer.package} ${offer.packageVersion} from the ${where}`);
  const unpacked = await unpackPackage(state, offer.package, offer.packageVersion, context.signal);
  if (unpacked.kind === 'failed') return nothing(where, unpacked.detail);
  return storeFromRoot(context, name, unpacked.root, `${where} ${offer.package} ${offer.packageVersion}`, where);
}

// The package `prometheus` of bookworm also holds promtool: what came along is kept.
async function storeFromRoot(
  context: ToolchainContext,
  wanted: ToolName,
  root: string,
  origin: string,
  where: string,
): Promise<SuiteFind> {
  let answer: SuiteFind = nothing(where, `the package holds no ${wanted}`);
  const folder = join(root, 'usr/bin');
  const present = await readdir(folder).catch((): string[] => []);
  for (const name of TOOL_NAMES) {
    const file = executableNames(name).find((candidate) => present.includes(candidate));
    if (file === undefined) continue;
    const { executable, beside } = await relocated(name, root, join(folder, file));
    const stored = await storeTool(name, executable, origin, context, beside);
    if (name !== wanted) continue;
    answer =
      stored.kind === 'refused'
        ? nothing(where, stored.detail)
        : { kind: 'found', tool: { ...stored.tool, source: 'packages' } };
  }
  return answer;
}

function suiteReader(context: ToolchainContext, distribution: AptDistribution): Suites {
  // For the run: an index is fetched once, and a mirror that is out of reach is asked once.
  const opened = new Map<string, Promise<OpenSuite>>();
  let unreachable: SuiteAnswer | undefined;

  async function read(suite: string): Promise<OpenSuite> {
    const { archive, components } = distribution;
    context.progress(`fetching the package index of ${archive.uri} ${suite}`);
    // The folder is removed when the process ends: the packages of this suite are fetched through it.
    const { dir } = await tempDir('obsgate-apt');
    const state = await aptState(dir, archive, suite, components);
    const answer = await readSuite(state, context.signal);
    if (answer.kind === 'offers') await remember(memoryFile(suite), answer.offer);
    else if (answer.unreachable) unreachable = answer;
    return { state, answer };
  }

  function open(suite: string): Promise<OpenSuite> {
    const known = opened.get(suite) ?? read(suite);
    opened.set(suite, known);
    return known;
  }

  async function offer(suite: string): Promise<SuiteAnswer> {
    const remembered = opened.has(suite) ? undefined : readOffer(await recall(memoryFile(suite)));
    if (remembered !== undefined) return { kind: 'offers', offer: remembered };
    return unreachable ?? (await open(suite)).answer;
  }

  function memoryFile(suite: string): string {
    const host = distribution.archive.uri.replace(/[^A-Za-z0-9.]+/g, '_');
    return join(context.cacheDir, 'apt', `${host}_${suite}.json`);
  }

  return { offer, open };
}
