import { createHash } from 'node:crypto';
import type { Actors, BypassActor, Json } from './model.ts';

/** One value that differs between two snapshots; `path` as `classic.reviews.requiredApprovingReviewCount`. */
export type Difference = { readonly path: string; readonly before: Json; readonly after: Json };

/** JSON with the keys of every object sorted: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** SHA-256 (hex) of the canonical text. */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Every leaf in which `after` differs from `before` (snapshots or parts of them), in order of the paths; empty when the two are equal. */
export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  compare(sorted(before), sorted(after), '', found);
  return found;
}

export function sortedActors(actors: Actors): Actors {
  return { users: sortedSet(actors.users), teams: sortedSet(actors.teams), apps: sortedSet(actors.apps) };
}

export function sortedBypassActors(actors: readonly BypassActor[]): BypassActor[] {
  return actors.toSorted((a, b) => compareText(canonicalJson(a), canonicalJson(b)));
}

/** GitHub's JSON in one form: keys sorted, nulls left out, lists sorted unless their order means something. */
export function normalJson(value: unknown, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalJson(item));
    return ORDERED_LISTS.has(key) ? items : items.toSorted((a, b) => compareText(canonicalJson(a), canonicalJson(b)));
  }
  if (typeof value !== 'object' || value === null) return sorted(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => compareText(a, b)).map(([name, item]) => [name, normalJson(item, name)]),
  );
}

/** File patterns may exclude what an earlier one includes. */
const ORDERED_LISTS: ReadonlySet<string> = new Set(['file_patterns', 'restricted_file_paths']);

/** A list as a set: without repetitions, in code-unit order. */
export function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted(compareText);
}

/** Code-unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  // What JSON does not know (undefined, functions) is nothing.
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => compareText(a, b)).map(([key, item]) => [key, sorted(item)]),
  );
}

function compare(before: Json, after: Json, path: string, found: Difference[]): void {
  const lists = byName(before, after);
  if (lists !== undefined) {
    compare(lists[0], lists[1], path, found);
    return;
  }
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key] ?? null, after[key] ?? null, path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  if (canonicalJson(before) !== canonicalJson(after)) found.push({ path, before, after });
}

/** Two lists of rules or rulesets as maps, so that a difference is named by what differs and not by its place. */
function byName(before: Json, after: Json): readonly [Json, Json] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  for (const nameOf of [rulesetName, ruleName]) {
    const [a, b] = [keyed(before, nameOf), keyed(after, nameOf)];
    if (a !== undefined && b !== undefined) return [a, b];
  }
  return undefined;
}

function keyed(
  list: readonly Json[],
  nameOf: (item: { readonly [key: string]: Json }) => string | undefined,
): Json | undefined {
  const entries = list.flatMap((item) => {
    const name = isObject(item) ? nameOf(item) : undefined;
    return name === undefined ? [] : [[name, item] as const];
  });
  const names = new Set(entries.map(([name]) => name));
  return names.size === list.length ? Object.fromEntries(entries) : undefined;
}

function rulesetName({ id }: { readonly [key: string]: Json }): string | undefined {
  return typeof id === 'number' ? String(id) : undefined;
}

function ruleName({ type, rulesetId }: { readonly [key: string]: Json }): string | undefined {
  if (typeof type !== 'string') return undefined;
  return typeof rulesetId === 'number' ? `${rulesetId}.${type}` : type;
}

/** Narrows JSON to an object. */
export function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one for any other JSON. */
export function objectOf(value: Json): { readonly [key: string]: Json } {
  return isObject(value) ? value : {};
}

/** Order of rules: by type, then by all the rest. */
export function compareRules(a: { readonly type: string }, b: { readonly type: string }): number {
  return compareText(a.type, b.type) || compareText(canonicalJson(a), canonicalJson(b));
}
