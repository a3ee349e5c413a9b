import { expect, test } from 'vitest';
import { parseYamlDocument } from '../../input/index.ts';
import { flowText } from './flow-text.ts';

test.each([
  ['{ le: 0.10, code: 010, on: yes, x: 0x1F, t: 1_000 }', '{le: 0.10, code: 010, on: yes, x: 0x1F, t: 1_000}'],
  ['{ a: \'0.10\', b: "yes" }', '{a: "0.10", b: "yes"}'],
  ['{ a: , b: ~, c: null }', '{a: null, b: null, c: null}'],
  ['a: "b, c: [d]"', '{a: "b, c: [d]"}'],
  ['a: |\n  x\n  y\n', '{a: "x\\ny\\n"}'],
  ['a: up{x="y"} > 1', '{a: "up{x=\\"y\\"} > 1"}'],
  ['x: &a { v: 1.0 }\ny: *a\nz: { <<: *a }', '{x: {v: 1.0}, y: {v: 1.0}, z: {<<: {v: 1.0}}}'],
  ['a: "\\u2028"', '{a: "\\u2028"}'],
])('%j is %s', (text, expected) => {
  const document = parseYamlDocument(text);
  expect(document.errors).toEqual([]);
  expect(flowText(document.contents, document)).toBe(expected);
});
