import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceText } from '../kernel/index.ts';
import { loadInPieces, loadRuleFile, loadWhole } from './load.ts';
import type { RuleFile } from './model.ts';

function plain(file: RuleFile | undefined): unknown {
  const circular = new Set(['file', 'group', 'source']);
  return JSON.parse(JSON.stringify(file ?? null, (key, value: unknown) => (circular.has(key) ? undefined : value)));
}

/** Mostly the usual, at times one of the rest. */
function mostly(usual: string, ...rest: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...rest) });
}

const exprs = mostly(
  'up',
  '"a\n          b"',
  '|\n          sum(up)\n\n          rules:\n          - x',
  '>-\n          a\n          # no comment\n          b',
  "'it''s'",
  '{}',
  '[',
  '*a',
  '&a up',
  'up # comment',
);
const rules = fc
  .tuple(fc.constantFrom('      ', '    '), exprs, mostly('', '      # note\n', '\n', '---\n', '# left\n', '\t\n'))
  .map(([indent, expr, after]) => `${indent}- record: r\n${indent}  expr: ${expr}\n${after}`);
const groups = fc
  .tuple(
    mostly('  - name: g\n    rules:\n', '  - rules: # list\n', '  - rules:\n\n', '    rules:\n', 'x: |\n  rules:\n'),
    fc.array(rules, { maxLength: 4 }),
    mostly('', '    name: g\n', '    interval: 1m\n', '  rules:\n'),
  )
  .map(([head, list, tail]) => head + list.join('') + tail);

test('a file read in pieces is the file read as a whole, or is given up', () => {
  let inPieces = 0;
  fc.assert(
    fc.property(fc.array(groups, { minLength: 1, maxLength: 3 }), (list) => {
      const source = sourceText('r.yml', `groups:\n${list.join('')}`);
      const read = loadInPieces(source);
      if (read === undefined) return;
      inPieces++;
      expect(plain(read)).toEqual(plain(loadWhole(source)));
    }),
    { numRuns: 1500 },
  );
  expect(inPieces).toBeGreaterThan(50);
});

test('a large file keeps places, identities and comments', () => {
  const list = Array.from({ length: 3000 }, (_, at) => `  - record: r${at}\n    expr: up * ${at} # c${at}\n`).join('');
  const file = loadRuleFile('r.yml', `groups:\n- name: g\n  rules:\n${list}`);
  const last = file.groups[0]?.rules[2999];
  expect(file.findings).toEqual([]);
  expect(last?.expr.rangeOf(0, 2)).toEqual({ line: 6003, column: 11, endLine: 6003, endColumn: 13 });
  expect(last?.file).toBe(file);
  expect(file.groups[0]?.range).toMatchObject({ line: 2, endLine: 6003 });
  expect(file.comments).toHaveLength(3000);
  expect(file.comments[2999]).toMatchObject({ value: '# c2999', range: { line: 6003 } });
});

test('a mistake deep in a large file has its place', () => {
  const list = Array.from({ length: 3000 }, (_, at) => `  - record: r${at}\n    ${at === 2900 ? 'exp' : 'expr'}: up\n`);
  const file = loadRuleFile('r.yml', `groups:\n- name: g\n  rules:\n${list.join('')}`);
  expect(file.findings.map(({ rule, range }) => [rule, range?.line])).toEqual([
    ['rules/unknown-key', 5805],
    ['rules/missing-key', 5804],
  ]);
  expect(file.groups[0]?.rules).toHaveLength(2999);
});
