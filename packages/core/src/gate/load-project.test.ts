import { expect, test } from 'vitest';
import { parseConfig } from '../config/index.ts';
import { loadProject } from './load-project.ts';
import type { ReadResult, RepositoryFiles } from './ports.ts';
import type { Project } from './project.ts';

type Entry = string | { readonly reason: Extract<ReadResult, { kind: 'unreadable' }>['reason'] };

/** A repository in memory: texts, and files that cannot be read. */
function repository(entries: Readonly<Record<string, Entry>>): RepositoryFiles & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    list: () => Promise.resolve(Object.keys(entries).sort()),
    read(path) {
      reads.push(path);
      const entry = entries[path] ?? { reason: 'missing' };
      return Promise.resolve(
        typeof entry === 'string' ? { kind: 'text', text: entry } : { kind: 'unreadable', detail: '', ...entry },
      );
    },
  };
}

const RULES = 'groups:\n- name: g\n  rules:\n  - {record: r, expr: up}\n';

async function load(entries: Readonly<Record<string, Entry>>, settings = ''): Promise<Project> {
  return loadProject(repository(entries), parseConfig('.obsgate.yml', settings));
}

function said({ findings }: Project): string[] {
  return findings.map(
    ({ rule, severity, file, range, message }) =>
      `${file ?? '-'}${range === undefined ? '' : `:${range.line}:${range.column}`} ${severity} ${rule}: ${message}`,
  );
}

test('a repository is read: intervals, external labels, and the rule files that the patterns mean', async () => {
  const project = await load(
    {
      'prometheus/prometheus.yml': `global:
  scrape_interval: 15s
  external_labels: { region: eu }
rule_files:
  - /etc/prometheus/rules/*.yml
  - extra.yml
`,
      'prometheus/rules/a.yml': RULES,
      'prometheus/rules/b.yml': RULES.replace('r,', 'q,'),
      'prometheus/rules/c.yaml': 'not read',
      'prometheus/extra.yml': RULES.replace('r,', 'p,'),
      'more/d.yml': RULES.replace('r,', 'o,'),
    },
    'prometheus: { path_map: { /etc/prometheus: prometheus }, rules: ["more/**/*.yml"] }',
  );
  expect(said(project)).toEqual([]);
  expect(project.prometheus).toMatchObject({
    scrapeInterval: { ms: 15_000 },
    evaluationInterval: { ms: 60_000 },
    externalLabels: { region: 'eu' },
  });
  expect(project.prometheus?.ruleFiles.map(({ pattern, matches }) => [pattern, matches])).toEqual([
    ['prometheus/rules/*.yml', ['prometheus/rules/a.yml', 'prometheus/rules/b.yml']],
    ['prometheus/extra.yml', ['prometheus/extra.yml']],
  ]);
  expect(project.ruleFiles.map((file) => file.path)).toEqual([
    'prometheus/rules/a.yml',
    'prometheus/rules/b.yml',
    'prometheus/extra.yml',
    'more/d.yml',
  ]);
});

test('a file that several patterns mean is read once', async () => {
  const files = repository({
    'prometheus/prometheus.yml': 'rule_files: [a.yml, "*.yml"]\n',
    'prometheus/a.yml': RULES,
  });
  const config = parseConfig('.obsgate.yml', 'prometheus: { rules: ["prometheus/a.yml"] }');
  const project = await loadProject(files, config);
  expect(files.reads.filter((path) => path === 'prometheus/a.yml')).toHaveLength(1);
  expect(project.ruleFiles.map((file) => file.path)).toEqual(['prometheus/a.yml', 'prometheus/prometheus.yml']);
});

test.each<[string, Record<string, Entry>, string]>([
  ['no configuration', {}, ''],
  ['a configuration that is a directory', { 'prometheus/prometheus.yml': { reason: 'directory' } }, ''],
  ['an empty configuration', { 'prometheus/prometheus.yml': '' }, ''],
  ['a broken configuration', { 'prometheus/prometheus.yml': 'rule_files: [a.yml\n' }, ''],
  ['a configuration that is a list', { 'prometheus/prometheus.yml': '- a\n' }, ''],
  [
    'a configuration with a second document',
    { 'prometheus/prometheus.yml': 'rule_files: [a.yml]\n---\nrule_files: []\n', 'prometheus/a.yml': RULES },
    '',
  ],
  ['patterns that match nothing', { 'prometheus/prometheus.yml': 'rule_files:\n- rules/*.yml\n- a.yml\n' }, ''],
  [
    'a server path that is not mapped',
    { 'prometheus/prometheus.yml': 'rule_files:\n- /etc/prometheus/rules/*.yml\n' },
    '',
  ],
  ['a path that leaves the repository', { 'prometheus/prometheus.yml': 'rule_files: [../../other/*.yml]\n' }, ''],
  ['patterns that Prometheus refuses', { 'prometheus/prometheus.yml': 'rule_files: ["*/a.yml", "[a.yml"]\n' }, ''],
  [
    'a pattern that matches a directory',
    { 'prometheus/prometheus.yml': 'rule_files: ["*"]\n', 'prometheus/x/a.yml': RULES },
    '',
  ],
  ['an empty rule file', { 'prometheus/prometheus.yml': 'rule_files: [a.yml]\n', 'prometheus/a.yml': '' }, ''],
  [
    'rule files that cannot be read',
    {
      'prometheus/prometheus.yml': 'rule_files: ["*.rules"]\n',
      'prometheus/a.rules': { reason: 'outside' },
      'prometheus/b.rules': { reason: 'encoding' },
      'prometheus/c.rules': RULES,
    },
    '',
  ],
  [
    'a glob of our own that matches nothing',
    { 'prometheus/prometheus.yml': 'rule_files: [a.yml]\n', 'prometheus/a.yml': RULES },
    'prometheus: { rules: ["extra/*.yml"] }',
  ],
  [
    'duplicates across files',
    {
      'prometheus/prometheus.yml': 'rule_files: [a.yml, b.yml]\n',
      'prometheus/a.yml': RULES,
      'prometheus/b.yml': RULES,
    },
    '',
  ],
])('%s', async (name, entries, settings) => {
  expect(said(await load(entries, settings))).toMatchSnapshot(name);
});
