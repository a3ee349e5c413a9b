import { invalidRequest } from '../reply.ts';
import type { Body } from './router.ts';

// Readers of request bodies. GitHub answers a wrong type with 422 "Invalid request." and the reason.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(body: Body, key: string): string {
  const value = body[key];
  if (value === undefined) return invalidRequest(`"${key}" wasn't supplied.`);
  return typeof value === 'string' ? value : invalidRequest(`For 'properties/${key}', ${show(value)} is not a string.`);
}

export function optionalText(body: Body, key: string): string | undefined {
  return body[key] === undefined ? undefined : text(body, key);
}

/** `null` counts as given; `undefined` as absent. */
export function nullableText(body: Body, key: string): string | null | undefined {
  return body[key] === null ? null : optionalText(body, key);
}

export function optionalFlag(body: Body, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  return typeof value === 'boolean'
    ? value
    : invalidRequest(`For 'properties/${key}', ${show(value)} is not a boolean.`);
}

export function flagOr(body: Body, key: string, fallback: boolean): boolean {
  return body[key] === null ? fallback : (optionalFlag(body, key) ?? fallback);
}

export function optionalInteger(body: Body, key: string): number | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return invalidRequest(`For 'properties/${key}', ${show(value)} is not an integer.`);
}

export function textList(value: unknown, key: string): string[] {
  if (!Array.isArray(value)) return invalidRequest(`For 'properties/${key}', ${show(value)} is not an array.`);
  return value.map((each: unknown) =>
    typeof each === 'string' ? each : invalidRequest(`For 'items', ${show(each)} is not a string.`),
  );
}

export function show(value: unknown): string {
  return value === null ? 'nil' : JSON.stringify(value);
}
