import { finding, type Finding } from '../../kernel/index.ts';
import {
  directoryOf,
  goGlob,
  loadRuleFile,
  mapServerPath,
  normalizePath,
  type PathMap,
  type RuleFile,
} from '../../rules/index.ts';
import type { Project } from '../project.ts';
import type { TestFile } from './test-file.ts';

/** Where rule files for tests come from. */
export type RuleFileSource = {
  readonly project: Project;
  /** Every file of the repository. */
  readonly paths: readonly string[];
  /** Value written for `${REALM}` in the copies. */
  readonly realm: string;
};

/** Reads each rule file once, whichever tests name it. */
export function ruleFileReader(source: RuleFileSource): (path: string) => Promise<RuleFile | undefined> {
  const known = new Map(source.project.ruleFiles.map((file) => [file.path, file]));
  const loaded = new Map<string, Promise<RuleFile | undefined>>();
  const load = async (path: string): Promise<RuleFile | undefined> => {
    const file = known.get(path);
    if (file !== undefined && !usesRealm(file.source.text)) return file;
    const read = await source.project.files.read(path);
    return read.kind === 'text' ? loadRuleFile(path, withRealm(read.text, source.realm)) : undefined;
  };
  return (path) => {
    const promise = loaded.get(path) ?? load(path);
    loaded.set(path, promise);
    return promise;
  };
}

/** The paths of the rule files that a test file names; an entry that means none is a finding. */
export function resolveRuleFiles(
  test: TestFile,
  { project, paths }: RuleFileSource,
): { readonly paths: readonly string[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const found = test.ruleFiles.flatMap(({ value, range }) => {
    const matches = matching(value, test.path, paths, project.config.prometheus.path_map);
    if (matches.length === 0) findings.push(unmatched(test, value, range));
    return matches;
  });
  if (test.ruleFiles.length === 0 && test.groups.length > 0) {
    findings.push(unmatched(test, undefined, undefined));
  }
  return { paths: [...new Set(found)], findings };
}

/** Go's `filepath.Glob`, relative to the test file's folder as promtool does it; server paths go through the path map. */
function matching(pattern: string, testPath: string, paths: readonly string[], pathMap: PathMap): string[] {
  const mapped = pattern.startsWith('/') ? mapServerPath(pattern, testPath, pathMap) : undefined;
  const local =
    mapped === undefined
      ? normalizePath(`${directoryOf(testPath)}/${pattern}`.replace(/^\/+/, ''))
      : mapped.kind === 'inside'
        ? mapped.path
        : undefined;
  const glob = local === undefined ? undefined : goGlob(local);
  return glob === undefined ? [] : paths.filter((path) => glob.matches(path));
}

function unmatched(test: TestFile, pattern: string | undefined, range: Finding['range']): Finding {
  const what =
    pattern === undefined ? 'The file names no rule_files' : `${JSON.stringify(pattern)} in rule_files matches no file`;
  return finding({
    rule: 'unit/no-rules-matched',
    severity: 'error',
    message: `${what}: promtool only warns, and tests that expect nothing pass without a rule`,
    help: 'Paths are relative to the test file; server paths go through prometheus.path_map.',
    file: test.path,
    subject: pattern ?? 'rule_files',
    ...(range !== undefined && { range }),
  });
}

const REALM = /\$\{REALM\}/g;

export function usesRealm(text: string): boolean {
  return text.includes('${REALM}');
}

/** The text with every `${REALM}` replaced. */
export function withRealm(text: string, realm: string): string {
  return text.replaceAll(REALM, () => realm);
}
