import picomatch from 'picomatch';
import type { Config } from '../config/index.ts';
import { finding, sortFindings, sourceText, type Finding, type Range } from '../kernel/index.ts';
import { findDuplicates, loadRuleFile, normalizePath, type RuleFile } from '../rules/index.ts';
import type { ReadResult, RepositoryFiles } from './ports.ts';
import type { PrometheusConfig, Project } from './project.ts';
import { readPrometheusConfig } from './prometheus-config.ts';
import { usesRealm, withRealm } from './realm.ts';
import { resolvePattern } from './rule-file-paths.ts';

/** Where a path to read was named: the configuration's entry, or Obsgate's own settings. */
type Named = { readonly path: string; readonly by?: { readonly file: string; readonly range: Range } };

/**
 * Reads the repository: the Prometheus configuration, the rule files it names, and those of `prometheus.rules`.
 * Every file is read and parsed once. Nothing is thrown for what is wrong with the repository: `findings` has
 * what cannot be read, entries that match nothing, files or groups without rules, and duplicates; the findings of
 * each rule file's text are there too.
 */
export async function loadProject(files: RepositoryFiles, config: Config): Promise<Project> {
  const findings: Finding[] = [];
  const paths = await files.list();
  const prometheus = await loadConfig(files, config, paths, findings);
  const named = [...fromConfig(prometheus), ...fromGlobs(config, paths, findings)];
  const { ruleFiles, templated } = await loadRuleFiles(files, named, config.realm.value, findings);
  const read = [...ruleFiles.flatMap((file) => file.findings), ...findDuplicates(ruleFiles)];
  if (!ruleFiles.some((file) => file.groups.some((group) => group.rules.length > 0))) {
    findings.push(nothingToCheck(config, prometheus, ruleFiles));
  }
  return { config, files, prometheus, ruleFiles, templated, findings: sortFindings([...findings, ...read]) };
}

async function loadConfig(
  files: RepositoryFiles,
  config: Config,
  paths: readonly string[],
  findings: Finding[],
): Promise<PrometheusConfig | undefined> {
  const path = normalizePath(config.prometheus.config);
  const read = await files.read(path);
  if (read.kind !== 'text') {
    findings.push(unreadable({ path }, read, 'config/unreadable', 'Set `prometheus.config` in .obsgate.yml.'));
    return undefined;
  }
  const result = readPrometheusConfig(sourceText(path, read.text.replace(/^\uFEFF/, '')));
  findings.push(...result.findings);
  const { patterns, ...written } = result.prometheus;
  const context = { configPath: path, pathMap: config.prometheus.path_map, paths };
  const ruleFiles = patterns.map((pattern) => {
    const { resolved, findings: found } = resolvePattern(pattern, context);
    findings.push(...found);
    return resolved;
  });
  return { ...written, ruleFiles };
}

function fromConfig(prometheus: PrometheusConfig | undefined): Named[] {
  return (prometheus?.ruleFiles ?? []).flatMap(({ matches, written }) =>
    matches.map((path) => ({ path, by: { file: prometheus?.path ?? '', range: written.range } })),
  );
}

function fromGlobs(config: Config, paths: readonly string[], findings: Finding[]): Named[] {
  return config.prometheus.rules.flatMap((glob) => {
    const isMatch = picomatch(normalizePath(glob), { dot: true });
    const matches = paths.filter((path) => isMatch(path));
    if (matches.length === 0) findings.push(unmatchedGlob(glob));
    return matches.map((path) => ({ path }));
  });
}

async function loadRuleFiles(
  files: RepositoryFiles,
  named: readonly Named[],
  realm: string,
  findings: Finding[],
): Promise<Pick<Project, 'ruleFiles' | 'templated'>> {
  const seen = new Set<string>();
  const templated = new Set<string>();
  const ruleFiles: RuleFile[] = [];
  for (const item of named) {
    const { path } = item;
    if (seen.has(path)) continue;
    seen.add(path);
    const read = await files.read(path);
    if (read.kind !== 'text') {
      findings.push(unreadable(item, read, 'rules/unreadable', 'Correct the file, or what names it.'));
      continue;
    }
    if (usesRealm(read.text)) templated.add(path);
    ruleFiles.push(loadRuleFile(path, withRealm(read.text, realm)));
  }
  return { ruleFiles, templated };
}

const WHY: Readonly<Record<Exclude<ReadResult, { kind: 'text' }>['reason'], string>> = {
  missing: 'it does not exist',
  directory: 'it is a directory',
  binary: 'it is a binary file',
  encoding: 'it is not valid UTF-8',
  too_large: 'it is too large',
  outside: 'it lies outside of the repository',
  denied: 'reading it is not permitted',
  loop: 'its symbolic links form a loop',
};

function unreadable(
  { path, by }: Named,
  read: Exclude<ReadResult, { kind: 'text' }>,
  rule: string,
  help: string,
): Finding {
  return finding({
    rule,
    severity: 'error',
    message: `${path} cannot be read: ${WHY[read.reason]}${read.detail === '' ? '' : ` (${read.detail})`}.`,
    help,
    ...(by ?? { file: path }),
    subject: `${path} ${read.reason}`,
  });
}

function unmatchedGlob(glob: string): Finding {
  return finding({
    rule: 'config/unmatched-rules-glob',
    severity: 'error',
    message: `${JSON.stringify(glob)} in \`prometheus.rules\` matches no file of the repository.`,
    help: 'Correct the glob, or remove it.',
    subject: glob,
  });
}

function nothingToCheck(
  config: Config,
  prometheus: PrometheusConfig | undefined,
  ruleFiles: readonly RuleFile[],
): Finding {
  const what = ruleFiles.length === 0 ? 'are no rule files' : 'are rule files, but no rules in them';
  const place = prometheus === undefined ? {} : { file: prometheus.path };
  return finding({
    rule: 'config/no-rules',
    severity: 'error',
    message: `There ${what}: promtool calls that a success, but nothing is proved.`,
    help: `Name rule files under \`rule_files\` of ${config.prometheus.config} or under \`prometheus.rules\` of .obsgate.yml.`,
    ...place,
    subject: 'no rules',
  });
}
