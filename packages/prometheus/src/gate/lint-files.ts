import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { defaultConfig, type Config } from '@obsgate/core/config';
import { gateReport, stageReport } from '@obsgate/core/gate';
import { ConfigError, finding, type Finding } from '@obsgate/core/kernel';
import { lintRuleFiles, lintRuleIds, lintSettings } from '@obsgate/core/lint';
import { findDuplicates, loadRuleFile, type RuleFile } from '@obsgate/core/rules';
import { repositoryFiles } from '../files/index.ts';
import { RULES, type GateResult } from './run-gate.ts';

const RULE_FILE = /\.ya?ml$/i;

/**
 * Lints rule files without a repository's configuration. `paths` are absolute; a folder stands for its YAML files.
 * Findings name paths relative to `from`.
 *
 * @throws ConfigError when a path does not exist, or a folder holds no YAML file.
 */
export async function lintFiles(paths: readonly string[], from: string): Promise<GateResult> {
  const start = performance.now();
  const found = await Promise.all(paths.map((path) => ruleFilesAt(path, from)));
  const loaded = await Promise.all([...new Set(found.flat())].map((path) => loadFile(path, shown(path, from))));
  const files = loaded.flatMap((item) => item.file ?? []);
  const settings = lintSettings({ config: withoutPromtool(), scrapeInterval: undefined, ruleIds: lintRuleIds });
  const { findings, counts } = lintRuleFiles(files, settings, { scope: 'files' });
  const unread = loaded.flatMap((item) => item.unread ?? []);
  const all = [...unread, ...files.flatMap((file) => file.findings), ...findDuplicates(files), ...findings];
  const facts = { files: counts.files, groups: counts.groups, rules: counts.rules };
  const durationMs = performance.now() - start;
  const stage = stageReport('heartbeat-rules-lint', { findings: all, facts }, durationMs);
  const sources = new Map(files.map((file) => [file.path, file.source]));
  return { report: gateReport([stage], {}, durationMs), sources: (path) => sources.get(path), rules: RULES };
}

/** The file as rules, or the finding that says why it cannot be read (binary, no UTF-8, too large). */
async function loadFile(path: string, name: string): Promise<{ file?: RuleFile; unread?: Finding }> {
  const read = await repositoryFiles(dirname(path)).read(basename(path));
  if (read.kind === 'text') return { file: loadRuleFile(name, read.text) };
  const message = `${name} cannot be read: ${read.detail || read.reason}.`;
  return {
    unread: finding({ rule: 'rules/unreadable', severity: 'error', message, file: name, subject: read.reason }),
  };
}

/** In the gate promtool judges what the grammar cannot read; here nobody does, and what nobody judged has not passed. */
function withoutPromtool(): Config {
  const config = defaultConfig();
  const rules = { ...config.gate.lint.rules, 'promql/unparsed': 'error' } as const;
  return { ...config, gate: { ...config.gate, lint: { ...config.gate.lint, rules } } };
}

async function ruleFilesAt(path: string, from: string): Promise<string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (info instanceof Error) {
    throw new ConfigError(info.code === 'ENOENT' ? 'no such file or directory' : info.message, shown(path, from));
  }
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && RULE_FILE.test(entry.name));
  if (files.length === 0) throw new ConfigError('the folder holds no YAML file', shown(path, from));
  return files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

function shown(path: string, from: string): string {
  return relative(from, path).replaceAll('\\', '/');
}
