import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { basename, join } from 'node:path';
import { compareVersions, formatVersion, parseVersion, satisfies, type VersionRequest } from '@obsgate/core/promtool';
import { onExitCleanup } from '../process/index.ts';
import { identify } from './identify.ts';
import { executableNames, type SourceAnswer, type Tool, type ToolchainContext, type ToolName } from './model.ts';

/** What the cache knows about a tool that it holds: written last, so its presence proves a complete entry. */
type Receipt = { readonly version: string; readonly from: string; readonly sha256: string; readonly size: number };

/** `$OBSGATE_CACHE`, else the user's cache folder of this system with `obsgate` in it. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  const given = env['OBSGATE_CACHE'];
  if (given !== undefined && given !== '') return given;
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && xdg !== '') return join(xdg, 'obsgate');
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? homedir(), 'obsgate', 'cache');
  return process.platform === 'darwin' ? join(homedir(), 'Library/Caches/obsgate') : join(homedir(), '.cache/obsgate');
}

/** Every version of a tool that the cache holds, newest first. Damaged entries are left out. */
export async function cachedTools(name: ToolName, { cacheDir }: Pick<ToolchainContext, 'cacheDir'>): Promise<Tool[]> {
  const folder = join(cacheDir, name);
  const names = await readdir(folder).catch((): string[] => []);
  const tools = await Promise.all(names.map((entry) => readEntry(name, join(folder, entry))));
  return tools.filter((tool) => tool !== undefined).toSorted((a, b) => compareVersions(b.version, a.version));
}

/** The newest tool in the cache that has the version asked for. */
export async function findInCache(
  name: ToolName,
  request: VersionRequest,
  context: Pick<ToolchainContext, 'cacheDir'>,
): Promise<SourceAnswer> {
  const tools = await cachedTools(name, context);
  const tool = tools.find(({ version }) => satisfies(version, request));
  if (tool !== undefined) return { kind: 'found', tool };
  const held = tools.map(({ versionText }) => versionText).join(', ');
  const result = held === '' ? `no ${name}` : `holds ${held}`;
  return { kind: 'nothing', attempts: [{ where: `cache ${join(context.cacheDir, name)}`, result }] };
}

/**
 * Puts the executable `file` into the cache after it has answered `--version` with its name. The entry appears at
 * once and complete (a rename), or not at all; one that is there already stays. `beside` are files and folders that the
 * executable needs next to it.
 */
export async function storeTool(
  name: ToolName,
  file: string,
  from: string,
  context: ToolchainContext,
  beside: readonly string[] = [],
): Promise<{ kind: 'stored'; tool: Tool } | { kind: 'refused'; detail: string }> {
  const staging = join(context.cacheDir, 'tmp', randomUUID());
  const executable = executableNames(name)[0] ?? name;
  await mkdir(staging, { recursive: true });
  const forget = onExitCleanup(() => rmSync(staging, { recursive: true, force: true }));
  try {
    const staged = join(staging, executable);
    await rename(file, staged).catch(() => copyFile(file, staged));
    await chmod(staged, 0o755);
    for (const extra of beside) await cp(extra, join(staging, basename(extra)), { recursive: true });
    const identified = await identify(name, staged, 'cache', { signal: context.signal });
    if (identified.kind === 'not_a_tool') return { kind: 'refused', detail: identified.detail };
    const { version } = identified.tool;
    const receipt: Receipt = {
      version: formatVersion(version),
      from,
      sha256: await sha256(staged),
      size: (await stat(staged)).size,
    };
    await writeFile(join(staging, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
    const target = join(context.cacheDir, name, receipt.version);
    await moveIntoPlace(name, staging, target);
    const tool = await readEntry(name, target);
    return tool === undefined ? { kind: 'refused', detail: `${target} cannot be read back` } : { kind: 'stored', tool };
  } finally {
    await rm(staging, { recursive: true, force: true });
    forget();
  }
}

/** SHA-256 of a file in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

// Another process may have stored the same version meanwhile: its entry is as good, so the loser gives way.
// A damaged entry is replaced.
async function moveIntoPlace(name: ToolName, staging: string, target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await rename(staging, target);
    } catch (error) {
      if ((await readEntry(name, target)) !== undefined) return;
      if (attempt === 2) throw error;
      await rm(target, { recursive: true, force: true });
    }
  }
}

async function readEntry(name: ToolName, folder: string): Promise<Tool | undefined> {
  const path = join(folder, executableNames(name)[0] ?? name);
  try {
    const receipt = readReceipt(JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8')));
    const version = parseVersion(receipt?.version ?? '');
    // The size is a cheap proof against a truncated file; the checksum was compared when it was stored.
    if (version === undefined || (await stat(path)).size !== receipt?.size) return undefined;
    const program = { kind: 'binary', path } as const;
    return { name, version, versionText: formatVersion(version), program, path, source: 'cache' };
  } catch {
    // No receipt, or an unreadable one: not an entry.
    return undefined;
  }
}

function readReceipt(value: unknown): Pick<Receipt, 'version' | 'size'> | undefined {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('size' in value)) return undefined;
  const { version, size } = value;
  return typeof version === 'string' && typeof size === 'number' ? { version, size } : undefined;
}
