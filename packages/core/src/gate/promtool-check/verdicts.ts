import { parseCheckConfig, parseCheckRules, type FileVerdict, type PromtoolMessage } from '../../promtool/index.ts';
import type { Reason } from '../../kernel/index.ts';
import type { Promtool, PromtoolRun } from '../promtool-port.ts';
import type { CheckInputs } from './inputs.ts';

/** promtool's verdict on every file, by the path it was given; or why it could not be had. */
export type VersionVerdicts = {
  readonly version: string;
  readonly files: ReadonlyMap<string, FileVerdict>;
  readonly reasons: readonly Reason[];
};

/** Command lines have a limit (128 KiB an argument list on some systems); so many files are checked in one call. */
const FILES_PER_CALL = 400;

/** Lets one promtool check the configuration and every rule file. */
export async function verdictsOf(
  promtool: Promtool,
  inputs: CheckInputs,
  lint: { readonly config: string | undefined; readonly rules: string | undefined },
): Promise<VersionVerdicts> {
  const collected = await Promise.all([
    ...(inputs.config === undefined ? [] : [configVerdict(promtool, inputs.config, lint.config)]),
    ...chunks([...inputs.ruleFiles.keys()]).map((files) => ruleVerdicts(promtool, files, lint.rules)),
  ]);
  return {
    version: promtool.version,
    files: new Map(collected.flatMap(({ files }) => files.map((file) => [file.file, file]))),
    reasons: collected.flatMap(({ reasons }) => reasons),
  };
}

type Collected = { readonly files: readonly FileVerdict[]; readonly reasons: readonly Reason[] };

async function configVerdict(promtool: Promtool, path: string, lint: string | undefined): Promise<Collected> {
  const run = await promtool.checkConfig(path, { lint });
  if (run.kind === 'failed') return failed(promtool, run);
  const { config, messages } = parseCheckConfig(run);
  const files = config === undefined ? [] : [config];
  return { files, reasons: unexplained(promtool, 'check config', [path], files, messages, run.exitCode) };
}

async function ruleVerdicts(
  promtool: Promtool,
  paths: readonly [string, ...string[]],
  lint: string | undefined,
): Promise<Collected> {
  const run = await promtool.checkRules(paths, { lint });
  if (run.kind === 'failed') return failed(promtool, run);
  const { files, messages } = parseCheckRules(run);
  return { files, reasons: unexplained(promtool, 'check rules', paths, files, messages, run.exitCode) };
}

function failed(promtool: Promtool, run: Extract<PromtoolRun, { kind: 'failed' }>): Collected {
  return { files: [], reasons: [{ code: run.reason, message: run.message, subject: `promtool ${promtool.version}` }] };
}

/** A file without a verdict, or an exit code that no verdict explains, is an error: success would be a guess. */
function unexplained(
  promtool: Promtool,
  command: string,
  paths: readonly string[],
  files: readonly FileVerdict[],
  messages: readonly PromtoolMessage[],
  exitCode: number,
): Reason[] {
  const subject = `promtool ${promtool.version}`;
  const said = messages.map(({ message }) => message).join('; ');
  const judged = new Set(files.map(({ file }) => file));
  const missing = paths.filter((path) => !judged.has(path));
  if (missing.length > 0) {
    const message = `promtool ${promtool.version} ${command} gave no verdict on ${missing.join(', ')} (exit code ${exitCode})${said && `: ${said}`}`;
    return [{ code: 'tool_failed', message, subject }];
  }
  if (exitCode === 0 || files.some(({ verdict }) => verdict !== 'ok')) return [];
  const message = `promtool ${promtool.version} ${command} ended with exit code ${exitCode}, but named no file that is wrong${said && `: ${said}`}`;
  return [{ code: 'tool_failed', message, subject }];
}

function chunks(paths: readonly string[]): [string, ...string[]][] {
  const found: [string, ...string[]][] = [];
  for (let start = 0; start < paths.length; start += FILES_PER_CALL) {
    const [first, ...rest] = paths.slice(start, start + FILES_PER_CALL);
    if (first !== undefined) found.push([first, ...rest]);
  }
  return found;
}
