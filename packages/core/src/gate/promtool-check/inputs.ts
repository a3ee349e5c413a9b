import { mapServerPath, plainRuleFile, type RuleFile } from '../../rules/index.ts';
import type { Scratch } from '../promtool-port.ts';
import type { Project } from '../project.ts';
import { relocateConfig } from './relocate-config.ts';

/** What promtool is given, with the way back to the repository's own paths. */
export type CheckInputs = {
  /** Absolute path of the configuration's copy; undefined when there is no configuration to check. */
  readonly config: string | undefined;
  /** Absolute path that promtool is given, to the rule file it stands for. */
  readonly ruleFiles: ReadonlyMap<string, RuleFile>;
  /** Paths that the configuration names outside of the repository: a placeholder stands for each. */
  readonly outside: readonly string[];
};

/**
 * Writes what promtool is to check: a copy of the configuration whose paths lead into the repository, and plain rule
 * files for PrometheusRule objects. Plain rule files are checked where they are.
 */
export async function prepareInputs(project: Project, root: string, scratch: Scratch): Promise<CheckInputs> {
  // What the configuration names is loaded as it is, also a manifest, which a server refuses.
  const served = new Set(project.prometheus?.ruleFiles.flatMap(({ matches }) => matches));
  const files = project.ruleFiles.filter(({ path, groups }) => groups.length > 0 || served.has(path));
  const ruleFiles = await checkedPaths(files, { served, templated: project.templated }, root, scratch);
  return { ruleFiles, ...(await copyConfig(project, root, scratch)) };
}

/** promtool tells its verdicts line by line, so a name that holds a line break cannot be found in them. */
const BREAKS_LINES = /\p{Cc}|[\u2028\u2029]/u;

/** Rule files by the absolute path that promtool is given: the file itself, or a copy of what a server gets of it. */
export async function checkedPaths(
  files: readonly RuleFile[],
  { served, templated }: { readonly served: ReadonlySet<string>; readonly templated: ReadonlySet<string> },
  root: string,
  scratch: Scratch,
): Promise<Map<string, RuleFile>> {
  const ruleFiles = new Map<string, RuleFile>();
  for (const [index, file] of files.entries()) {
    const manifest = file.format === 'crd' && !served.has(file.path);
    const copy = manifest
      ? plainRuleFile(file)
      : templated.has(file.path) || BREAKS_LINES.test(file.path)
        ? file.source.text
        : undefined;
    const name = BREAKS_LINES.test(file.path) ? `copies/${index}.yml` : `copies/${file.path}`;
    ruleFiles.set(copy === undefined ? `${root}/${file.path}` : await scratch.write(name, copy), file);
  }
  return ruleFiles;
}

async function copyConfig(
  project: Project,
  root: string,
  scratch: Scratch,
): Promise<Pick<CheckInputs, 'config' | 'outside'>> {
  const { prometheus, config } = project;
  if (prometheus === undefined) return { config: undefined, outside: [] };
  const outside: string[] = [];
  const text = relocateConfig(prometheus.source.text, ({ key, path }) => {
    // Rule files are checked by themselves, each once; a glob that matches nothing keeps promtool from doing it again.
    if (key === 'rule_files') return { kind: 'moved', to: `${scratch.path}/no-rules/*.yml` };
    const mapped = mapServerPath(path, prometheus.path, config.prometheus.path_map);
    if (mapped.kind === 'inside') return { kind: 'moved', to: `${root}/${mapped.path}` };
    outside.push(path);
    return { kind: 'moved', to: `${scratch.path}/outside/empty.yml` };
  });
  if (outside.length > 0) await scratch.write('outside/empty.yml', '[]\n');
  return { config: await scratch.write('config/prometheus.yml', text), outside };
}
