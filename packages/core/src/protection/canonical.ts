import { createHash } from 'node:crypto';
import type { Actors, BypassActor, Json, ProtectionSnapshot } from './model.ts';

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

/** Every leaf in which `after` differs from `before`, in order of the paths; empty when the two are equal. */
export function differences(before: ProtectionSnapshot, after: ProtectionSnapshot): Difference[] {
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

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted(compareText);
}

/** Code-unit order: the same on every machine, unlike a locale's. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => compareText(a, b)).map(([key, item]) => [key, sorted(item)]),
  );
}

function compare(before: Json, after: Json, path: string, found: Difference[]): void {
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key] ?? null, after[key] ?? null, path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  if (canonicalJson(before) !== canonicalJson(after)) found.push({ path, before, after });
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
