// Cuts GitHub's OpenAPI description to the operations of test/github-double/conformance/operations.json.
// The npm package that carries the description is 389 MB installed, so it is no dependency: this script fetches its
// archive into a temporary folder, takes one file out of it and leaves the cut in the repository.
//   node packages/tooling/src/cut-openapi.mjs [path to an api.github.com.json that is already here]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const source = '@octokit/openapi@23.0.2';
const member = 'package/generated/api.github.com.json';
const conformance = join(root, 'test/github-double/conformance');

/** @typedef {null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }} Json */
/** @typedef {Record<string, any>} Node */

/** What only a reader needs. `default` is left out too: it says what GitHub assumes, not what it accepts. */
const prose = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'externalDocs',
  'deprecated',
  'discriminator',
  'readOnly',
  'writeOnly',
  'xml',
]);

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();

function main() {
  const operations = JSON.parse(readFileSync(join(conformance, 'operations.json'), 'utf8'));
  const cut = cutDescription(readDescription(process.argv[2]), operations);
  const target = join(conformance, 'openapi.json');
  writeFileSync(target, print(cut));
  console.log(`${target}: ${operations.length} operations, ${Math.round(readFileSync(target).length / 1024)} KiB`);
}

/** @param {string | undefined} local */
function readDescription(local) {
  if (local !== undefined) return JSON.parse(readFileSync(local, 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'obsgate-openapi-'));
  try {
    console.log(`fetching ${source} (npm pack)`);
    const packed = JSON.parse(
      execFileSync('npm', ['pack', source, '--json', '--pack-destination', folder], { cwd: folder, encoding: 'utf8' }),
    );
    execFileSync('tar', ['xzf', join(folder, packed[0].filename), '-C', folder, member]);
    return JSON.parse(readFileSync(join(folder, member), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The description with nothing but the wanted operations and the components they reach.
 * @param {Node} description
 * @param {readonly string[]} operations as `GET /repos/{owner}/{repo}`
 * @returns {Node}
 */
export function cutDescription(description, operations) {
  /** @type {Node} */
  const paths = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ');
    const found = description.paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`${operation} is not in GitHub's description`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: cutOperation(found) };
  }
  return {
    openapi: description.openapi,
    info: { title: description.info.title, version: description.info.version, license: description.info.license },
    paths,
    components: collectComponents(paths, description.components),
  };
}

/** @param {Node} operation */
function cutOperation(operation) {
  const parameters = (operation.parameters ?? []).map(cutParameter).filter(Boolean);
  return {
    operationId: operation.operationId,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.requestBody && {
      requestBody: { ...(operation.requestBody.required && { required: true }), ...cutContent(operation.requestBody) },
    }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [status, cutResponse(response)]),
    ),
  };
}

/** @param {Node} parameter */
function cutParameter(parameter) {
  if (parameter.$ref !== undefined) return { $ref: parameter.$ref };
  if (parameter.in === 'header') return undefined;
  return {
    name: parameter.name,
    in: parameter.in,
    ...(parameter.required && { required: true }),
    schema: cutSchema(parameter.schema),
  };
}

/** @param {Node} response */
function cutResponse(response) {
  return response.$ref !== undefined ? { $ref: response.$ref } : cutContent(response);
}

/**
 * Only JSON: the project asks for nothing else, except raw file contents, which have no schema.
 * @param {Node} holder
 */
function cutContent(holder) {
  const schema = holder.content?.['application/json']?.schema;
  return schema === undefined ? {} : { content: { 'application/json': { schema: cutSchema(schema) } } };
}

/**
 * @param {any} schema
 * @returns {any}
 */
function cutSchema(schema) {
  if (Array.isArray(schema)) return schema.map(cutSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema.$ref !== undefined) return { $ref: schema.$ref };
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !prose.has(key) && !key.startsWith('x-'))
      .map(([key, value]) => [
        key,
        key === 'properties' ? cutEach(value) : key === 'enum' || key === 'required' ? value : cutSchema(value),
      ]),
  );
}

/**
 * The keys are names of properties, not keywords, so a property called `description` stays.
 * @param {Node} properties
 */
function cutEach(properties) {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, cutSchema(schema)]));
}

/**
 * @param {Node} paths
 * @param {Node} components
 */
function collectComponents(paths, components) {
  /** @type {Record<string, Node>} */
  const kept = { schemas: {}, parameters: {}, responses: {} };
  const waiting = references(paths);
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const [, , kind = '', name = ''] = reference.split('/');
    const room = kept[kind];
    if (room === undefined) throw new Error(`${reference}: a kind of component that this script does not know`);
    if (room[name] !== undefined) continue;
    const component = components[kind][name];
    const cut =
      kind === 'schemas'
        ? cutSchema(component)
        : kind === 'parameters'
          ? cutParameter(component)
          : cutResponse(component);
    room[name] = cut ?? {};
    waiting.push(...references(room[name]));
  }
  return Object.fromEntries(Object.entries(kept).map(([kind, room]) => [kind, sortKeys(room)]));
}

/**
 * @param {Json | Node | undefined} value
 * @returns {string[]}
 */
function references(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

/** @param {Node} record */
function sortKeys(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * One operation or component a line: a newer description shows as a readable difference.
 * @param {Node} cut
 */
function print(cut) {
  const { paths, components, ...head } = cut;
  const lines = (/** @type {Node} */ record) =>
    Object.entries(record)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const path = Object.entries(paths).map(([key, methods]) => `${JSON.stringify(key)}: {\n${lines(methods)}\n}`);
  const rooms = Object.entries(components).map(([kind, room]) => `${JSON.stringify(kind)}: {\n${lines(room)}\n}`);
  return `{\n${lines(head)},\n"paths": {\n${path.join(',\n')}\n},\n"components": {\n${rooms.join(',\n')}\n}\n}\n`;
}
