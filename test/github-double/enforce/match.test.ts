import { expect, it } from 'vitest';
import { ownersOf } from './code-owners.ts';
import { fnmatch } from './match.ts';

it.each([
  ['main', 'main', true],
  ['main', 'main2', false],
  ['release/*', 'release/1', true],
  ['release/*', 'release/1/hotfix', false],
  ['*', 'main', true],
  ['*', 'a/b', false],
  ['**/*', 'a/b/c', true],
  ['**/*', 'a', true],
  ['refs/heads/**/*', 'refs/heads/a/b', true],
  ['v[0-9].?', 'v1.2', true],
  ['v[!0-9]', 'v1', false],
  ['a.b', 'axb', false],
  ['*ü𝄞', 'xü𝄞', true],
])('the pattern %s on %s is %s', (pattern, name, expected) => {
  expect(fnmatch(pattern, name)).toBe(expected);
});

const rules = [
  { pattern: '*', owners: ['everybody'] },
  { pattern: '/prometheus/', owners: ['acme/sre'] },
  { pattern: '*.md', owners: [] },
  { pattern: 'docs/*', owners: ['writer'] },
];

it.each([
  ['a.txt', ['everybody']],
  ['prometheus/rules/a.yml', ['acme/sre']],
  ['other/prometheus/a.yml', ['everybody']],
  ['prometheus/README.md', []],
  ['docs/a.txt', ['writer']],
  ['docs/deep/a.txt', ['everybody']],
])('the owners of %s are %j: the last matching line wins', (path, expected) => {
  expect(ownersOf(rules, path)).toEqual(expected);
});
