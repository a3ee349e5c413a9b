import type { Config } from '../../config/index.ts';
import { formatDuration, type Duration } from '../../kernel/index.ts';
import { goGlob, mapServerPath, plainRuleFile, type RuleFile } from '../../rules/index.ts';
import type { RepositoryFiles } from '../ports.ts';
import { withRealm } from '../realm.ts';
import { isolateConfig, withEvaluationInterval, type IsolatedConfig, type PathRewrite } from './isolate-config.ts';
import { quickRuleText } from './rule-copies.ts';
import type { SandboxFiles } from './sandbox-port.ts';

/** Name of the configuration in every sandbox. */
export const SANDBOX_CONFIG = 'prometheus.yml';
const COPIES = 'repository/';
const ADDED = 'added/';

/** A configuration as a sandbox loads it. */
export type SandboxCopy = {
  readonly files: SandboxFiles;
  readonly leftOut: readonly string[];
  /** Path in the repository of a file that the sandbox's server names. */
  repositoryPath(serverFile: string, directory: string): string | undefined;
};

export type CopyResult =
  | {
      readonly kind: 'copied';
      readonly copy: SandboxCopy;
      readonly isolated: Extract<IsolatedConfig, { kind: 'isolated' }>;
    }
  | { readonly kind: 'unreadable'; readonly detail: string };

/**
 * Copies the configuration and every file that its `rule_files` may mean, with the server's own globs left to the
 * server: what it loads then shows whether our reading of the globs was right.
 *
 * @param ruleFiles - Files to be loaded in any case: those that no entry brings are added to the copy, manifests as
 *   plain rule files, since a server cannot read them.
 */
export async function copyRepository(
  files: RepositoryFiles,
  { prometheus: settings, realm }: Config,
  ruleFiles: readonly RuleFile[],
): Promise<CopyResult> {
  const read = await files.read(settings.config);
  if (read.kind !== 'text') return { kind: 'unreadable', detail: `${settings.config}: ${read.detail}` };
  const text = read.text.replace(/^\uFEFF/, '');
  const places = placesOf(text, settings);
  const added = filesToAdd(ruleFiles, places.patterns);
  const addedPaths = new Map(added.map((file, index) => [`${ADDED}${index}.yml`, file]));
  const isolated = isolateConfig(text, places.rewrite, [...addedPaths.keys()]);
  if (isolated.kind === 'unreadable') return { kind: 'unreadable', detail: `${settings.config}: ${isolated.detail}` };
  const copies = new Map([[SANDBOX_CONFIG, isolated.text]]);
  for (const [name, file] of addedPaths) {
    copies.set(name, file.format === 'crd' ? plainRuleFile(file) : file.source.text);
  }
  for (const path of candidates(await files.list(), places.patterns)) {
    const file = await files.read(path);
    if (file.kind === 'text') copies.set(COPIES + path, withRealm(file.text, realm.value));
  }
  const copy: SandboxCopy = {
    files: copies,
    leftOut: [...isolated.leftOut, ...places.leftOut],
    repositoryPath: (serverFile, directory) => {
      const inside = serverFile.startsWith(`${directory}/`) ? serverFile.slice(directory.length + 1) : serverFile;
      return addedPaths.get(inside)?.path ?? (inside.startsWith(COPIES) ? inside.slice(COPIES.length) : undefined);
    },
  };
  return { kind: 'copied', copy, isolated };
}

type Places = {
  readonly patterns: readonly string[];
  readonly leftOut: readonly string[];
  readonly rewrite: PathRewrite;
};

function placesOf(text: string, settings: Config['prometheus']): Places {
  const patterns = new Set<string>();
  const leftOut = new Set<string>();
  const rewrite: PathRewrite = ({ key, path }) => {
    if (key !== 'rule_files') return `obsgate-${key}.log`;
    const mapped = mapServerPath(path, settings.config, settings.path_map);
    if (mapped.kind === 'inside') {
      patterns.add(mapped.path);
      return COPIES + mapped.path;
    }
    leftOut.add(`rule_files ${JSON.stringify(path)} (not in the repository)`);
    return undefined;
  };
  isolateConfig(text, rewrite);
  return { patterns: [...patterns], leftOut: [...leftOut], rewrite };
}

function filesToAdd(ruleFiles: readonly RuleFile[], patterns: readonly string[]): readonly RuleFile[] {
  const globs = patterns.map(goGlob).filter((glob) => glob !== undefined);
  return ruleFiles.filter((file) => !globs.some((glob) => glob.matches(file.path)));
}

/** The same copy with other texts for its rule files, by their path in the repository; a file that is not named has no groups. */
export function withRuleTexts(copy: SandboxCopy, texts: ReadonlyMap<string, string>): SandboxCopy {
  const files = new Map(copy.files);
  for (const path of copy.files.keys()) {
    if (path === SANDBOX_CONFIG) continue;
    files.set(path, texts.get(copy.repositoryPath(path, '') ?? '') ?? '{"groups":[]}');
  }
  return { ...copy, files };
}

/**
 * The same copy with every group evaluated at `interval`, so that each rule shows its first result within one interval
 * of the start (Prometheus spreads the first evaluations over it). The rest of every text stays as it is, so that the
 * server refuses whatever it would refuse of the repository.
 */
export function quickCopy(copy: SandboxCopy, ruleFiles: readonly RuleFile[], interval: Duration): SandboxCopy {
  const written = formatDuration(interval);
  const byPath = new Map(ruleFiles.map((file) => [file.path, file]));
  const files = new Map(
    [...copy.files].map(([path, text]) => {
      if (path === SANDBOX_CONFIG) return [path, withEvaluationInterval(text, written)];
      const file = byPath.get(copy.repositoryPath(path, '') ?? '');
      return [path, file === undefined ? text : quickRuleText(file, text, written)];
    }),
  );
  return { ...copy, files };
}

// Every file as deep as the pattern, below its part without wildcards.
function candidates(paths: readonly string[], patterns: readonly string[]): string[] {
  const wanted = patterns.map((pattern) => ({
    depth: pattern.split('/').length,
    prefix: /^[^*?[\\]*/.exec(pattern)?.[0] ?? '',
  }));
  return paths.filter((path) => {
    const depth = path.split('/').length;
    return wanted.some((pattern) => pattern.depth === depth && path.startsWith(pattern.prefix));
  });
}
