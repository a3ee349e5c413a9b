import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import type { Exchange } from '../exchange.ts';
import { validateGraphqlExchange } from './graphql.ts';
import { componentsSchema, jsonSchema } from './json-schema.ts';
import { description, findOperation, parameterOf, responseOf, type Operation, type Schema } from './openapi.ts';
import { pathParameters } from './routes.ts';

/** One way in which an exchange differs from GitHub's description. */
export type Violation = {
  readonly part: 'operation' | 'path' | 'query' | 'request' | 'status' | 'response';
  /** JSON pointer into the part, name of a parameter, or empty. */
  readonly at: string;
  readonly message: string;
};

/**
 * Answers that every operation may give, whether or not the description lists them:
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api and, for 429 and 403,
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
const everywhere: ReadonlySet<number> = new Set([400, 401, 403, 404, 429, 500, 502, 503, 504]);

/**
 * Compares both sides of an exchange with GitHub's OpenAPI description (GraphQL: with its schema).
 * Of an injected answer only the request is looked at. A request that was refused as malformed (400, 422) may be so.
 */
export function validateExchange(exchange: Exchange): readonly Violation[] {
  const { method, route } = exchange;
  if (route === '/graphql') return validateGraphqlExchange(exchange);
  const operation = route === null ? undefined : findOperation(method, route);
  if (route === null || operation === undefined) {
    return [{ part: 'operation', at: '', message: `${method} ${route ?? exchange.path} is not in the description` }];
  }
  const refused = exchange.status === 400 || exchange.status === 422;
  const request = refused
    ? []
    : [...validateParameters(exchange, route, operation), ...validateRequest(exchange, operation)];
  return exchange.origin === 'injected' ? request : [...request, ...validateAnswer(exchange, operation)];
}

/** `GET /repos/…: response /id must be integer`, one violation a line. */
export function formatViolations(exchange: Exchange, violations: readonly Violation[]): string {
  const lines = violations.map(({ part, at, message }) => `  ${part} ${at} ${message}`);
  return [`${exchange.method} ${exchange.path} -> ${exchange.status}`, ...lines].join('\n');
}

function validateParameters(exchange: Exchange, route: string, operation: Operation): readonly Violation[] {
  const [path = '', search = ''] = exchange.path.split('?', 2);
  const values = pathParameters(route, canonical(path));
  if (values === null) return [{ part: 'path', at: '', message: `is not of the route ${route}` }];
  const parameters = (operation.parameters ?? []).map(parameterOf);
  const query = new URLSearchParams(search);
  const inPath = parameters
    .filter((parameter) => parameter.in === 'path')
    .flatMap(({ name, schema }) => check(schema, typed(values[name] ?? '', schema), 'path', name));
  const inQuery = parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, schema, required }): readonly Violation[] => {
      const value = query.get(name);
      if (value !== null) return check(schema, typed(value, schema), 'query', name);
      return required === true ? [{ part: 'query', at: name, message: 'is required' }] : [];
    });
  const known = new Set(parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name));
  const unknown = [...new Set(query.keys())]
    .filter((name) => !known.has(name))
    .map((name): Violation => ({ part: 'query', at: name, message: 'is not a parameter of this operation' }));
  return [...inPath, ...inQuery, ...unknown];
}

/** GitHub Enterprise's prefix, and the numeric name of a repository that GitHub writes into Link headers. */
function canonical(path: string): string {
  return path.replace(/^\/api\/v3(?=\/)/u, '').replace(/^\/repositories\/\d+(?=\/|$)/u, '/repos/by/number');
}

function validateRequest(exchange: Exchange, operation: Operation): readonly Violation[] {
  const schema = operation.requestBody?.content?.['application/json'].schema;
  const body = exchange.requestBody ?? undefined;
  if (body === undefined) {
    if (operation.requestBody?.required !== true) return [];
    return [{ part: 'request', at: '', message: 'a body is required' }];
  }
  // Clients send `{}` with every POST; GitHub takes it as no body.
  if (schema === undefined)
    return isEmptyObject(body) ? [] : [{ part: 'request', at: '', message: 'this operation takes no body' }];
  return check(schema, body, 'request', '');
}

function validateAnswer(exchange: Exchange, operation: Operation): readonly Violation[] {
  const { status } = exchange;
  const body = exchange.responseBody ?? undefined;
  const described = operation.responses[status];
  if (described === undefined && !everywhere.has(status)) {
    return [{ part: 'status', at: '', message: `${status} is not an answer of this operation` }];
  }
  const schema = described === undefined ? undefined : responseOf(described).content?.['application/json'].schema;
  if (status >= 400) return check(errorSchema(schema), body ?? null, 'response', '');
  if (schema !== undefined && body === undefined && hasOtherMedia(exchange)) return [];
  if (schema !== undefined) return check(schema, body ?? null, 'response', '');
  return body === undefined ? [] : [{ part: 'response', at: '', message: 'a body where the description has none' }];
}

/**
 * With `Accept: application/vnd.github.raw` (or `.diff`) these answer something that is not JSON:
 * https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
 */
function hasOtherMedia({ method, route }: Exchange): boolean {
  return (
    method === 'GET' &&
    /\/(contents\/\{path\}|git\/blobs\/\{file_sha\}|pulls\/\{pull_number\}|commits\/\{ref\}|compare\/\{basehead\})$/u.test(
      route ?? '',
    )
  );
}

const basicError: Schema = { $ref: '#/components/schemas/basic-error' };
const errorSchemas = new WeakMap<Schema, Schema>();

/** All errors have the keys of `basic-error` (`status` among them), also where the description names a narrower schema. */
function errorSchema(described: Schema | undefined): Schema {
  if (described === undefined) return basicError;
  const made = errorSchemas.get(described) ?? { allOf: [described, basicError] };
  errorSchemas.set(described, made);
  return made;
}

function check(schema: Schema, value: unknown, part: Violation['part'], at: string): readonly Violation[] {
  const validator = compiled(schema);
  if (validator(value)) return [];
  return causes(validator.errors ?? []).map((error) => ({
    part,
    at: `${at}${error.instancePath}`,
    message: told(error),
  }));
}

/** An alternative that fails leaves all its keys unnamed; then the reason why it failed says more than they do. */
function causes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const others = errors.filter(({ keyword }) => keyword !== 'unevaluatedProperties');
  return others.length > 0 ? others : errors;
}

function told({ message, params }: ErrorObject): string {
  const detail: unknown = params['unevaluatedProperty'] ?? params['additionalProperty'] ?? params['allowedValues'];
  const reason = message ?? 'does not fit';
  return detail === undefined ? reason : `${reason}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;
}

const validators = new WeakMap<Schema, ValidateFunction>();
let ajv: Ajv2019 | undefined;

/** Compiled on first use: the whole description takes seconds, one operation some milliseconds. */
export function compiled(schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  ajv ??= newAjv();
  const validator = ajv.compile(jsonSchema(schema));
  validators.set(schema, validator);
  return validator;
}

function newAjv(): Ajv2019 {
  // Not inlined, a component is compiled once and not wherever it is used: a quarter of the time.
  const made = new Ajv2019({
    allErrors: true,
    strict: false,
    validateSchema: false,
    unevaluated: true,
    inlineRefs: false,
  });
  addFormats.default(made);
  // `int64` is the range of a JavaScript number here; `repo.nwo` is GitHub's own name for owner/name.
  made.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/u);
  made.addSchema(componentsSchema(description().components.schemas));
  return made;
}

/** A parameter comes as text; what does not read as its type stays text and is found wrong. */
function typed(text: string, schema: Schema): unknown {
  if ((schema.type === 'integer' || schema.type === 'number') && /^-?\d+$/u.test(text)) return Number(text);
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return schema.type === undefined && /^\d+$/u.test(text) ? Number(text) : text;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
