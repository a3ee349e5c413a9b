import { expect, test } from 'vitest';
import { parseChangedLines } from './changed-lines.ts';

const read = (...lines: readonly string[]): unknown => Object.fromEntries(parseChangedLines(lines.join('\n')));

test('added and replaced lines are counted in the new file', () => {
  expect(
    read(
      'diff --git a/x.yml b/x.yml',
      '--- a/x.yml',
      '+++ b/x.yml',
      '@@ -3 +3,2 @@ groups:',
      '-a',
      '+b',
      '+c',
      '@@ -9,0 +11 @@',
      '+d',
    ),
  ).toEqual({
    'x.yml': [
      { first: 3, last: 4 },
      { first: 11, last: 11 },
    ],
  });
});

test('a deletion counts for the lines around it', () => {
  expect(read('--- a/x.yml', '+++ b/x.yml', '@@ -5,2 +4,0 @@', '-a', '-b')).toEqual({
    'x.yml': [{ first: 4, last: 5 }],
  });
});

test('changed lines that look like the diff itself are none of it', () => {
  expect(
    read('--- a/x', '+++ b/x', '@@ -1 +1,2 @@', '--- a/z', '+++ b/y', '+@@ -7 +7 @@', '@@ -9 +10 @@', '-a', '+b'),
  ).toEqual({
    x: [
      { first: 1, last: 2 },
      { first: 10, last: 10 },
    ],
  });
});

test('deleted files are left out, renamed ones stand under their new name', () => {
  expect(
    read(
      'diff --git a/gone b/gone',
      '--- a/gone',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-a',
      'diff --git a/old b/new',
      'rename from old',
      'rename to new',
      '--- a/old',
      '+++ b/new',
      '@@ -1 +1 @@',
      '-a',
      '+b',
    ),
  ).toEqual({ new: [{ first: 1, last: 1 }] });
});

test('unusual names are read as git quotes them', () => {
  expect(read('--- /dev/null', '+++ "b/r\\303\\251gles \\"x\\"\\t.yml"', '@@ -0,0 +1 @@', '+a')).toEqual({
    'régles "x"\t.yml': [{ first: 1, last: 1 }],
  });
});

test('an end of file without a line break does no harm', () => {
  expect(
    read('--- a/x', '+++ b/x', '@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+b', '@@ -5 +5 @@', '-c', '+d'),
  ).toEqual({
    x: [
      { first: 1, last: 1 },
      { first: 5, last: 5 },
    ],
  });
});
