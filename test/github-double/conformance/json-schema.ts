import type { Schema } from './openapi.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** Name under which the shared components are registered with the validator. */
export const componentsId = 'github';

/**
 * JSON Schema (2019-09) of an OpenAPI 3.0 schema.
 *
 * - `nullable` has no meaning in JSON Schema; it becomes an alternative with `null`.
 * - `oneOf` becomes `anyOf`: GitHub writes it where several fit (a symlink's content is also a file's content).
 * - Where a value stands, keys that no schema names are refused, although OpenAPI would allow them. A key that the
 *   description lacks is a key that GitHub does not send, so nothing may come to rely on it.
 */
export function jsonSchema(schema: Schema): JsonSchema {
  return { ...converted(schema), unevaluatedProperties: false };
}

function converted(schema: Schema): JsonSchema {
  const { nullable, $ref, properties, items, additionalProperties, allOf, anyOf, oneOf, ...rest } = schema;
  if ($ref !== undefined) return { $ref: `${componentsId}${$ref}` };
  const result: Record<string, unknown> = { ...rest };
  if (properties !== undefined) result['properties'] = mapValues(properties, jsonSchema);
  if (items !== undefined) result['items'] = jsonSchema(items);
  if (additionalProperties !== undefined) result['additionalProperties'] = others(additionalProperties);
  else if (isFreeForm(schema)) result['additionalProperties'] = true;
  if (allOf !== undefined) result['allOf'] = allOf.map(converted);
  if (anyOf !== undefined || oneOf !== undefined) result['anyOf'] = [...(anyOf ?? []), ...(oneOf ?? [])].map(converted);
  return nullable === true ? orNull(result) : result;
}

function orNull(schema: Readonly<Record<string, unknown>>): JsonSchema {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [{ type: 'null' }, schema] };
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...new Set([...values, null])] }) };
}

function others(schema: boolean | Schema): boolean | JsonSchema {
  return typeof schema === 'boolean' ? schema : jsonSchema(schema);
}

/** An object of which nothing is said holds anything. */
function isFreeForm(schema: Schema): boolean {
  return (
    schema.properties === undefined &&
    schema.allOf === undefined &&
    schema.anyOf === undefined &&
    schema.oneOf === undefined &&
    (schema.type === undefined || schema.type === 'object')
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** The shared components, as one schema that the others refer into. */
export function componentsSchema(schemas: Readonly<Record<string, Schema>>): JsonSchema {
  return { $id: componentsId, components: { schemas: mapValues(schemas, converted) } };
}
