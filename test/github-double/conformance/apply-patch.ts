import type { Description, Operation, Schema } from './openapi.ts';
import type { Patch } from './patch.ts';

/** Changes the description in place. A patch that changes nothing is an error: GitHub has mended it, so it can go. */
export function applyPatch(description: Description, patch: Patch): void {
  switch (patch.kind) {
    case 'optional':
      makeOptional(schemaAt(description, patch.schema), patch.keys, patch.schema);
      return;
    case 'nullable':
      for (const key of patch.keys) makeNullable(schemaAt(description, patch.schema), key, patch.schema);
      return;
    case 'property':
      addProperty(schemaAt(description, patch.schema), patch.key, patch.is, patch.schema);
      return;
    case 'values':
      addValues(schemaAt(description, patch.schema), patch.key, patch.add, patch.schema);
      return;
    case 'request':
      addProperty(requestAt(description, patch.operation, patch.at), patch.key, patch.is, patch.operation);
      return;
    case 'request-optional':
      makeOptional(requestAt(description, patch.operation, patch.at), patch.keys, patch.operation);
      return;
    case 'query':
      addQuery(operationAt(description, patch.operation), patch.name, patch.is);
      return;
    case 'answer':
      addAnswer(operationAt(description, patch.operation), patch.status, patch.is, patch.operation);
  }
}

function addQuery(operation: Operation, name: string, schema: Schema): void {
  if (operation.parameters === undefined)
    throw new Error(`${operation.operationId} has no parameters to add ${name} to`);
  operation.parameters.push({ name, in: 'query', schema });
}

function addAnswer(operation: Operation, status: number, schema: Schema | null, where: string): void {
  if (operation.responses[status] !== undefined && schema === null) stale(where, String(status));
  operation.responses[status] = schema === null ? {} : { content: { 'application/json': { schema } } };
}

function makeOptional(schema: Schema, keys: readonly string[], where: string): void {
  for (const key of keys) if (!(schema.required ?? []).includes(key)) stale(where, key);
  schema.required = (schema.required ?? []).filter((key) => !keys.includes(key));
}

function makeNullable(schema: Schema, key: string, where: string): void {
  const property = schema.properties?.[key];
  if (property === undefined || property.nullable === true) return stale(where, key);
  if (schema.properties !== undefined) schema.properties[key] = { anyOf: [property], nullable: true };
}

function addProperty(schema: Schema, key: string, added: Schema, where: string): void {
  if (JSON.stringify(schema.properties?.[key]) === JSON.stringify(added)) stale(where, key);
  schema.properties = { ...schema.properties, [key]: added };
}

function addValues(schema: Schema, key: string, values: readonly string[], where: string): void {
  const property = schema.properties?.[key];
  if (property?.enum === undefined || values.every((value) => property.enum?.includes(value))) return stale(where, key);
  property.enum.push(...values);
}

/** @param place name of a component, then properties below it, `*` for a list's elements: `git-commit/parents/*` */
function schemaAt(description: Description, place: string): Schema {
  const [name = '', ...properties] = place.split('/');
  const component = description.components.schemas[name];
  if (component === undefined) throw new Error(`a patch names ${place}, which the description lacks`);
  return properties.reduce(below, component);
}

function operationAt(description: Description, name: string): Operation {
  const [method = '', route = ''] = name.split(' ');
  const operation = description.paths[route]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`a patch names ${name}, which the description lacks`);
  return operation;
}

function requestOf(operation: Operation): Schema {
  const schema = operation.requestBody?.content?.['application/json'].schema;
  if (schema === undefined) throw new Error(`a patch changes the request of ${operation.operationId}, which has none`);
  return schema;
}

function requestAt(description: Description, operation: string, property: string): Schema {
  const schema = requestOf(operationAt(description, operation));
  return property === '' ? schema : below(schema, property);
}

function below(schema: Schema, property: string): Schema {
  const found = property === '*' ? schema.items : schema.properties?.[property];
  if (found === undefined) throw new Error(`a patch names the property ${property}, which the description lacks`);
  return found;
}

function stale(where: string, key: string): never {
  throw new Error(`the patch for ${where} ${key} changes nothing; GitHub's description has caught up, remove it`);
}
