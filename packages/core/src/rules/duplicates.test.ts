import { expect, test } from 'vitest';
import { findDuplicates } from './duplicates.ts';
import { loadRuleFile } from './load.ts';

function duplicates(...texts: string[]): string[] {
  const files = texts.map((text, at) => loadRuleFile(`${at}.yml`, text));
  return findDuplicates(files).map(
    ({ rule, severity, file, range, message, related }) =>
      `${file}:${range?.line} ${severity} ${rule} (${related?.[0]?.file}:${related?.[0]?.range?.line}): ${message}`,
  );
}

function group(name: string, ...rules: string[]): string {
  return `groups:\n- name: ${name}\n  rules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`;
}

test('rules that repeat another one are found within and across files', () => {
  expect(
    duplicates(
      group('a', '{record: r, expr: up}', '{record: r, expr: "up "}', '{record: r, expr: down}'),
      group('b', '{record: r, expr: up}', '{alert: A, expr: up == 0, labels: {a: b, c: d}}'),
      group('c', '{alert: A, expr: up == 0, labels: {c: d, a: b}}', '{alert: A, expr: up, labels: {c: d, a: b}}'),
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.yml:5 error rules/duplicate (0.yml:4): Recording rule "r" stands a second time with the same name and expression (first in this file, line 4): both write the same series.",
      "0.yml:6 error rules/duplicate (0.yml:4): Recording rule "r" stands a second time with the same name, but another expression (first in this file, line 4): both write the same series name, and where their results overlap one of them is lost.",
      "1.yml:4 error rules/duplicate (0.yml:4): Recording rule "r" stands a second time with the same name and expression (first in 0.yml, line 4): both write the same series.",
      "2.yml:4 error rules/duplicate (1.yml:5): Alert "A" stands a second time with the same name and the same labels and expression (first in 1.yml, line 5): every notification is sent twice.",
      "2.yml:5 error rules/duplicate (2.yml:4): Alert "A" stands a second time with the same name and the same labels, but another expression (first in this file, line 4): nobody can tell which of the two fires.",
    ]
  `);
});

test.each([
  ['sum(a)', 'sum(b)', 'error rules/duplicate'],
  ['vector(1)', '2', 'error rules/duplicate'],
  ['absent(x{a="1"})', 'label_replace(sum(y), "a", "1", "", ".*")', 'error rules/duplicate'],
  ['sum by (job) (a)', 'sum by (job) (b)', 'warning rules/same-record'],
  ['a', 'b', 'warning rules/same-record'],
  ['a{job="x"}', 'a{job="y"}', 'warning rules/same-record'],
])('%s and %s of one name in two files: %s', (one, other, expected) => {
  const rule = (expr: string): string => `{record: r, expr: ${JSON.stringify(expr)}}`;
  const [said] = duplicates(group('a', rule(one)), group('b', rule(other)));
  expect(said).toContain(expected);
});

test('another label or kind makes another rule', () => {
  expect(
    duplicates(
      group('a', '{record: r, expr: up}', '{record: r, expr: up, labels: {a: b}}', '{alert: r, expr: up}'),
      group('a', '{record: r, expr: up, labels: {a: c}}'),
    ),
  ).toEqual([]);
});

test('labels of the group count', () => {
  const text = 'groups:\n- {name: a, labels: {l: x}, rules: [{record: r, expr: up}]}\n';
  expect(duplicates(text, group('b', '{record: r, expr: up}'))).toEqual([]);
  expect(duplicates(text, group('b', '{record: r, expr: up, labels: {l: x}}'))).toHaveLength(1);
});

test('a group name may stand once in a file, and in other files again', () => {
  const text = 'groups:\n- {name: a, rules: [{record: r, expr: up}]}\n- {name: a, rules: [{record: q, expr: up}]}\n';
  expect(duplicates(text, group('a', '{record: s, expr: up}'))).toEqual([
    '0.yml:3 error rules/duplicate-group (0.yml:2): The group name "a" stands twice in this file (first in line 2), so Prometheus cannot load it.',
  ]);
});

test('the fingerprint of a duplicate survives a shift of lines', () => {
  const text = group('a', '{record: r, expr: up}', '{record: r, expr: up}');
  const [before] = findDuplicates([loadRuleFile('a.yml', text)]);
  const [after] = findDuplicates([loadRuleFile('a.yml', `# new\n\n${text}`)]);
  expect(after?.fingerprint).toBe(before?.fingerprint);
  expect(after?.range?.line).not.toBe(before?.range?.line);
});
