import { finding, type Finding, type Range } from '../kernel/index.ts';
import { goGlob, hasGlob, isRulePattern, mapServerPath, type Located, type PathMap } from '../rules/index.ts';

/** One entry of `rule_files`, and the files of the repository that it means. */
export type RuleFilePattern = {
  /** As written, with its place in the configuration. */
  readonly written: Located<string>;
  /** The pattern with its path in the repository; undefined when it means nothing there. */
  readonly pattern: string | undefined;
  readonly matches: readonly string[];
};

export type PatternContext = {
  /** Path of the configuration in the repository. */
  readonly configPath: string;
  readonly pathMap: PathMap;
  /** Every file of the repository. */
  readonly paths: readonly string[];
};

/**
 * Finds the files that one `rule_files` entry means, as the server would. An entry that means none is a finding:
 * Prometheus starts, reloads and answers without a word when a glob matches nothing.
 */
export function resolvePattern(
  written: Located<string>,
  context: PatternContext,
): { readonly resolved: RuleFilePattern; readonly findings: readonly Finding[] } {
  const nothing = (rule: string, message: string, help: string): ReturnType<typeof resolvePattern> => ({
    resolved: { written, pattern: undefined, matches: [] },
    findings: [patternFinding(rule, message, help, context.configPath, written)],
  });
  const quoted = JSON.stringify(written.value);
  const mapped = mapServerPath(written.value, context.configPath, context.pathMap);
  if (mapped.kind === 'unmapped') {
    const message = `${quoted} is a path of the server, and no entry of \`prometheus.path_map\` says where it lies in the repository.`;
    return nothing('config/unmapped-path', message, unmappedHelp(written.value, context));
  }
  if (mapped.kind === 'outside') {
    const message = `${quoted} leaves the repository (${mapped.path}), so its rules cannot be checked.`;
    return nothing('config/outside-repository', message, 'Keep the rule files in the repository, or map the path.');
  }
  const glob = goGlob(mapped.path);
  if (glob === undefined || !isRulePattern(written.value)) {
    const message = `${quoted} is no pattern that Prometheus accepts.`;
    return nothing(
      'config/bad-pattern',
      message,
      'Use `*`, `?` or `[a-z]`, and `*` in the file name only; there is no `**`.',
    );
  }
  const matches = context.paths.filter((path) => glob.matches(path));
  const resolved = { written, pattern: mapped.path, matches };
  const directory = directoriesOf(context.paths).find((path) => glob.matches(path));
  if (directory !== undefined) {
    const message = `${quoted} matches the directory ${directory}, which Prometheus cannot read as a rule file.`;
    const help = `Write a pattern that matches files only, such as ${directory}/*.yml.`;
    const found = patternFinding('config/rule-files-directory', message, help, context.configPath, written);
    return { resolved, findings: [found] };
  }
  if (matches.length > 0) return { resolved, findings: [] };
  const silent = hasGlob(written.value) ? ' Prometheus does not complain; it just evaluates nothing.' : '';
  const message = `${quoted} matches no file of the repository (looked for ${mapped.path}).${silent}`;
  const help = 'Correct the path, add the files, or remove the entry.';
  const found = patternFinding('config/unmatched-rule-files', message, help, context.configPath, written);
  return { resolved, findings: [found] };
}

function directoriesOf(paths: readonly string[]): string[] {
  const directories = new Set<string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const directory = path.slice(0, slash);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return [...directories].sort();
}

function unmappedHelp(path: string, { configPath, pathMap }: PatternContext): string {
  const directory = configPath.includes('/') ? configPath.slice(0, configPath.lastIndexOf('/')) : '.';
  const known = Object.keys(pathMap);
  const mapped = known.length === 0 ? '' : ` Mapped are ${known.join(', ')}.`;
  const server = /^\/etc\/prometheus(?=\/|$)/.exec(path)?.[0] ?? (path.slice(0, path.lastIndexOf('/')) || '/');
  return `Write path_map: { ${server}: ${directory} } under prometheus in .obsgate.yml.${mapped}`;
}

function patternFinding(
  rule: string,
  message: string,
  help: string,
  file: string,
  { value, range }: { readonly value: string; readonly range: Range },
): Finding {
  return finding({ rule, severity: 'error', message, help, file, range, subject: value });
}
