import { compareVersions, satisfies, type VersionRequest } from '@obsgate/core/promtool';
import { cachedTools } from './cache.ts';
import type { PlaceAnswer, SourceAnswer, Tool, ToolchainContext, ToolName } from './model.ts';
import { firstSatisfying, givenCandidates, listedCandidates, pathCandidates } from './search-path.ts';

const ANY = { kind: 'any' } as const;

/**
 * What the user named with `--promtool-path`, a tool or the folder that holds it: what is not the tool is their
 * mistake, and nothing else is tried.
 */
export async function fromGivenPath(
  context: ToolchainContext,
  name: ToolName,
  path: string,
  request: VersionRequest,
): Promise<PlaceAnswer> {
  const found = await firstSatisfying(name, ANY, givenCandidates(name, path), 'given', context);
  if (found.kind === 'nothing') {
    const why = found.attempts[0]?.result ?? 'not usable';
    return { kind: 'refused', detail: `the given ${name} ${path} cannot be used: ${why}`, attempts: found.attempts };
  }
  if (satisfies(found.tool.version, request)) return found;
  const result = `is ${found.tool.versionText}, another version than asked for`;
  return { kind: 'nothing', attempts: [{ where: `given ${path}`, result }] };
}

/** What `OBSGATE_TOOLS` lists; of several that satisfy a partial version, the newest. */
export async function fromList(
  context: ToolchainContext,
  name: ToolName,
  list: string,
  request: VersionRequest,
): Promise<SourceAnswer> {
  const { files, attempts } = listedCandidates(name, list);
  if (request.kind === 'any' || request.kind === 'exact') {
    const answer = await firstSatisfying(name, request, files, 'OBSGATE_TOOLS', context);
    return answer.kind === 'found' ? answer : { kind: 'nothing', attempts: [...attempts, ...answer.attempts] };
  }
  const tools = await working(context, name, files, 'OBSGATE_TOOLS');
  const newest = tools
    .filter(({ version }) => satisfies(version, request))
    .toSorted((a, b) => compareVersions(a.version, b.version))
    .at(-1);
  if (newest !== undefined) return { kind: 'found', tool: newest };
  const held = tools.map(({ versionText }) => versionText).join(', ');
  const result = held === '' ? `no ${name}` : `holds ${held}`;
  return { kind: 'nothing', attempts: [...attempts, { where: `OBSGATE_TOOLS ${list}`, result }] };
}

/** The first on PATH. */
export function fromPath(context: ToolchainContext, name: ToolName, request: VersionRequest): Promise<SourceAnswer> {
  return firstSatisfying(name, request, pathCandidates(name, context.env['PATH'] ?? ''), 'PATH', context);
}

/** Every working tool of that name on this machine: OBSGATE_TOOLS, PATH, cache. */
export async function localTools(context: ToolchainContext, name: ToolName): Promise<Tool[]> {
  const listed = listedCandidates(name, context.env['OBSGATE_TOOLS'] ?? '').files;
  const found = await Promise.all([
    working(context, name, listed, 'OBSGATE_TOOLS'),
    working(context, name, pathCandidates(name, context.env['PATH'] ?? ''), 'PATH'),
    cachedTools(name, context),
  ]);
  return found.flat();
}

async function working(
  context: ToolchainContext,
  name: ToolName,
  files: readonly string[],
  source: 'OBSGATE_TOOLS' | 'PATH',
): Promise<Tool[]> {
  const answers = await Promise.all(files.map((file) => firstSatisfying(name, ANY, [file], source, context)));
  return answers.flatMap((answer) => (answer.kind === 'found' ? [answer.tool] : []));
}
