import { expect, test } from 'vitest';
import { codeBlock, codeSpan, escapeMarkdown } from './markdown-escape.ts';

test.each([
  ['@everyone', '@<!-- -->everyone'],
  ['see #12 and GH-12', 'see #<!-- -->12 and GH-<!-- -->12'],
  ['https://a.example', 'https<!-- -->://a.example'],
  ['www.a.example', 'www<!-- -->.a.example'],
  ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
  ['a | b\nc', 'a \\| b c'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['1) item', '1\\) item'],
  ['![x](y)', '!\\[x\\](y)'],
  ['$x$ ~~y~~', '\\$x\\$ \\~\\~y\\~\\~'],
  ['0123456789abcdef0123456789abcdef01234567', '0123456<!-- -->789abcdef0123456789abcdef01234567'],
  ['a\u202eb\u0000', 'a\\\\u{202e}b\\\\u{0}'],
])('%j is shown as it is', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test.each([
  ['plain', '`plain`'],
  ['a `b` c', '``a `b` c``'],
  ['`', '`` ` ``'],
  ['a|b\\', '<code>a&#124;b&#92;</code>'],
  ['two\nlines', '`two lines`'],
  ['', ''],
])('%j is one code span', (text, expected) => {
  expect(codeSpan(text)).toBe(expected);
});

test('a block is fenced by more backticks than it has', () => {
  expect(codeBlock('````\nx\r\ny', 'diff')).toBe('`````diff\n````\nx\ny\n`````');
});
