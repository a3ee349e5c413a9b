import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVersion, type ToolVersion } from '@obsgate/core/promtool';
import { describeResult, type ProcessResult, runProcess } from '../process/index.ts';
import type { AptArchive } from './apt-sources.ts';
import type { ToolName } from './model.ts';

/** What one suite of the archive offers: upstream version and full package version by package. */
export type SuiteOffer = Readonly<Record<string, { readonly version: string; readonly package: string }>>;

export type SuiteAnswer =
  | { readonly kind: 'offers'; readonly offer: SuiteOffer }
  /** `unreachable` means that the mirror itself does not answer, so that asking for another suite is in vain. */
  | { readonly kind: 'failed'; readonly unreachable: boolean; readonly detail: string };

/** The packages that may hold a tool, best first. Before trixie promtool was part of the package `prometheus`. */
export const PACKAGES: Readonly<Record<ToolName, readonly string[]>> = {
  promtool: ['promtool', 'prometheus'],
  prometheus: ['prometheus'],
  pushgateway: ['prometheus-pushgateway'],
  alertmanager: ['prometheus-alertmanager'],
};

const ALL_PACKAGES = [...new Set(Object.values(PACKAGES).flat())];

/** An apt state folder of our own for one suite: no root, and the machine's own apt state stays as it is. */
export type AptState = { readonly dir: string; readonly options: readonly string[] };

/** Lays out the state folder below `dir` for one suite of `archive`. */
export async function aptState(dir: string, archive: AptArchive, suite: string, component: string): Promise<AptState> {
  for (const folder of ['lists/partial', 'archives/partial', 'debs']) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  const signedBy = archive.signedBy === undefined ? '' : `[signed-by=${archive.signedBy}] `;
  await writeFile(join(dir, 'sources.list'), `deb ${signedBy}${archive.uri} ${suite} ${component}\n`);
  await writeFile(join(dir, 'status'), '');
  const settings = {
    'Dir::State': dir,
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::State::status': join(dir, 'status'),
    'Dir::Cache': dir,
    'Dir::Etc::sourcelist': join(dir, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Default-Release': '',
    // Only the package index is wanted: no translations, contents or icons.
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::PDiffs': 'false',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '8',
    'Acquire::https::Timeout': '8',
    // apt as root would drop to a user who may not enter this folder. Signatures are verified all the same.
    'APT::Sandbox::User': '',
    'Debug::NoLocking': '1',
  };
  return { dir, options: Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]) };
}

/** Fetches the suite's index and reads which of our packages it offers. */
export async function readSuite(state: AptState, signal: AbortSignal | undefined): Promise<SuiteAnswer> {
  const update = await apt('apt-get', [...state.options, 'update'], state, 120_000, signal);
  if (update.kind !== 'exited' || update.code !== 0 || /^(?:W: Failed|Err:)/m.test(text(update))) {
    const detail = `apt-get update: ${firstError(update)}`;
    const unreachable = update.kind !== 'exited' || /resolv|connect|timed out|unreachable/i.test(text(update));
    return { kind: 'failed', unreachable, detail };
  }
  const policy = await apt('apt-cache', [...state.options, 'policy', ...ALL_PACKAGES], state, 30_000, signal);
  if (policy.kind !== 'exited' || policy.code !== 0) {
    return { kind: 'failed', unreachable: false, detail: `apt-cache policy: ${firstError(policy)}` };
  }
  return { kind: 'offers', offer: parsePolicy(policy.stdout) };
}

/** Reads the output of `apt-cache policy`: the candidate of each package. */
export function parsePolicy(output: string): SuiteOffer {
  const offer: Record<string, { version: string; package: string }> = {};
  let name: string | undefined;
  for (const line of output.split('\n')) {
    name = /^(\S+):$/.exec(line)?.[1] ?? name;
    const candidate = /^\s+Candidate: (\S+)/.exec(line)?.[1];
    const version = candidate === undefined ? undefined : upstreamVersion(candidate);
    if (name !== undefined && candidate !== undefined && version !== undefined) {
      offer[name] = { version, package: candidate };
    }
  }
  return offer;
}

/** Checks that a remembered value is an offer; undefined for anything else. */
export function readOffer(value: unknown): SuiteOffer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const offer: Record<string, { version: string; package: string }> = {};
  for (const [name, entry] of Object.entries(value) as [string, unknown][]) {
    if (typeof entry !== 'object' || entry === null || !('version' in entry) || !('package' in entry)) return undefined;
    if (typeof entry.version !== 'string' || typeof entry.package !== 'string') return undefined;
    offer[name] = { version: entry.version, package: entry.package };
  }
  return offer;
}

/** Which package of the offer holds the tool, and in which upstream version. */
export function offered(
  offer: SuiteOffer,
  name: ToolName,
): { package: string; packageVersion: string; version: ToolVersion } | undefined {
  for (const candidate of PACKAGES[name]) {
    const entry = offer[candidate];
    const version = entry === undefined ? undefined : parseVersion(entry.version);
    if (entry !== undefined && version !== undefined) {
      return { package: candidate, packageVersion: entry.package, version };
    }
  }
  return undefined;
}

/** Downloads one package and unpacks it (nothing is installed). Answers with the folder of its root. */
export async function unpackPackage(
  state: AptState,
  packageName: string,
  packageVersion: string,
  signal: AbortSignal | undefined,
): Promise<{ kind: 'unpacked'; root: string } | { kind: 'failed'; detail: string }> {
  const debs = join(state.dir, 'debs', packageName);
  const root = join(state.dir, 'root', packageName);
  await mkdir(debs, { recursive: true });
  await mkdir(root, { recursive: true });
  const wanted = `${packageName}=${packageVersion}`;
  const download = await runProcess('apt-get', [...state.options, 'download', wanted], {
    cwd: debs,
    env: plainEnv(),
    deadlineMs: 300_000,
    ...(signal === undefined ? {} : { signal }),
  });
  const file = (await readdir(debs)).find((entry) => entry.endsWith('.deb'));
  if (download.kind !== 'exited' || download.code !== 0 || file === undefined) {
    return { kind: 'failed', detail: `apt-get download ${wanted}: ${firstError(download)}` };
  }
  const unpack = await apt('dpkg-deb', ['-x', join(debs, file), root], state, 120_000, signal);
  if (unpack.kind === 'exited' && unpack.code === 0) return { kind: 'unpacked', root };
  return { kind: 'failed', detail: `dpkg-deb -x ${file}: ${firstError(unpack)}` };
}

// `1:2.42.0+ds-5+deb12u1` is upstream's 2.42.0.
function upstreamVersion(candidate: string): string | undefined {
  return /^(?:\d+:)?(\d+\.\d+\.\d+(?:[~-](?:rc|beta|alpha)\.?\d+)?)/.exec(candidate)?.[1];
}

function apt(
  command: string,
  args: readonly string[],
  state: AptState,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<ProcessResult> {
  return runProcess(command, args, {
    cwd: state.dir,
    env: plainEnv(),
    deadlineMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

// apt's words are read, so they must be English.
function plainEnv(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANG: 'C', DEBIAN_FRONTEND: 'noninteractive' };
}

function text(result: ProcessResult): string {
  return 'stdout' in result ? `${result.stdout}\n${result.stderr}` : '';
}

function firstError(result: ProcessResult): string {
  const line = /^(?:E|Err|W):?\S* *(.*)$/m.exec('stderr' in result ? result.stderr : '')?.[0];
  return line ?? describeResult(result);
}
