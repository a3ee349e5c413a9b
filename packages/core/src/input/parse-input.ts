import { isCollection, isMap, isNode, isScalar, type Document } from 'yaml';
import * as z from 'zod';
import { ConfigError, nearest, rangeBetween, sourceText, type Range, type SourceText } from '../kernel/index.ts';
import { parseYamlDocument } from './parse-yaml.ts';

/** One thing wrong with an input file, at its place. */
export type InputProblem = { readonly message: string; readonly path: string; readonly range: Range };

export type ParsedInput<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] };

type KeyPath = readonly PropertyKey[];

/**
 * Reads one YAML (or JSON) document and checks it against `schema`.
 * Every problem is returned with its place; unknown keys name the nearest known one.
 * An empty document is read as an empty map.
 */
export function parseInput<T>(schema: z.ZodType<T>, path: string, text: string): ParsedInput<T> {
  const source = sourceText(path, text.startsWith('\uFEFF') ? text.slice(1) : text);
  const document = parseYamlDocument(source.text);
  if (document.errors.length > 0) {
    return {
      kind: 'invalid',
      problems: document.errors.map(({ message, pos }) => problem(source, message, pos[0], pos[1])),
    };
  }
  const read = toPlain(document);
  if (read.kind === 'failed') return { kind: 'invalid', problems: [problem(source, read.message, 0, 0)] };
  const result = schema.safeParse(read.value ?? {});
  if (result.success) return { kind: 'ok', value: result.data };
  return {
    kind: 'invalid',
    problems: result.error.issues.flatMap((issue) => explain(issue, schema, source, document)),
  };
}

/** As {@link parseInput}, but problems are thrown as one {@link ConfigError} that names every place. */
export function requireInput<T>(schema: z.ZodType<T>, path: string, text: string): T {
  const result = parseInput(schema, path, text);
  if (result.kind === 'ok') return result.value;
  const [first, ...rest] = result.problems.map(
    (item) => `${item.path}:${item.range.line}:${item.range.column}: ${item.message}`,
  );
  throw new ConfigError([first, ...rest].join('\n'));
}

function toPlain(document: Document): { kind: 'ok'; value: unknown } | { kind: 'failed'; message: string } {
  try {
    return { kind: 'ok', value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // toJS throws on aliases that expand beyond maxAliasCount and on unresolved ones.
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, source: SourceText, document: Document): InputProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, knownKeys(schema, issue.path));
      const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
      const [start, end] = keySpan(document, [...issue.path, key]);
      return problem(source, `unknown key ${JSON.stringify(key)}${where(issue.path)}${hint}`, start, end);
    });
  }
  const [start, end] = valueSpan(document, issue.path);
  return [problem(source, `${issue.message}${where(issue.path)}`, start, end)];
}

function where(path: KeyPath): string {
  return path.length === 0 ? '' : ` (in ${path.map(String).join('.')})`;
}

/** The keys an object schema knows at `path`, read from zod's own definition of the schema. */
function knownKeys(schema: z.ZodType, path: KeyPath): string[] {
  let current: unknown = schema;
  for (const key of path) current = childSchema(current, key);
  return Object.keys(shapeOf(current) ?? {});
}

/** The part of zod's own definition of a schema (`_zod.def`) that leads to the keys of its objects. */
const definitionSchema = z.object({
  shape: z.record(z.string(), z.unknown()).optional(),
  innerType: z.unknown().optional(),
  element: z.unknown().optional(),
  valueType: z.unknown().optional(),
  in: z.unknown().optional(),
  options: z.array(z.unknown()).optional(),
});
const schemaSchema = z.object({ _zod: z.object({ def: definitionSchema }) });

type Definition = Partial<z.infer<typeof definitionSchema>>;

function definitionOf(schema: unknown): Definition {
  return schemaSchema.safeParse(schema).data?._zod.def ?? {};
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { shape, innerType, in: input, options } = definitionOf(schema);
  if (shape !== undefined) return shape;
  if (innerType !== undefined) return shapeOf(innerType);
  if (input !== undefined) return shapeOf(input);
  if (options === undefined) return undefined;
  return Object.fromEntries(options.flatMap((option) => Object.entries(shapeOf(option) ?? {})));
}

function childSchema(schema: unknown, key: PropertyKey): unknown {
  const shape = shapeOf(schema);
  if (shape !== undefined) return shape[String(key)];
  const { element, valueType, innerType, in: input } = definitionOf(schema);
  if (innerType !== undefined) return childSchema(innerType, key);
  if (input !== undefined) return childSchema(input, key);
  return element ?? valueType;
}

function valueSpan(document: Document, path: KeyPath): [number, number] {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = isNode(node) ? node.range : undefined;
    if (range) return [range[0], range[1]];
  }
  return [0, 0];
}

function keySpan(document: Document, path: KeyPath): [number, number] {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isCollection(parent) && isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)));
    const range = isNode(pair?.key) ? pair.key.range : undefined;
    if (range) return [range[0], range[1]];
  }
  return valueSpan(document, path);
}

function problem(source: SourceText, message: string, start: number, end: number): InputProblem {
  return { message: message.replace(/\s+/g, ' ').trim(), path: source.path, range: rangeBetween(source, start, end) };
}
