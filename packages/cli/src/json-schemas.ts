import { configSchema } from '@obsgate/core/config';
import { ConfigError, nearest } from '@obsgate/core/kernel';
import { rulepackSchema } from '@obsgate/core/rulepack';
import { sloSchema } from '@obsgate/core/slo';
import * as z from 'zod';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = { config: configSchema, rulepack: rulepackSchema, slo: sloSchema };

/** The files that users write and that have a JSON Schema. */
export const SCHEMA_NAMES: readonly string[] = Object.keys(SCHEMAS);

/** The JSON Schema of a file, from the zod schema that reads it. */
export function jsonSchema(name: string): unknown {
  const schema = SCHEMAS[name];
  if (schema !== undefined) return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const near = nearest(name, SCHEMA_NAMES);
  const hint = near === undefined ? '.' : `; did you mean ${near}?`;
  throw new ConfigError(`there is no schema ${JSON.stringify(name)}${hint} Known: ${SCHEMA_NAMES.join(', ')}`);
}
