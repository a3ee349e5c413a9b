import type { Node } from 'yaml';
import { finding, nearest, parseDuration, type Duration, type Range } from '../kernel/index.ts';
import type { Located, MapEntry, ScalarText } from './model.ts';
import { entriesOf, itemsOf, rangeOfNode, scalarOf, scalarOrEmpty, type Entry, type View } from './yaml-view.ts';

/** Where a field stands, in words: `rule "X" of group "g"`. */
export type Owner = { readonly name: string; readonly range: Range };

export function problem(view: View, rule: string, range: Range, message: string, help: string, subject: string): void {
  const { path } = view.source;
  view.findings.push(finding({ rule: `rules/${rule}`, severity: 'error', message, help, file: path, range, subject }));
}

export function badValue(view: View, entry: Entry, owner: Owner, wanted: string): void {
  problem(
    view,
    'bad-value',
    entry.value === undefined ? entry.key.range : rangeOfNode(view, entry.value),
    `\`${entry.key.value}\` of ${owner.name} is not ${wanted}, so Prometheus cannot load the file.`,
    `Write ${wanted}.`,
    `${owner.name} ${entry.key.value}`,
  );
}

export function missingKey(view: View, owner: Owner, wanted: string): void {
  problem(
    view,
    'missing-key',
    owner.range,
    `${capitalized(owner.name)} has no ${wanted}, so Prometheus cannot load the file.`,
    `Add ${wanted}.`,
    `${owner.name} ${wanted}`,
  );
}

export function unknownKey(view: View, key: Located<string>, owner: Owner, known: readonly string[]): void {
  const near = nearest(key.value, known);
  problem(
    view,
    'unknown-key',
    key.range,
    `Prometheus knows no key ${JSON.stringify(key.value)} in ${owner.name} and refuses the file.`,
    near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean \`${near}\`?`,
    `${owner.name} ${key.value}`,
  );
}

/** The text of a field; a missing value is the empty text, another type than a scalar a finding. */
export function textField(view: View, entry: Entry, owner: Owner): ScalarText | undefined {
  const text = scalarOrEmpty(view, entry);
  if (text === undefined) badValue(view, entry, owner, 'a text');
  return text;
}

/** The duration of a field; undefined when there is none, or (with a finding) when it is none. */
export function durationField(view: View, entry: Entry, owner: Owner): Located<Duration> | undefined {
  if (entry.value === undefined) return undefined;
  const text = scalarOf(view, entry.value);
  const duration = text === undefined ? undefined : parseDuration(text.value);
  if (text === undefined || duration === undefined) {
    badValue(view, entry, owner, 'a duration such as 30s, 5m or 1h30m');
    return undefined;
  }
  return { value: duration, range: text.range };
}

/** The entries of a `labels:` or `annotations:` map. */
export function mapField(view: View, entry: Entry, owner: Owner): MapEntry[] {
  if (entry.value === undefined) return [];
  const entries = entriesOf(view, entry.value);
  if (entries === undefined) badValue(view, entry, owner, 'a map of names to texts');
  return (entries ?? []).flatMap((item) => {
    const value = textField(view, item, owner);
    return value === undefined ? [] : [{ key: item.key, value }];
  });
}

/** The items of a list field; undefined, with a finding, when it is none. A missing value is an empty list. */
export function listField(view: View, entry: Entry, owner: Owner): Node[] | undefined {
  if (entry.value === undefined) return [];
  const items = itemsOf(view, entry.value);
  if (items === undefined) {
    badValue(view, entry, owner, 'a list');
    return undefined;
  }
  const nodes: Node[] = [];
  for (const node of items) {
    if (node === undefined) emptyItem(view, entry, owner);
    else nodes.push(node);
  }
  return nodes;
}

function emptyItem(view: View, { key, value }: Entry, owner: Owner): void {
  view.findings.push(
    finding({
      rule: 'rules/empty-item',
      severity: 'warning',
      message: `\`${key.value}\` of ${owner.name} has an empty item; Prometheus passes over it without a word.`,
      help: 'Remove the empty `-`, or indent what follows it.',
      file: view.source.path,
      range: rangeOfNode(view, value),
      subject: `${owner.name} ${key.value} item`,
    }),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
