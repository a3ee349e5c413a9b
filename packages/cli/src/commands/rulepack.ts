import { lstat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { defaultConfig, parseConfig, type Config } from '@obsgate/core/config';
import type { ReadResult, RepositoryFiles } from '@obsgate/core/gate';
import { ConfigError } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import {
  explainRulepacks,
  isRulepackFile,
  loadRulepacks,
  renderExplanation,
  UNSEEN,
  type ChangedFile,
  type FileSide,
  type RulepackSet,
} from '@obsgate/core/rulepack';
import { repositoryFiles } from '@obsgate/prometheus/files';
import { gitFiles } from '@obsgate/prometheus/sandbox';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';

type RulepackFlags = {
  readonly dir: string;
  readonly config?: string;
  readonly baseRef?: string;
  readonly format?: string;
};

/** `obsgate rulepack explain FILE...`: which scenario changed files fall into, and why not the others. */
export function addRulepackCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const rulepack = program.command('rulepack').description('scenarios of changes that may merge on their own');
  rulepack
    .command('explain')
    .description('which scenario these changed files fall into, and why not the others')
    .argument('<file...>', 'changed files; old=>new for a rename')
    .option('--dir <dir>', 'the repository', '.')
    .option('--config <file>', 'configuration file (default: .obsgate.yml if there is one)')
    .option('--base-ref <ref>', 'git ref that contents are compared with (default: HEAD)')
    .option('--format <format>', 'text or json (default: text)')
    .option('--no-color', 'no colours')
    .action(async (files: readonly string[], flags: RulepackFlags) => finish(await explain(files, flags, io)));
}

async function explain(names: readonly string[], flags: RulepackFlags, io: CliIo): Promise<number> {
  const format = flags.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new ConfigError(`unknown format ${JSON.stringify(format)} Known: text, json`, '--format');
  const root = resolve(io.cwd, flags.dir);
  const files = repositoryFiles(root);
  const config = await readConfig(files, flags.config);
  const set = await readRulepacks(files, config.merge.rulepacks);
  const base = await baseFiles(root, flags.baseRef);
  const changed = await Promise.all(names.map((name) => changedFile(name, root, io.cwd, files, base)));
  const explanation = explainRulepacks(changed, set, config.merge.rulepacks);
  const pack = set.rulepacks.find(({ scenario }) => scenario === explanation.scenario);
  io.out(format === 'json' ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, pack));
  return explanation.outcome === 'pass' ? EXIT.pass : EXIT.fail;
}

async function readConfig(files: RepositoryFiles, path: string | undefined): Promise<Config> {
  const name = path ?? '.obsgate.yml';
  const read = await files.read(name);
  if (read.kind === 'text') return parseConfig(name, read.text);
  if (path === undefined && read.reason === 'missing') return defaultConfig();
  throw new ConfigError(`the configuration cannot be read: ${read.detail || read.reason}`, name);
}

async function readRulepacks(files: RepositoryFiles, folder: string): Promise<RulepackSet> {
  const prefix = `${folder.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  const paths = (await files.list()).filter(
    (path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/') && isRulepackFile(path),
  );
  if (paths.length === 0) throw new ConfigError(`there is no rulepack in ${folder}; obsgate init writes some`);
  const texts = await Promise.all(paths.map(async (path) => ({ path, read: await files.read(path) })));
  return loadRulepacks(
    texts.map(({ path, read }) => {
      if (read.kind === 'text') return { path, text: read.text };
      throw new ConfigError(`the rulepack cannot be read: ${read.detail || read.reason}`, path);
    }),
  );
}

/** The files to compare with; undefined outside of a git repository, and then contents are not judged. */
async function baseFiles(root: string, ref: string | undefined): Promise<RepositoryFiles | undefined> {
  try {
    return await gitFiles(root, ref ?? 'HEAD');
  } catch (error) {
    if (ref === undefined && error instanceof ConfigError) return undefined;
    throw error;
  }
}

async function changedFile(
  name: string,
  root: string,
  cwd: string,
  files: RepositoryFiles,
  base: RepositoryFiles | undefined,
): Promise<ChangedFile> {
  const [old, renamed] = name.split('=>');
  const path = inRepository(renamed ?? name, root, cwd);
  const previousPath = renamed === undefined ? path : inRepository(old ?? '', root, cwd);
  const before = base === undefined ? UNSEEN : sideOf(await base.read(previousPath), 'unknown');
  const after = sideOf(await files.read(path), await modeOf(join(root, path)));
  // A file that is nowhere is taken as one that is to be written: its path alone is judged.
  const sides = before === null && after === null ? { before: null, after: UNSEEN } : { before, after };
  const status =
    renamed !== undefined ? 'renamed' : before === null ? 'added' : after === null ? 'removed' : 'modified';
  return { path, status, additions: 0, deletions: 0, ...sides, ...(renamed === undefined ? {} : { previousPath }) };
}

/** Paths are those of the repository; one that leads out of it is no path of it. */
function inRepository(name: string, root: string, cwd: string): string {
  const direct = relative(root, resolve(cwd, name)).split(sep).join('/');
  if (direct === '' || direct === '..' || direct.startsWith('../'))
    throw new ConfigError(`${JSON.stringify(name)} is not a file of the repository`);
  return direct;
}

function sideOf(read: ReadResult, mode: string): FileSide | null {
  if (read.kind === 'text') return { mode, content: { kind: 'text', text: read.text } };
  if (read.reason === 'missing') return mode === '120000' ? { ...UNSEEN, mode } : null;
  if (read.reason === 'binary') return { mode, content: { kind: 'binary' } };
  return { mode, content: { kind: 'unread', why: read.detail || read.reason } };
}

async function modeOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return 'unknown';
  if (stats.isSymbolicLink()) return '120000';
  // Before is not looked at here, so that an executable file would always seem to become one.
  return 'unknown';
}
