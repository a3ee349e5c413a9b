import { parseVersion, formatVersion } from '@obsgate/core/promtool';
import { describeResult, runProcess } from '../process/index.ts';
import type { Tool, ToolName, ToolSource } from './model.ts';

export type Identified =
  | { readonly kind: 'tool'; readonly tool: Tool }
  | { readonly kind: 'not_a_tool'; readonly detail: string };

/** A tool answers `--version` in well under a second; what doesn't within this is broken. */
const DEADLINE_MS = 10_000;

/** Runs `PATH --version` and believes only what calls itself by the tool's own name. */
export async function identify(
  name: ToolName,
  path: string,
  source: ToolSource,
  { deadlineMs = DEADLINE_MS, signal }: { deadlineMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<Identified> {
  const result = await runProcess(path, ['--version'], {
    deadlineMs,
    maxOutputBytes: 1024 * 1024,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.kind !== 'exited') return { kind: 'not_a_tool', detail: `${path} --version: ${describeResult(result)}` };
  // Releases before 2.43 write the version to stderr, later ones to stdout.
  const output = `${result.stdout}\n${result.stderr}`;
  const line = /^(\w+), version (\S+)/m.exec(output);
  if (line === null || result.code !== 0) {
    return {
      kind: 'not_a_tool',
      detail: `${path} is not ${name}: it answers --version with ${excerpt(output, result.code)}`,
    };
  }
  if (line[1] !== name) return { kind: 'not_a_tool', detail: `${path} is ${line[1]}, not ${name}` };
  const version = parseVersion(line[2] ?? '');
  if (version === undefined) {
    return { kind: 'not_a_tool', detail: `${path}: the version "${line[2]}" is not one that can be read` };
  }
  const program = { kind: 'binary', path } as const;
  return { kind: 'tool', tool: { name, version, versionText: formatVersion(version), program, path, source } };
}

function excerpt(output: string, code: number): string {
  const first = output.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? `nothing (exit code ${code})` : `"${first.trim().slice(0, 80)}" (exit code ${code})`;
}
