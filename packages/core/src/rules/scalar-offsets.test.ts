import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isScalar, parseDocument } from 'yaml';
import { lineText, sourceText } from '../kernel/index.ts';
import { scalarOffsets, type ScalarStyle } from './scalar-offsets.ts';
import { loadRuleFile } from './load.ts';

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

type Parsed = { text: string; start: number; end: number; style: ScalarStyle; value: string };

/** The value of the key `k`, when the text is valid YAML and the value is a scalar. */
function parse(text: string): Parsed | undefined {
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false });
  const node = isMap(document.contents) ? document.contents.items[0]?.value : undefined;
  if (document.errors.length > 0 || !isScalar(node) || !node.range) return undefined;
  const style = STYLES[node.type ?? ''] ?? 'plain';
  return { text, start: node.range[0], end: node.range[1], style, value: String(node.value) };
}

/** Every unit of the value must come from the very characters that say it. */
function misplaced(scalar: Parsed): string[] {
  const offsets = scalarOffsets(scalar);
  if (offsets === undefined) return ['not aligned'];
  return Array.from({ length: scalar.value.length }, (_, index) => {
    const unit = scalar.value.charAt(index);
    const from = offsets.from[index] ?? -1;
    const written = scalar.text.slice(from, offsets.to[index]);
    const inOrder = from >= (offsets.from[index - 1] ?? scalar.start);
    const escaped = written.startsWith('\\') || written === "''";
    const folded = (unit === ' ' || unit === '\n') && /^\r?\n$/.test(written);
    return inOrder && (written === unit || escaped || folded) ? '' : `${index}: ${JSON.stringify([unit, written])}`;
  }).filter((problem) => problem !== '');
}

const words = fc.constantFrom('a', 'bc', ' ', '  ', '\t', '#', ':', '- ', 'é', '😀', '{', '*', '"', "'", '\\');
const breaks = fc.constantFrom('\n', '\n\n', '\n  ', '\n    ', '\r\n  ', '\n   \n  ', '\n\t\n  ');

function scalars(parts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(parts, { maxLength: 14 }).map((list) => list.join(''));
}

const FLOW_PIECES = fc.oneof(words, breaks, fc.constantFrom("''", '\\n', '\\"', '\\x41', '\\u00e9', '\\\n   ', '\\t'));
const HEADERS = fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2', '>2-', '|3+', '> # why', '|1');

const documents = fc.oneof(
  scalars(FLOW_PIECES).map((body) => `k: x${body}\n`),
  scalars(FLOW_PIECES).map((body) => `k: '${body}'\n`),
  scalars(FLOW_PIECES).map((body) => `k: "${body}"\nl: 1\n`),
  fc
    .tuple(HEADERS, fc.constantFrom('\n', '\r\n'), scalars(fc.oneof(words, breaks)))
    .map(([header, feed, body]) => `k: ${header}${feed}  ${body}\n`),
);

test('every character of a decoded scalar maps to the characters that wrote it', () => {
  let aligned = 0;
  fc.assert(
    fc.property(documents, (text) => {
      const scalar = parse(text);
      if (scalar === undefined || (scalar.style === 'block' && scalar.value.trim() === '')) return;
      aligned++;
      expect(misplaced(scalar)).toEqual([]);
    }),
    { numRuns: 4000 },
  );
  expect(aligned).toBeGreaterThan(1000);
});

/** The text that `rangeOf` points at for the first occurrence of `part` in the expression. */
function pointed(yaml: string, part: string): string {
  const file = loadRuleFile('r.yml', yaml);
  const expr = file.groups[0]?.rules[0]?.expr;
  if (expr === undefined) return JSON.stringify(file.findings);
  const at = expr.value.indexOf(part);
  const { line, column, endLine, endColumn } = expr.rangeOf(at, at + part.length);
  const text = lineText(sourceText('', yaml), line) ?? '';
  return `${line}:${column}-${endLine}:${endColumn} ${text.slice(column - 1, line === endLine ? endColumn - 1 : undefined)}`;
}

function rule(expr: string): string {
  return `groups:\n- name: g\n  rules:\n  - record: r\n    expr: ${expr}\n    labels: {a: b}\n`;
}

test.each([
  ['plain', rule('sum(up) / count(down)'), '5:21-5:32 count(down)'],
  ['plain on two lines', rule('sum(up) /\n\n      count(down)'), '7:7-7:18 count(down)'],
  ['single-quoted', rule("'sum(it{a=''x''}) / count(down)'"), '5:31-5:42 count(down)'],
  ['double-quoted with escapes', rule('"sum(it{a=\\"x\\"}) \\u002f count(down)"'), '5:36-5:47 count(down)'],
  ['double-quoted, continued line', rule('"sum(up) / \\\n       count(down)"'), '6:8-6:19 count(down)'],
  ['literal block', rule('|\n      sum(up)\n        / count(down)'), '7:11-7:22 count(down)'],
  ['folded block', rule('>-\n      sum(up)\n      /\n      count(down)'), '8:7-8:18 count(down)'],
  ['folded block, deeper line', rule('>\n      sum(up)\n         / count(down)\n      > 0'), '7:12-7:23 count(down)'],
  ['block with indentation indicator', rule('|2\n         sum(up)\n      / count(down)'), '7:9-7:20 count(down)'],
  ['CRLF', rule('|\n      sum(up)\n      / count(down)').replaceAll('\n', '\r\n'), '7:9-7:20 count(down)'],
])('a part of a %s expression is found in the file', (_, yaml, place) => {
  expect(pointed(yaml, 'count(down)')).toBe(place);
});

test('a part that spans a folded line break spans the lines', () => {
  expect(pointed(rule('>-\n      sum(up)\n      / count(down)'), '(up) / count')).toBe('6:10-7:14 (up)');
});

test('an empty part behind the last character stands behind it', () => {
  const file = loadRuleFile('r.yml', rule('|\n      sum(up)'));
  const expr = file.groups[0]?.rules[0]?.expr;
  const end = 'sum(up)'.length;
  expect(expr?.rangeOf(end, end)).toEqual({ line: 6, column: 14, endLine: 6, endColumn: 14 });
  expect(expr?.range).toEqual({ line: 5, column: 11, endLine: 6, endColumn: 14 });
});
