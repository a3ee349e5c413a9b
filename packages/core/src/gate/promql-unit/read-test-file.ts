import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Node, type YAMLMap } from 'yaml';
import {
  finding,
  parseDuration,
  rangeBetween,
  sourceText,
  type Duration,
  type Finding,
  type Range,
} from '../../kernel/index.ts';
import { parseYamlDocuments } from '../../input/index.ts';
import type { Located } from '../../rules/index.ts';
import { flowText } from './flow-text.ts';
import type { Assertion, Emptiness, TestFile, TestGroup } from './test-file.ts';

const DEFAULT_INTERVAL: Duration = { ms: 60_000 };

/** Reads a promtool unit-test file. promtool decides what is valid; this finds what it lets through. */
export function readTestFile(path: string, text: string): TestFile {
  const source = sourceText(path, text);
  const findings: Finding[] = [];
  const [document, second] = parseYamlDocuments(text);
  const report = (rule: string, message: string, range: Range | undefined, help?: string): void => {
    findings.push(
      finding({
        rule,
        severity: 'error',
        message,
        file: path,
        subject: message,
        ...(range && { range }),
        ...(help && { help }),
      }),
    );
  };
  const base = { path, source, findings, ruleFiles: [], groupEvalOrder: [], groups: [], settings: {} };
  for (const error of document?.errors ?? []) {
    report('unit/syntax', firstLine(error.message), rangeBetween(source, error.pos[0], error.pos[1]));
  }
  if (second !== undefined) {
    report(
      'unit/second-document',
      'the file holds a second YAML document, which promtool ignores: its tests never run',
      rangeBetween(source, second.range[0], second.range[1]),
      'Move the second document to a file of its own.',
    );
  }
  if (document === undefined || findings.some(({ rule }) => rule === 'unit/syntax')) return base;
  const read = reader(document, (start, end) => rangeBetween(source, start, end));
  const root = document.contents;
  if (!isMap(root)) {
    report('unit/no-tests', 'the file holds no tests: a unit-test file is a map with rule_files and tests', undefined);
    return base;
  }
  const data = plainData(document);
  if (data.kind === 'failed') {
    report('unit/syntax', data.message, undefined);
    return base;
  }
  const { tests } = data.value;
  const plainGroups = Array.isArray(tests) ? (tests as readonly unknown[]) : [];
  const fileInterval = read.duration(root, 'evaluation_interval')?.value ?? DEFAULT_INTERVAL;
  return {
    ...base,
    ruleFiles: read.strings(root, 'rule_files'),
    groupEvalOrder: read.strings(root, 'group_eval_order').map(({ value }) => value),
    groups: read.items(root, 'tests').flatMap((item, index) => {
      const plain = plainGroups[index];
      return isMap(item) && isRecord(plain)
        ? [testGroup(item, index, fileInterval, plain, flowText(item, document), read)]
        : [];
    }),
    settings: settingsOf(root, document),
  };
}

function settingsOf(root: YAMLMap, document: Document): Record<string, string> {
  const entries = root.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    return ['', 'tests', 'rule_files'].includes(name) ? [] : [[name, flowText(value, document)] as const];
  });
  return Object.fromEntries(entries);
}

type Reader = ReturnType<typeof reader>;

/** Access to the document's values with their places. */
function reader(document: Document, range: (start: number, end: number) => Range) {
  const rangeOf = (node: Node | null | undefined): Range => range(node?.range?.[0] ?? 0, node?.range?.[1] ?? 0);
  const nodeAt = (map: YAMLMap, key: string): Node | undefined => {
    const node = map.get(key, true);
    return resolve(node, document);
  };
  return {
    rangeOf,
    items(map: YAMLMap, key: string): (Node | undefined)[] {
      const list = nodeAt(map, key);
      return isSeq(list) ? list.items.map((item) => resolve(item, document)) : [];
    },
    maps(map: YAMLMap, key: string): YAMLMap[] {
      return this.items(map, key).filter((item) => isMap(item));
    },
    strings(map: YAMLMap, key: string): Located<string>[] {
      const list = nodeAt(map, key);
      if (!isSeq(list)) return [];
      const scalars = list.items.map((item) => resolve(item, document)).filter((item) => isScalar(item));
      return scalars.map((item) => ({ value: String(item.value), range: rangeOf(item) }));
    },
    string(map: YAMLMap, key: string): Located<string> | undefined {
      const node = nodeAt(map, key);
      return isScalar(node) ? { value: String(node.value), range: rangeOf(node) } : undefined;
    },
    duration(map: YAMLMap, key: string): Located<Duration> | undefined {
      const text = this.string(map, key);
      const value = text === undefined ? undefined : parseDuration(text.value);
      return text === undefined || value === undefined ? undefined : { value, range: text.range };
    },
    emptiness(map: YAMLMap, key: string): Emptiness {
      const list = nodeAt(map, key);
      return isSeq(list) && list.items.length > 0 ? 'some' : 'empty';
    },
  };
}

function resolve(node: unknown, document: Document): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}

function testGroup(
  map: YAMLMap,
  index: number,
  fileInterval: Duration,
  plain: Record<string, unknown>,
  written: string,
  read: Reader,
): TestGroup {
  const alerts = read.maps(map, 'alert_rule_test').map((item): Assertion => ({
    kind: 'alert',
    alertname: read.string(item, 'alertname') ?? { value: '', range: read.rangeOf(item) },
    evalTime: read.duration(item, 'eval_time'),
    expected: read.emptiness(item, 'exp_alerts'),
    range: read.rangeOf(item),
  }));
  const exprs = read.maps(map, 'promql_expr_test').map((item): Assertion => ({
    kind: 'expr',
    expr: read.string(item, 'expr') ?? { value: '', range: read.rangeOf(item) },
    evalTime: read.duration(item, 'eval_time'),
    expected: read.emptiness(item, 'exp_samples'),
    range: read.rangeOf(item),
  }));
  return {
    name: read.string(map, 'name')?.value ?? `test ${index + 1}`,
    range: read.rangeOf(map),
    interval: read.duration(map, 'interval')?.value ?? fileInterval,
    series: read.maps(map, 'input_series').flatMap((item) => read.string(item, 'series') ?? []),
    assertions: [...alerts, ...exprs],
    plain,
    written,
  };
}

/** The document as plain data; aliases that expand without bound, or lead nowhere, are refused. */
function plainData(
  document: Document,
): { kind: 'ok'; value: Record<string, unknown> } | { kind: 'failed'; message: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { kind: 'ok', value: isRecord(value) ? value : {} };
  } catch (error) {
    return { kind: 'failed', message: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
