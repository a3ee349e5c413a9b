import { expect, test } from 'vitest';
import { metricNames, parsePromql, walk, type PromqlNode } from './index.ts';

/** The tree as an s-expression; enough to see what was read. */
function shape(node: PromqlNode): string {
  switch (node.kind) {
    case 'selector':
      return `${node.name ?? '*'}${node.matchers.map((m) => `{${m.label}${m.operator}${m.value}}`).join('')}`;
    case 'number':
    case 'string':
      return JSON.stringify(Number.isFinite(node.value) ? node.value : String(node.value));
    case 'matrix':
      return `(range ${shape(node.of)} ${node.rangeMs})`;
    case 'subquery':
      return `(subquery ${shape(node.of)} ${node.rangeMs} ${node.stepMs})`;
    case 'modified':
      return `(modified ${shape(node.of)} ${node.offsetMs} ${node.at})`;
    case 'call':
      return `(${node.name}${node.args.map((arg) => ` ${shape(arg)}`).join('')})`;
    case 'aggregate': {
      const grouping = node.grouping === undefined ? '' : ` ${node.grouping.kind}[${node.grouping.labels.join(',')}]`;
      return `(${node.name}${grouping}${node.args.map((arg) => ` ${shape(arg)}`).join('')})`;
    }
    case 'binary': {
      const { matching } = node;
      const group = matching?.group === undefined ? '' : ` ${matching.group.side}[${matching.group.include.join(',')}]`;
      const on = matching === undefined ? '' : ` ${matching.kind}[${matching.labels.join(',')}]${group}`;
      return `(${node.operator}${node.bool ? ' bool' : ''}${on} ${shape(node.left)} ${shape(node.right)})`;
    }
    case 'unary':
      return `(${node.operator} ${shape(node.of)})`;
    case 'paren':
      return `[${shape(node.of)}]`;
    case 'error':
      return 'ERROR';
  }
}

test.each([
  ['a -1', '(- a 1)'],
  ['-a ^ 2', '(- (^ a 2))'],
  ['a + b * c', '(+ a (* b c))'],
  ['(a + b) * c', '(* [(+ a b)] c)'],
  ['sum by (job, "my.label") (rate(x{a!="1"}[5m]))', '(sum by[job,my.label] (rate (range x{a!=1} 300000)))'],
  ['SUM(x) WITHOUT (a)', '(sum without[a] x)'],
  ['topk(3, x)', '(topk 3 x)'],
  ['count_values("v", x)', '(count_values "v" x)'],
  [
    'x[1h30m:1m] offset -5m @ end()',
    '(modified (modified (subquery x 5400000 60000) -300000 undefined) undefined end())',
  ],
  ['x[5m:]', '(subquery x 300000 undefined)'],
  ['x @ 12.5', '(modified x undefined 12.5)'],
  ['x[5m + 2m]', '(range x 420000)'],
  ['x[step()]', '(range x undefined)'],
  ['x[60]', '(range x 60000)'],
  ['x offset (1h - 30m)', '(modified x 1800000 undefined)'],
  ['a * on (x) group_left (y, z) b', '(* on[x] left[y,z] a b)'],
  ['a / ignoring (x) group_right b', '(/ ignoring[x] right[] a b)'],
  ['a and on () b', '(and on[] a b)'],
  ['a > bool 0', '(> bool a 0)'],
  ['a OR b Unless c', '(or a (unless b c))'],
  ['{__name__="up", job=~"a|b"}', 'up{job=~a|b}'],
  ['{"my.metric", job!~"x"}', 'my.metric{job!~x}'],
  ['{__name__=~"up|down"}', '*{__name__=~up|down}'],
  ["label_replace(x, 'a', `$1`, \"b\\\"\\n\", '(.*)')", '(label_replace x "a" "$1" "b\\"\\n" "(.*)")'],
  ['1h', '3600'],
  ['0x1F + 1_000 + 1e3 + -Inf', '(+ (+ (+ 31 1000) 1000) "-Infinity")'],
  ['vector(NaN)', '(vector "NaN")'],
  ['time() # now', '(time)'],
  ['x[5m] anchored', '(modified (range x 300000) undefined undefined)'],
])('%s', (text, expected) => {
  const parsed = parsePromql(text);
  expect(parsed.errors).toEqual([]);
  expect(shape(parsed.root)).toBe(expected);
});

test('spans point at the text of their node', () => {
  const text = 'sum by (job) (rate(x{a="1"}[5m])) > bool 0';
  const at = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
  const { root } = parsePromql(text);
  const seen: string[] = [];
  walk(root, (node) => {
    seen.push(at(node.span));
    if (node.kind === 'binary') seen.push(`operator ${at(node.operatorSpan)}`);
    if (node.kind === 'call') seen.push(`name ${at(node.nameSpan)}`);
    if (node.kind === 'aggregate' && node.grouping) seen.push(`grouping ${at(node.grouping.span)}`);
    if (node.kind === 'selector') seen.push(...node.matchers.map((matcher) => `matcher ${at(matcher.span)}`));
  });
  expect(seen).toEqual([
    text,
    'operator >',
    'sum by (job) (rate(x{a="1"}[5m]))',
    'grouping by (job)',
    'rate(x{a="1"}[5m])',
    'name rate',
    'x{a="1"}[5m]',
    'x{a="1"}',
    'matcher a="1"',
    '0',
  ]);
});

test.each([
  ['', 'ERROR'],
  ['# only a comment', 'ERROR'],
  ['(a', '[a]'],
  ['sum(x))', '(sum x)'],
  ['a +', '(+ a ERROR)'],
  ['x[', '(range x undefined)'],
  ['5.', '5'],
])('what the grammar cannot read in %j is told, and the rest is there', (text, expected) => {
  const parsed = parsePromql(text);
  expect(parsed.errors.length).toBeGreaterThan(0);
  expect(shape(parsed.root)).toBe(expected);
});

test.each([
  ['parentheses', `${'('.repeat(5000)}a${')'.repeat(5000)}`],
  ['operators', Array.from({ length: 5000 }, () => 'a').join(' or ')],
  ['signs', `${'-'.repeat(5000)}a`],
  ['calls', 'abs('.repeat(5000)],
])('%s without end are not read to the end, and do not end the process', (_, text) => {
  const { root, errors } = parsePromql(text);
  expect(errors.length).toBeGreaterThan(0);
  let nodes = 0;
  walk(root, () => {
    nodes++;
  });
  expect(nodes).toBeLessThan(5000);
});

test('a chain of 400 operands is read', () => {
  const { root, errors } = parsePromql(Array.from({ length: 400 }, (_, at) => `m${at}`).join(' or '));
  expect(errors).toEqual([]);
  expect(metricNames(root)).toHaveProperty('size', 400);
});

test('walking visits parents first, knows the ancestors, and can leave out a branch', () => {
  const { root } = parsePromql('a + sum(b) * c');
  const seen: string[] = [];
  walk(root, (node, ancestors) => {
    seen.push(`${ancestors.map((ancestor) => ancestor.kind).join('/')}:${shape(node)}`);
    return node.kind === 'aggregate' ? 'skip' : undefined;
  });
  expect(seen).toEqual([
    ':(+ a (* (sum b) c))',
    'binary:a',
    'binary:(* (sum b) c)',
    'binary/binary:(sum b)',
    'binary/binary:c',
  ]);
});

test('metric names are all that are read, or any when one is a pattern', () => {
  expect(metricNames(parsePromql('a / {__name__="b"} + a').root)).toEqual(new Set(['a', 'b']));
  expect(metricNames(parsePromql('a / {__name__=~"b.*"}').root)).toBe('any');
  expect(metricNames(parsePromql('{job="x"}').root)).toBe('any');
});

test('an expression is parsed once', () => {
  expect(parsePromql('up == 0')).toBe(parsePromql('up == 0'));
});
