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
  const ruleFiles = new Map<string, RuleFile>();
  for (const [index, file] of project.ruleFiles.entries()) {
    if (file.groups.length === 0) continue;
    const path =
      file.format === 'crd' ? await scratch.write(`crd/${index}.yml`, plainRuleFile(file)) : `${root}/${file.path}`;
    ruleFiles.set(path, file);
  }
  return { ruleFiles, ...(await copyConfig(project, root, scratch)) };
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
