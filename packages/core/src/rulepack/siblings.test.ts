import { expect, test } from 'vitest';
import { added, changed, renamed } from './sample-files.ts';
import { collisionsWithBase, foldersAboveNew } from './siblings.ts';

const folders = [
  { path: '', names: ['docs', 'README.md', 'STRASSE'] },
  { path: 'docs', names: ['Guide.md', 'caf\u00E9.md'] },
];

function codes(...files: Parameters<typeof collisionsWithBase>[0]): string[] {
  return collisionsWithBase(files, folders).map(({ code, subject }) => `${code} ${subject ?? ''}`);
}

test('only the folders above new files are looked into', () => {
  expect(
    foldersAboveNew([added('docs/a/b.md'), changed('prometheus/a.yml', 'a', 'b'), renamed('x/y.md', 'docs/z.md')]),
  ).toEqual(['', 'docs', 'docs/a']);
  expect(foldersAboveNew([changed('prometheus/a.yml', 'a', 'b')])).toEqual([]);
});

test.each([
  ['a file in another letter case', 'docs/guide.md'],
  ['a folder in another letter case', 'Docs/new.md'],
  ['a name in another Unicode form', 'docs/cafe\u0301.md'],
  ['a name that folds to more letters', 'stra\u00DFe'],
])('%s collides with the base', (_name, path) => {
  expect(codes(added(path))).toEqual([`unsafe_path ${path}`]);
  expect(codes(renamed('x.md', path))).toEqual([`unsafe_path ${path}`]);
});

test('the same name, a new name, and a change of letter case by a rename do not', () => {
  expect(codes(added('docs/Guide.md'), added('docs/new.md'), changed('docs/guide.md', 'a', 'b'))).toEqual([]);
  expect(codes(renamed('docs/Guide.md', 'docs/guide.md'))).toEqual([]);
  expect(codes(added('docs/guide.md'), changed('docs/Guide.md', 'a', null))).toEqual([]);
});
