import { root } from './run.mjs';

/**
 * JSON Schemas of the files that users write, from the zod schemas; editors complete with them.
 * @returns {Promise<[path: string, text: string][]>}
 */
export async function schemaFiles() {
  const { SCHEMA_NAMES, jsonSchema } = await import(`${root}packages/cli/lib/json-schemas.js`);
  return SCHEMA_NAMES.map((/** @type {string} */ name) => [
    `docs/schemas/${name}.schema.json`,
    `${JSON.stringify(jsonSchema(name), null, 2)}\n`,
  ]);
}
