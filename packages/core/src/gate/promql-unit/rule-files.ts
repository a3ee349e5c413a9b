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
import { usesRealm, withRealm } from '../realm.ts';
import type { TestFile } from './test-file.ts';

/** Where rule files for tests come from. */
export type RuleFileSource = {
  readonly project: Project;
  /** Every file of the repository. */
  readonly paths: readonly string[];
  /** Value written for `${REALM}` in the copies. */
  readonly realm: string;
};

/** A rule file of a test. `templated`: `${REALM}` stands in it, so that its text is not the file's. */
export type TestedRules =
  | { readonly kind: 'read'; readonly file: RuleFile; readonly templated: boolean }
  | { readonly kind: 'unreadable'; readonly path: string; readonly detail: string };

/** Reads each rule file once, whichever tests name it. */
export function ruleFileReader({ project, realm }: RuleFileSource): (path: string) => Promise<TestedRules> {
  const known = new Map(project.ruleFiles.map((file) => [file.path, file]));
  const loaded = new Map<string, Promise<TestedRules>>();
  const load = async (path: string): Promise<TestedRules> => {
    const file = known.get(path);
    if (file !== undefined) return { kind: 'read', file, templated: project.templated.has(path) };
    const read = await project.files.read(path);
    if (read.kind !== 'text') return { kind: 'unreadable', path, detail: read.detail || read.reason };
    return { kind: 'read', file: loadRuleFile(path, withRealm(read.text, realm)), templated: usesRealm(read.text) };
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
