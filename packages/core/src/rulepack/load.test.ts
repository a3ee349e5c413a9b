import { describe, expect, test } from 'vitest';
import { loadRulepacks } from './load.ts';
import { completenessProblems, sizeProblems } from './size.ts';
import { added, pack } from './sample-files.ts';

function problems(text: string): string[] {
  return loadRulepacks([{ path: 'rulepack/a.yml', text }]).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
}

describe('a rulepack file', () => {
  test('takes what users have written all along', () => {
    const text = [
      'scenario: safe-docs',
      'description: docs',
      'allow_paths: [docs/**]',
      'deny_paths: []',
      'required_labels: [auto-merge]',
      'base_branch: main',
      'required_contexts: [obs-lint]',
      'merge_state: [clean, blocked]',
      'trigger_comment: /auto-merge',
      'actor_roles: [write, maintain, admin]',
      'relaxable: true',
      'require_reviews: 0',
    ].join('\n');
    const { rulepacks, problems: none } = loadRulepacks([{ path: 'rulepack/a.yml', text }]);
    expect(none).toEqual([]);
    expect(rulepacks).toMatchObject([{ scenario: 'safe-docs', file: 'rulepack/a.yml', max_files: 100, priority: 0 }]);
  });

  test('names unknown keys with the nearest known one and every wrong value with its place', () => {
    const text =
      'scenario: Docs\nalow_paths: [docs/**]\nallow_paths: ["!docs"]\nmax_files: -1\ncooldown: 30\nrelax: all\n';
    expect(problems(text)).toMatchInlineSnapshot(`
      [
        "rulepack/a.yml:1:11: a scenario is named with small letters, digits and "-" (in scenario)",
        "rulepack/a.yml:3:15: a glob that begins with "!" is not understood here; put what is not allowed under deny_paths (in allow_paths.0)",
        "rulepack/a.yml:6:8: Invalid option: expected one of "none"|"bypass"|"field" (in relax)",
        "rulepack/a.yml:4:12: Too small: expected number to be >=0 (in max_files)",
        "rulepack/a.yml:5:11: Invalid input: expected string, received number (in cooldown)",
        "rulepack/a.yml:2:1: unknown key "alow_paths"; did you mean "allow_paths"?",
      ]
    `);
  });

  test.each([
    [
      'relax that contradicts relaxable',
      'relaxable: false\nrelax: field',
      'relax: field contradicts relaxable: false; write relax: none (in relax)',
    ],
    [
      'a relaxable scenario without a check',
      'relaxable: true',
      'a relaxable scenario names no check, so nothing would prove its changes; add required_contexts (in relaxable)',
    ],
    ['a content entry that says neither', 'content: [{ because: x }]', 'write either permit or forbid (in content.0)'],
    [
      'an expression that runs away in other engines',
      'content: [{ forbid: "(a", because: x }]',
      'is no RE2 expression: error parsing regexp: missing closing ): `(a` (in content.0.forbid)',
    ],
  ])('%s is an error', (_name, lines, message) => {
    expect(problems(`scenario: a\nallow_paths: [x]\n${lines}\n`).join('\n')).toContain(message);
  });

  test('may not have the name of another, and schema.yml is none', () => {
    const text = 'scenario: a\nallow_paths: [x]\n';
    const set = loadRulepacks([
      { path: 'rulepack/a.yml', text },
      { path: 'rulepack/b.yaml', text },
      { path: 'rulepack/schema.yml', text: '{' },
      { path: 'rulepack/README.md', text: '{' },
    ]);
    expect(set.rulepacks).toHaveLength(1);
    expect(set.problems).toEqual([
      { file: 'rulepack/b.yaml', line: 1, column: 1, message: 'scenario "a" is already that of rulepack/a.yml' },
    ]);
  });

  test.each(['', '[]', 'a: &a [*a]', '\u0000', 'scenario: [', 'x: 1\n---\ny: 2'])(
    '%j makes a problem and no rulepack',
    (text) => {
      const set = loadRulepacks([{ path: 'rulepack/a.yml', text }]);
      expect(set.rulepacks).toEqual([]);
      expect(set.problems.length).toBeGreaterThan(0);
    },
  );
});

describe('size', () => {
  const size = { changedFiles: 1, additions: 3, deletions: 4 };

  test.each([
    [
      'fewer files than GitHub counts',
      [added('a')],
      { ...size, changedFiles: 2 },
      'GitHub lists 1 changed files but counts 2',
    ],
    ['more files than GitHub counts', [added('a'), added('b')], size, 'GitHub lists 2 changed files but counts 1'],
    [
      'as many files as GitHub lists at most',
      [added('a')],
      { ...size, changedFiles: 3000 },
      'it changes 3000 files, and GitHub lists no more than 3000',
    ],
    ['no file', [], { ...size, changedFiles: 0 }, 'the pull request changes no file'],
  ])('%s is not the whole change', (_name, files, counted, message) => {
    expect(completenessProblems(files, counted)).toMatchObject([{ code: 'files_incomplete', message }]);
  });

  test('is limited by the totals of the pull request, whatever the counts of its files say', () => {
    const small = pack({ max_files: 1, max_changes: 7 });
    expect(sizeProblems(size, small)).toEqual([]);
    expect(sizeProblems({ ...size, additions: 4 }, small)).toMatchObject([
      { code: 'too_many_changes', message: 'it changes 8 lines > max_changes 7 of scenario sample' },
    ]);
    expect(sizeProblems({ ...size, changedFiles: 2 }, small)).toMatchObject([{ code: 'too_many_files' }]);
  });
});
