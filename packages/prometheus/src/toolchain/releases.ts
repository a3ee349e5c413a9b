import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  formatRequest,
  formatVersion,
  parseVersion,
  type ToolVersion,
  type VersionRequest,
} from '@obsgate/core/promtool';
import { describeResult, onExitCleanup, runProcess } from '../process/index.ts';
import { rmSync } from 'node:fs';
import { findInCache, storeTool } from './cache.ts';
import { download, request, requestText, type HttpAnswer } from './download.ts';
import { withLock } from './lock.ts';
import { recall, remember } from './memory.ts';
import { executableNames, type PlaceAnswer, type ToolchainContext, type ToolName } from './model.ts';

/** Upstream's releases, as GitHub serves them. `OBSGATE_RELEASES` names a mirror of the same layout. */
const DEFAULT_BASE = 'https://github.com/prometheus';

const PROJECTS = {
  promtool: 'prometheus',
  prometheus: 'prometheus',
  pushgateway: 'pushgateway',
  alertmanager: 'alertmanager',
} as const satisfies Record<ToolName, string>;

/** The published releases as a place to look for tools. */
export type Releases = {
  /** The newest release that satisfies the request; undefined when upstream cannot be asked or has none. */
  readonly newest: (name: ToolName, wanted: VersionRequest) => Promise<ToolVersion | undefined>;
  /** Downloads an exact release, verifies it and puts it into the cache. */
  readonly find: (name: ToolName, wanted: VersionRequest) => Promise<PlaceAnswer>;
};

export function releases(context: ToolchainContext): Releases {
  const base = (context.env['OBSGATE_RELEASES'] ?? DEFAULT_BASE).replace(/\/+$/, '');
  // For the run: a server that did not answer once is not asked again.
  const down: { detail?: string } = {};
  const asked = new Map<string, Promise<ToolVersion | undefined>>();

  function newest(name: ToolName, wanted: VersionRequest): Promise<ToolVersion | undefined> {
    const key = `${PROJECTS[name]}-${formatRequest(wanted).replace(' ', '-')}`;
    const known =
      asked.get(key) ?? recalledNewest(context, base, key, () => askNewest(context, base, down, name, wanted));
    asked.set(key, known);
    return known;
  }

  async function find(name: ToolName, wanted: VersionRequest): Promise<PlaceAnswer> {
    const where = `release ${base}/${PROJECTS[name]}`;
    if (down.detail !== undefined) return nothing(where, down.detail);
    const version = wanted.kind === 'exact' ? wanted.version : await newest(name, wanted);
    if (version === undefined) return nothing(where, down.detail ?? `no release answers ${formatRequest(wanted)}`);
    const lock = join(context.cacheDir, 'locks', `release-${PROJECTS[name]}-${formatVersion(version)}`);
    return withLock(lock, async () => {
      const cached = await findInCache(name, { kind: 'exact', version }, context);
      return cached.kind === 'found' ? cached : fetchRelease(context, base, down, name, version);
    });
  }
  return { newest, find };
}

function nothing(where: string, result: string): PlaceAnswer {
  return { kind: 'nothing', attempts: [{ where, result }] };
}

async function recalledNewest(
  context: ToolchainContext,
  base: string,
  key: string,
  ask: () => Promise<ToolVersion | undefined>,
): Promise<ToolVersion | undefined> {
  const file = join(context.cacheDir, 'releases', `${base.replace(/[^A-Za-z0-9.]+/g, '_')}-${key}.json`);
  const known = await recall(file);
  if (typeof known === 'string') return parseVersion(known);
  const version = await ask();
  if (version !== undefined) await remember(file, formatVersion(version));
  return version;
}

type Down = { detail?: string };

async function askNewest(
  context: ToolchainContext,
  base: string,
  down: Down,
  name: ToolName,
  wanted: VersionRequest,
): Promise<ToolVersion | undefined> {
  if (down.detail !== undefined) return undefined;
  const project = `${base}/${PROJECTS[name]}`;
  if (wanted.kind === 'exact') return wanted.version;
  if (wanted.kind === 'prefix' && wanted.minor !== undefined) {
    return newestPatch(context, project, down, { ...wanted, minor: wanted.minor });
  }
  // `releases/latest` redirects to `releases/tag/vX.Y.Z`.
  const answer = await request(`${project}/releases/latest`, {
    method: 'HEAD',
    redirect: 'manual',
    signal: context.signal,
  });
  if (answer.kind === 'ok') answer.done();
  if (answer.kind === 'unreachable') down.detail = answer.detail;
  const tag = answer.kind === 'status' ? /\/tag\/(v[^/?#]+)/.exec(answer.location ?? '')?.[1] : undefined;
  const latest = parseVersion(tag ?? '');
  return wanted.kind === 'prefix' && latest?.major !== wanted.major ? undefined : latest;
}

// Patch numbers have no gaps, so the newest is found by asking for one after the other: no API, no rate limit.
async function newestPatch(
  context: ToolchainContext,
  project: string,
  down: Down,
  { major, minor }: { major: number; minor: number },
): Promise<ToolVersion | undefined> {
  let newest: ToolVersion | undefined;
  for (let patch = 0; patch < 100; patch++) {
    const url = `${project}/releases/download/v${major}.${minor}.${patch}/sha256sums.txt`;
    const answer = await request(url, { method: 'HEAD', signal: context.signal });
    if (answer.kind === 'ok') answer.done();
    else {
      if (answer.kind === 'unreachable') down.detail = answer.detail;
      return newest;
    }
    newest = { major, minor, patch, pre: '' };
  }
  return newest;
}

async function fetchRelease(
  context: ToolchainContext,
  base: string,
  down: Down,
  name: ToolName,
  version: ToolVersion,
): Promise<PlaceAnswer> {
  const folder = `${base}/${PROJECTS[name]}/releases/download/v${formatVersion(version)}`;
  const where = `release ${folder}`;
  const sums = await requestText(`${folder}/sha256sums.txt`, { signal: context.signal });
  if (sums.kind !== 'text') return nothing(where, problem(sums, down));
  const stem = `${PROJECTS[name]}-${formatVersion(version)}.${target()}`;
  const listed = new RegExp(`^([0-9a-f]{64}) [ *](${stem.replaceAll('.', '\\.')}\\.(?:tar\\.gz|zip))$`, 'm').exec(
    sums.text,
  );
  if (listed === null) return nothing(where, `no build for ${target()}`);
  const [, expected = '', file = ''] = listed;
  const staging = join(context.cacheDir, 'tmp', randomUUID());
  const forget = onExitCleanup(() => rmSync(staging, { recursive: true, force: true }));
  await mkdir(staging, { recursive: true });
  try {
    context.progress(`fetching ${folder}/${file}`);
    const got = await download(`${folder}/${file}`, join(staging, file), { signal: context.signal });
    if (got.kind !== 'written') return nothing(where, problem(got, down));
    if (got.sha256 !== expected) return tampered(where, `${folder}/${file}`, got, expected);
    return await unpackRelease(context, name, { staging, file, stem, where });
  } finally {
    await rm(staging, { recursive: true, force: true });
    forget();
  }
}

// Not merely "nothing here": a file that is not what upstream published is a reason to stop and look.
function tampered(where: string, url: string, got: { sha256: string; bytes: number }, expected: string): PlaceAnswer {
  const detail = `${url} is truncated or has been changed: its SHA-256 is ${got.sha256} (${got.bytes} bytes), sha256sums.txt says ${expected}`;
  return { kind: 'refused', detail, attempts: [{ where, result: detail }] };
}

type Archive = { readonly staging: string; readonly file: string; readonly stem: string; readonly where: string };

async function unpackRelease(
  context: ToolchainContext,
  name: ToolName,
  { staging, file, stem, where }: Archive,
): Promise<PlaceAnswer> {
  const unpack = await runProcess('tar', ['-xf', file], { cwd: staging, deadlineMs: 300_000 });
  if (unpack.kind !== 'exited' || unpack.code !== 0)
    return nothing(where, `tar -xf ${file}: ${describeResult(unpack)}`);
  let answer = nothing(where, `${file} holds no ${name}`);
  // One archive holds prometheus and promtool: both are kept.
  for (const [tool, project] of Object.entries(PROJECTS)) {
    if (project !== PROJECTS[name] || !isToolName(tool)) continue;
    const stored = await storeTool(tool, join(staging, stem, executableNames(tool)[0] ?? tool), where, context);
    if (tool !== name) continue;
    answer =
      stored.kind === 'refused'
        ? nothing(where, stored.detail)
        : { kind: 'found', tool: { ...stored.tool, source: 'release' } };
  }
  return answer;
}

function isToolName(text: string): text is ToolName {
  return text in PROJECTS;
}

function problem(answer: Exclude<HttpAnswer, { kind: 'ok' }>, down: Down): string {
  if (answer.kind === 'status') return answer.status === 404 ? 'no such release' : `HTTP status ${answer.status}`;
  down.detail = answer.detail;
  return answer.detail;
}

/** The name of this machine's builds: `linux-amd64`, `darwin-arm64`, `windows-amd64`. */
function target(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const arch: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'armv7' };
  return `${os}-${arch[process.arch] ?? process.arch}`;
}
