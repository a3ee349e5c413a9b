import { constants, readdirSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import {
  compareVersions,
  formatRequest,
  formatVersion,
  OLDEST_SUPPORTED,
  satisfies,
  type VersionRequest,
} from '@obsgate/core/promtool';
import { identify } from './identify.ts';
import {
  type Attempt,
  executableNames,
  type SourceAnswer,
  type Tool,
  type ToolchainContext,
  type ToolName,
  type ToolSource,
} from './model.ts';

/**
 * The executables that `OBSGATE_TOOLS` names: a list of folders (each may hold one folder per version) or files,
 * separated as in PATH.
 */
export function listedCandidates(name: ToolName, list: string): { files: string[]; attempts: Attempt[] } {
  const files: string[] = [];
  const attempts: Attempt[] = [];
  for (const entry of entriesOf(list)) {
    const stat = statSync(entry, { throwIfNoEntry: false });
    if (stat === undefined) attempts.push({ where: `OBSGATE_TOOLS ${entry}`, result: 'does not exist' });
    else if (stat.isFile()) {
      if (executableNames(name).some((file) => entry.endsWith(file))) files.push(entry);
    } else files.push(...existing(name, [entry, ...subfolders(entry)]));
  }
  return { files, attempts };
}

/** The executables that a given path means: itself, or those of that name in the folder that it is. */
export function givenCandidates(name: ToolName, path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? existing(name, [resolve(path)]) : [path];
}

/** The executables of that name on PATH, in its order. */
export function pathCandidates(name: ToolName, path: string): string[] {
  return existing(name, entriesOf(path));
}

/** The first of `files` that runs, is the tool, and has the version that is asked for. */
export async function firstSatisfying(
  name: ToolName,
  request: VersionRequest,
  files: readonly string[],
  source: ToolSource,
  { signal }: Pick<ToolchainContext, 'signal'>,
): Promise<SourceAnswer> {
  const attempts: Attempt[] = [];
  for (const file of files) {
    const checked = await checkCandidate(name, request, file, source, signal);
    if (checked.kind === 'tool') return { kind: 'found', tool: checked.tool };
    attempts.push({ where: `${source} ${file}`, result: checked.detail });
  }
  return { kind: 'nothing', attempts: attempts.length > 0 ? attempts : [{ where: source, result: `no ${name}` }] };
}

async function checkCandidate(
  name: ToolName,
  request: VersionRequest,
  file: string,
  source: ToolSource,
  signal: AbortSignal | undefined,
): Promise<{ kind: 'tool'; tool: Tool } | { kind: 'no'; detail: string }> {
  try {
    await access(file, constants.X_OK);
  } catch {
    return { kind: 'no', detail: 'not executable' };
  }
  const identified = await identify(name, file, source, { signal });
  if (identified.kind === 'not_a_tool') return { kind: 'no', detail: identified.detail };
  const { tool } = identified;
  if (request.kind === 'any' && source !== 'given' && isTooOld(tool)) {
    return { kind: 'no', detail: `is ${tool.versionText}, older than ${formatVersion(OLDEST_SUPPORTED)}` };
  }
  if (satisfies(tool.version, request)) return { kind: 'tool', tool };
  return { kind: 'no', detail: `is ${formatVersion(tool.version)}, not ${formatRequest(request)}` };
}

/** Whether a Prometheus or promtool is older than what is supported; it is taken only when asked for by its version. */
export function isTooOld({ name, version }: Tool): boolean {
  return (name === 'promtool' || name === 'prometheus') && compareVersions(version, OLDEST_SUPPORTED) < 0;
}

function entriesOf(list: string): string[] {
  return [...new Set(list.split(delimiter).filter((entry) => entry !== ''))].map((entry) => resolve(entry));
}

function existing(name: ToolName, folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => executableNames(name).map((file) => join(folder, file)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .toSorted();
}
