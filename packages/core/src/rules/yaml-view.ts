import { isMap, isNode, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { finding, rangeBetween, type Finding, type Range, type SourceText } from '../kernel/index.ts';
import type { Located, ScalarText } from './model.ts';
import type { ScalarStyle } from './scalar-offsets.ts';
import { emptyScalar, scalarText } from './scalar-text.ts';
import type { Anchors } from './yaml-anchors.ts';

/** Gives the items of the list under the `rules:` key in a line, each with the view to read it through. */
export type ListReader = (keyLine: number, use: (view: View, node: Node) => void) => boolean;

/** Reading one document: where it comes from, how aliases resolve, and where findings go. */
export type View = {
  readonly source: SourceText;
  readonly anchors: Anchors;
  readonly findings: Finding[];
  /** From the offsets of the nodes to those of the file. */
  readonly at: (offset: number) => number;
  /** Set when the lists of rules are read apart from the rest. */
  readonly lists: ListReader | undefined;
};

/** One `key: value` of a map. `value` is undefined for null and for nothing. */
export type Entry = { readonly key: Located<string>; readonly value: Node | undefined };

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** The node behind any alias; undefined for null, an empty value, and an alias without anchor. */
export function nodeOf(view: View, node: unknown): Node | undefined {
  const found = view.anchors.resolve(node);
  const isNull = isScalar(found) && found.type === 'PLAIN' && found.tag === undefined && NULLS.has(textOf(found));
  return isNull ? undefined : found;
}

/** Where a node is written. */
export function rangeOfNode(view: View, node: unknown): Range {
  const [start, end] = spanOfNode(view, node);
  let stop = end;
  // Block collections end at the next token: the line breaks and blanks in between are not theirs.
  while (stop > start && /\s/.test(view.source.text.charAt(stop - 1))) stop--;
  return rangeBetween(view.source, start, stop);
}

/**
 * The entries of a map: merge keys (`<<`) resolved, the map's own entries winning over merged ones.
 * Duplicate keys are findings (Prometheus refuses the file); the first one is kept.
 * Undefined when the node is no map.
 */
export function entriesOf(view: View, node: unknown, merging = 0): Entry[] | undefined {
  const map = nodeOf(view, node);
  if (!isMap(map)) return undefined;
  const entries: Entry[] = [];
  const seen = new Map<string, Located<string>>();
  const merged: unknown[] = [];
  for (const pair of map.items) {
    const keyNode = view.anchors.resolve(pair.key);
    if (!isScalar(keyNode)) {
      view.findings.push(complexKey(view, pair.key ?? map));
      continue;
    }
    const key = { value: textOf(keyNode), range: rangeOfNode(view, pair.key) };
    if (key.value === '<<' && keyNode.type === 'PLAIN') {
      merged.push(pair.value);
      continue;
    }
    const first = seen.get(key.value);
    if (first !== undefined) view.findings.push(duplicateKey(view, key, first));
    else entries.push({ key, value: nodeOf(view, pair.value) });
    seen.set(key.value, first ?? key);
  }
  // A merge chain cannot be longer than the nesting limit unless it refers to itself, which anchors exclude.
  if (merging < 100) for (const value of merged) mergeInto(view, entries, seen, value, merging);
  return entries;
}

function mergeInto(
  view: View,
  entries: Entry[],
  seen: Map<string, Located<string>>,
  value: unknown,
  merging: number,
): void {
  const target = nodeOf(view, value);
  const maps = isSeq(target) ? target.items : [target];
  for (const map of maps) {
    const found = entriesOf(view, map, merging + 1);
    if (found === undefined) {
      view.findings.push(badMerge(view, value));
      continue;
    }
    for (const entry of found) {
      if (seen.has(entry.key.value)) continue;
      seen.set(entry.key.value, entry.key);
      entries.push(entry);
    }
  }
}

/** The text of a scalar with the way back to the file; undefined when the node is no scalar. */
export function scalarOf(view: View, node: Node | undefined): ScalarText | undefined {
  if (!isScalar(node)) return undefined;
  const [start, end] = spanOfNode(view, node);
  return scalarText(view.source, { start, end, style: styleOf(node), value: textOf(node) });
}

/** As {@link scalarOf}; a missing value is the empty text behind its key. */
export function scalarOrEmpty(view: View, entry: Entry): ScalarText | undefined {
  if (entry.value !== undefined) return scalarOf(view, entry.value);
  const { endLine, endColumn } = entry.key.range;
  return emptyScalar(view.source, (view.source.lineStarts[endLine - 1] ?? 0) + endColumn - 1);
}

function spanOfNode(view: View, node: unknown): readonly [start: number, end: number] {
  const [from, to] = (isNode(node) ? node.range : undefined) ?? [0, 0];
  const start = view.at(from);
  // The end belongs to the last character: what was cut out behind it does not.
  return [start, to > from ? view.at(to - 1) + 1 : start];
}

/** The items of a sequence, aliases resolved; undefined when the node is no sequence. */
export function itemsOf(view: View, node: Node | undefined): (Node | undefined)[] | undefined {
  return isSeq(node) ? node.items.map((item) => nodeOf(view, item)) : undefined;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** With the failsafe schema the value of a scalar is its text. */
export function textOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

function styleOf(node: Scalar): ScalarStyle {
  return STYLES[node.type ?? 'PLAIN'] ?? 'plain';
}

function duplicateKey(view: View, key: Located<string>, first: Located<string>): Finding {
  return finding({
    rule: 'rules/duplicate-key',
    severity: 'error',
    message: `The key ${JSON.stringify(key.value)} stands twice in this map, so Prometheus cannot load the file.`,
    help: 'Keep one of the two.',
    file: view.source.path,
    range: key.range,
    related: [{ message: 'first here', file: view.source.path, range: first.range }],
    subject: `key ${key.value} ${first.range.line}`,
  });
}

function complexKey(view: View, node: unknown): Finding {
  return finding({
    rule: 'rules/bad-value',
    severity: 'error',
    message: 'The key of this map is not a text.',
    help: 'Write a plain or quoted text before the colon.',
    file: view.source.path,
    range: rangeOfNode(view, node),
    subject: 'complex key',
  });
}

function badMerge(view: View, node: unknown): Finding {
  return finding({
    rule: 'rules/bad-value',
    severity: 'error',
    message: 'What is merged here with `<<` is not a map.',
    help: 'Merge a map, or a list of maps.',
    file: view.source.path,
    range: rangeOfNode(view, node),
    subject: 'merge',
  });
}
