import { parseAllDocuments } from 'yaml';

export type YamlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** A scalar or an empty collection with the keys that lead to it; list positions are left out. */
export type YamlLeaf = { readonly keys: readonly string[]; readonly value: YamlValue };

/** All documents of a YAML (or JSON) file as plain values; undefined when it cannot be read in one way only. */
export function yamlValues(text: string | null): readonly YamlValue[] | undefined {
  if (text === null) return [];
  if (recent.has(text)) return recent.get(text);
  const values = parseValues(text);
  if (recent.size >= RECENT) recent.clear();
  recent.set(text, values);
  return values;
}

/** Several rules look into the same texts, one after the other. */
const recent = new Map<string, readonly YamlValue[] | undefined>();
const RECENT = 8;

function parseValues(text: string): readonly YamlValue[] | undefined {
  try {
    const documents = parseAllDocuments(text, { merge: true, prettyErrors: false });
    const list = Array.isArray(documents) ? documents : [];
    if (list.some(({ errors }) => errors.length > 0)) return undefined;
    // What toJS gives has been made by this parser from text: maps with string keys, lists and scalars.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const values = list.map((document) => document.toJS({ maxAliasCount: 100 }) as YamlValue);
    return values.every(isShallow) ? values : undefined;
  } catch {
    // Aliases that expand too far or lead nowhere, nesting that the parser cannot follow: it cannot be read.
    return undefined;
  }
}

const MAX_DEPTH = 100;

/** Whether the value is nested no deeper than a person writes, so that it can be walked by calls. */
function isShallow(value: YamlValue): boolean {
  let level: YamlValue[] = [value];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** Every leaf of the value, and every inner node as a leaf of its own when `inner` says so. */
export function* leaves(value: YamlValue, keys: readonly string[] = []): Generator<YamlLeaf> {
  if (Array.isArray(value)) {
    for (const item of value as readonly YamlValue[]) yield* leaves(item, keys);
  } else if (isMap(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) yield { keys, value };
    for (const [key, item] of entries) yield* leaves(item, [...keys, key]);
  } else yield { keys, value };
}

export function isMap(value: YamlValue | undefined): value is { readonly [key: string]: YamlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Value as JSON with sorted keys, to compare by. */
export function canonical(value: YamlValue | undefined): string {
  return (
    JSON.stringify(value, (_key, item: unknown) => {
      if (typeof item === 'bigint') return item.toString();
      if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
      return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? 'absent'
  );
}

/** Values at a key of the top level, of all documents. */
export function topLevel(documents: readonly YamlValue[], key: string): YamlValue[] {
  return documents.flatMap((document) => {
    const value = isMap(document) ? document[key] : undefined;
    return value === undefined ? [] : [value];
  });
}
