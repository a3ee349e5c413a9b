import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const BEGIN = '<!-- generated: keys -->';
const END = '<!-- end of generated -->';
const PATH = 'docs/configuration.md';

/**
 * @typedef {object} JsonSchema
 * @property {string} [type]
 * @property {string} [description]
 * @property {unknown} [default]
 * @property {unknown[]} [enum]
 * @property {Record<string, JsonSchema>} [properties]
 * @property {JsonSchema | boolean} [additionalProperties]
 * @property {JsonSchema} [items]
 * @property {JsonSchema[]} [anyOf]
 */

/**
 * The tables of every key of `.obsgate.yml`, one for each section, from the JSON Schema.
 * @returns {Promise<[path: string, text: string][]>}
 */
export async function configDocsFiles() {
  const { jsonSchema } = await import(`${root}packages/cli/lib/json-schemas.js`);
  const text = readFileSync(join(root, PATH), 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${PATH} has no place for its tables: ${BEGIN} ... ${END}`);
  const sections = sectionsOf(jsonSchema('config'), '').map(([name, rows]) => table(name, rows));
  return [[PATH, `${text.slice(0, begin)}${BEGIN}\n\n${sections.join('\n\n')}\n\n${text.slice(end)}`]];
}

/**
 * Every map of keys, outer ones first, with the rows of those keys that hold values.
 * @param {JsonSchema} schema
 * @param {string} name
 * @returns {[name: string, rows: [key: string, schema: JsonSchema][]][]}
 */
function sectionsOf(schema, name) {
  const entries = Object.entries(schema.properties ?? {});
  const rows = entries.filter(([, value]) => value.properties === undefined);
  const inner = entries
    .filter(([, value]) => value.properties !== undefined)
    .flatMap(([key, value]) => sectionsOf(value, name === '' ? key : `${name}.${key}`));
  return rows.length === 0 ? inner : [[name, rows], ...inner];
}

/**
 * @param {string} name
 * @param {[key: string, schema: JsonSchema][]} rows
 */
function table(name, rows) {
  const lines = rows.map(([key, schema]) => {
    if (schema.description === undefined) throw new Error(`${name}.${key} has no description in the schema`);
    return `| \`${key}\` | ${cell(kindOf(schema))} | ${defaultOf(schema)} | ${cell(schema.description.replaceAll('<', '&lt;'))} |`;
  });
  return [`### \`${name}\``, '', '| key | value | default | meaning |', '| --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

/**
 * The kind of a value, in words.
 * @param {JsonSchema} schema
 * @returns {string}
 */
function kindOf(schema) {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(kindOf).join(' or ');
  if (schema.type === 'array') return 'list of texts';
  if (schema.type === 'object') {
    const { additionalProperties: values } = schema;
    return typeof values === 'object' && values.enum !== undefined ? `map to ${kindOf(values)}` : 'map of texts';
  }
  return { string: 'text', number: 'number', integer: 'number', boolean: '`true`, `false`' }[schema.type ?? ''] ?? '';
}

/** @param {JsonSchema} schema */
function defaultOf({ default: value }) {
  if (value === undefined) return '';
  return cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|');
}
