import { expect, test } from 'vitest';
import { sourceText, type Range } from '../kernel/index.ts';
import { codeFrame } from './code-frame.ts';
import { painter } from './paint.ts';

function frame(text: string, range: Range, width = 60): string {
  const lines = codeFrame(sourceText('a.yml', text), range, { paint: painter(false), tone: 'red', width });
  return `\n${lines.join('\n')}\n`;
}

function at(line: number, column: number, endLine: number, endColumn: number): Range {
  return { line, column, endLine, endColumn };
}

test('carets stand under wide characters, emoji and tabs at their columns', () => {
  expect(frame('a: 錯誤率 bad\n', at(1, 8, 1, 11))).toMatchInlineSnapshot(`
    "
    1 │ a: 錯誤率 bad
      │           ^^^
    "
  `);
  expect(frame('👩‍👩‍👧 é ok bad', at(1, 15, 1, 18))).toMatchInlineSnapshot(`
    "
    1 │ 👩‍👩‍👧 é ok bad
      │         ^^^
    "
  `);
  expect(frame('\ta\tbad', at(1, 4, 1, 7))).toMatchInlineSnapshot(`
    "
    1 │     a   bad
      │         ^^^
    "
  `);
  expect(frame('x: 錯誤率', at(1, 4, 1, 6))).toMatchInlineSnapshot(`
    "
    1 │ x: 錯誤率
      │    ^^^^
    "
  `);
});

test('a range over several lines marks each of them', () => {
  const text = 'expr: >-\n  sum by (job) (\n    rate(a[5m])\n  )\nfor: 5m\n';
  expect(frame(text, at(2, 3, 4, 4))).toMatchInlineSnapshot(`
    "
    1 │ expr: >-
    2 │   sum by (job) (
      │   ^^^^^^^^^^^^^^
    3 │     rate(a[5m])
      │     ^^^^^^^^^^^
    4 │   )
      │   ^
    "
  `);
});

test('a range over many lines shows its first and its last', () => {
  const text = Array.from({ length: 120 }, (_, index) => `line ${index + 1}`).join('\n');
  expect(frame(text, at(8, 1, 111, 1))).toMatchInlineSnapshot(`
    "
      7 │ line 7
      8 │ line 8
        │ ^^^^^^
      9 │ line 9
        │ ^^^^^^
     10 │ line 10
        │ ^^^^^^^
        ·
    110 │ line 110
        │ ^^^^^^^^
    "
  `);
});

test('a line longer than the terminal is cut around what is marked', () => {
  const text = `expr: ${'a + '.repeat(100)}bad${' + b'.repeat(100)}`;
  const shown = frame(text, at(1, 407, 1, 410), 50);
  expect(shown).toMatchInlineSnapshot(`
    "
    1 │ …+ a + a + a + bad + b + b + b + b + b + b + …
      │                ^^^
    "
  `);
  expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
});

test('a line of a million characters is as cheap as any', () => {
  const text = `${'錯'.repeat(500_000)}bad${'誤'.repeat(500_000)}`;
  expect(frame(text, at(1, 500_001, 1, 500_004), 30)).toMatchInlineSnapshot(`
    "
    1 │ …錯錯錯錯bad誤誤誤誤誤誤誤…
      │          ^^^
    "
  `);
});

test('a place at the end of the line or past it still has its caret', () => {
  expect(frame('abc', at(1, 4, 1, 4))).toMatchInlineSnapshot(`
    "
    1 │ abc
      │    ^
    "
  `);
  expect(frame('abc', at(1, 40, 1, 50))).toMatchInlineSnapshot(`
    "
    1 │ abc
      │    ^
    "
  `);
  expect(frame('', at(1, 1, 1, 1))).toMatchInlineSnapshot(`
    "
    1 │
      │ ^
    "
  `);
});

test('a place outside of the file shows no code rather than a wrong line', () => {
  expect(frame('abc\n', at(7, 1, 7, 2))).toBe('\n\n');
});

test('carriage returns of Windows line ends are not shown', () => {
  expect(frame('a: 1\r\nb: bad\r\n', at(2, 4, 2, 7))).toMatchInlineSnapshot(`
    "
    1 │ a: 1
    2 │ b: bad
      │    ^^^
    "
  `);
});
