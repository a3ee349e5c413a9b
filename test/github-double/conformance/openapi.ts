import { readFileSync } from 'node:fs';
import { applyPatch } from './apply-patch.ts';
import { patches } from './patches.ts';

/** A schema as OpenAPI 3.0 writes it; what GitHub's description uses of it. */
export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
};

export type Reference = { readonly $ref: string };
export type Content = { readonly content?: { readonly 'application/json': { readonly schema: Schema } } };
export type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

export type Operation = {
  readonly operationId: string;
  readonly parameters?: (Parameter | Reference)[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Record<string, Content | Reference>;
};

export type Description = {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
};

let loaded: Description | undefined;

/** GitHub's description, cut to the operations in use, with our patches applied. Read on first use. */
export function description(): Description {
  if (loaded === undefined) {
    const text = readFileSync(new URL('openapi.json', import.meta.url), 'utf8');
    const read: Description = JSON.parse(text);
    for (const patch of patches) applyPatch(read, patch);
    loaded = read;
  }
  return loaded;
}

/** @param route path template, `/repos/{owner}/{repo}` */
export function findOperation(method: string, route: string): Operation | undefined {
  return description().paths[route]?.[method.toLowerCase()];
}

/** Every operation of the cut, as `GET /repos/{owner}/{repo}`. */
export function operationNames(): readonly string[] {
  return Object.entries(description().paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
  );
}

export function parameterOf(parameter: Parameter | Reference): Parameter {
  if (!('$ref' in parameter)) return parameter;
  const found = description().components.parameters[componentName(parameter.$ref)];
  if (found === undefined) throw new Error(`the description lacks ${parameter.$ref}`);
  return found;
}

export function responseOf(response: Content | Reference): Content {
  if (!('$ref' in response)) return response;
  const found = description().components.responses[componentName(response.$ref)];
  if (found === undefined) throw new Error(`the description lacks ${response.$ref}`);
  return found;
}

/** `#/components/schemas/label` -> `label` */
export function componentName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
