import { resolve } from 'node:path';
import type { Tool } from '../toolchain/index.ts';
import { foldersOf, type PromtoolRun, runTool, type RunToolOptions } from './run-tool.ts';

export type CheckOptions = RunToolOptions & {
  /**
   * What promtool lints besides the syntax; without it promtool's default (`duplicate-rules`). A value that promtool
   * does not know is ignored by it without an error: take it from `PromtoolFeatures`.
   */
  readonly lint?: string | undefined;
  /** Lint findings exit with 3. Without it promtool exits 0 for them. */
  readonly lintFatal?: boolean | undefined;
  readonly ignoreUnknownFields?: boolean | undefined;
  /** The server's feature flags: some change what parses. */
  readonly enableFeature?: readonly string[] | undefined;
};

export type CheckConfigOptions = CheckOptions & {
  /** Does not look for the files that the configuration names: rule files, certificates, file_sd. */
  readonly syntaxOnly?: boolean | undefined;
  readonly agent?: boolean | undefined;
};

export type TestRulesOptions = RunToolOptions & {
  /** Only the test groups whose name matches (2.49). Matching none is a success for promtool. */
  readonly run?: string | undefined;
  /** Writes JUnit XML there (2.55). */
  readonly junit?: string | undefined;
  readonly ignoreUnknownFields?: boolean | undefined;
  readonly enableFeature?: readonly string[] | undefined;
};

/** `promtool check config FILE`. Read its output with `parseCheckConfig`. */
export function checkConfig(tool: Tool, file: string, options: CheckConfigOptions = {}): Promise<PromtoolRun> {
  const flags = [
    ...checkFlags(options),
    ...(options.syntaxOnly === true ? ['--syntax-only'] : []),
    ...(options.agent === true ? ['--agent'] : []),
  ];
  return runOnFiles(tool, ['check', 'config', ...flags], [file], options);
}

/**
 * `promtool check rules FILE...`. Read its output with `parseCheckRules`. With no file promtool would read standard
 * input and succeed, so at least one is required.
 */
export function checkRules(
  tool: Tool,
  files: readonly [string, ...string[]],
  options: CheckOptions = {},
): Promise<PromtoolRun> {
  return runOnFiles(tool, ['check', 'rules', ...checkFlags(options)], files, options);
}

/** `promtool test rules FILE...`. Read its output with `parseTestRules`. */
export function testRules(
  tool: Tool,
  files: readonly [string, ...string[]],
  options: TestRulesOptions = {},
): Promise<PromtoolRun> {
  const flags = [
    ...featureFlags(options.enableFeature),
    ...(options.run === undefined ? [] : [`--run=${options.run}`]),
    ...(options.junit === undefined ? [] : [`--junit=${options.junit}`]),
    ...(options.ignoreUnknownFields === true ? ['--ignore-unknown-fields'] : []),
  ];
  return runOnFiles(tool, ['test', 'rules', ...flags], files, options);
}

/**
 * `promtool tsdb create-blocks-from openmetrics FILE DIR`: turns samples (OpenMetrics text, timestamps in seconds,
 * `# EOF` at the end) into TSDB blocks below `outDir`, which must exist.
 */
export function createBlocks(
  tool: Tool,
  openmetricsFile: string,
  outDir: string,
  options: RunToolOptions = {},
): Promise<PromtoolRun> {
  const cwd = resolve(options.cwd ?? '.');
  const output = resolve(cwd, outDir);
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', openmetricsFile, outDir];
  const mounts = [...foldersOf([openmetricsFile], cwd), { path: output, access: 'write' as const }];
  return runTool(tool, args, { ...options, cwd, mounts: [...mounts, ...(options.mounts ?? [])] });
}

function runOnFiles(
  tool: Tool,
  args: readonly string[],
  files: readonly string[],
  options: RunToolOptions,
): Promise<PromtoolRun> {
  const cwd = resolve(options.cwd ?? '.');
  const mounts = [...foldersOf(files, cwd), ...(options.mounts ?? [])];
  // A file name that starts with a dash would be read as a flag.
  const named = files.map((file) => (file.startsWith('-') ? `./${file}` : file));
  return runTool(tool, [...args, ...named], { ...options, cwd, mounts });
}

function checkFlags({ lint, lintFatal, ignoreUnknownFields, enableFeature }: CheckOptions): string[] {
  return [
    ...featureFlags(enableFeature),
    ...(lint === undefined ? [] : [`--lint=${lint}`]),
    ...(lintFatal === true ? ['--lint-fatal'] : []),
    ...(ignoreUnknownFields === true ? ['--ignore-unknown-fields'] : []),
  ];
}

function featureFlags(features: readonly string[] | undefined): string[] {
  return (features ?? []).map((feature) => `--enable-feature=${feature}`);
}
