import {
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

type Context = { readonly schema: GraphQLSchema; readonly document: DocumentNode; readonly problems: string[] };

/**
 * Whether `data` is an answer that the operation can have by the schema: exactly the asked fields, no null where the
 * schema forbids it, lists where lists are, enum values that exist.
 */
export function checkGraphqlData(schema: GraphQLSchema, document: DocumentNode, data: unknown): readonly string[] {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return ['the document has no operation'];
  const root = schema.getRootType(operation.operation);
  if (!root) return [`the schema has no ${operation.operation}`];
  const context: Context = { schema, document, problems: [] };
  checkObject(context, root, operation.selectionSet, data, '/data');
  return context.problems;
}

function checkObject(
  context: Context,
  type: GraphQLNamedType,
  set: SelectionSetNode,
  value: unknown,
  at: string,
): void {
  if (!isRecord(value)) return void context.problems.push(`${at} must be an object`);
  const concrete = concreteType(context.schema, type, value);
  const fields = collectFields(context, concrete, set);
  for (const key of Object.keys(value)) if (!fields.has(key)) context.problems.push(`${at}/${key} was not asked for`);
  for (const [key, node] of fields) {
    if (!(key in value)) context.problems.push(`${at}/${key} was asked for and is absent`);
    else if (node.name.value !== '__typename') checkField(context, concrete, node, value[key], `${at}/${key}`);
  }
}

function checkField(context: Context, parent: GraphQLNamedType, node: FieldNode, value: unknown, at: string): void {
  if (!('getFields' in parent)) return;
  const field = parent.getFields()[node.name.value];
  if (field !== undefined && 'args' in field) checkValue(context, field.type, node, value, at);
}

function checkValue(context: Context, type: GraphQLOutputType, node: FieldNode, value: unknown, at: string): void {
  if (isNonNullType(type)) {
    if (value === null) return void context.problems.push(`${at} must not be null`);
    return checkValue(context, type.ofType, node, value, at);
  }
  if (value === null) return;
  if (isListType(type)) {
    if (!Array.isArray(value)) return void context.problems.push(`${at} must be a list`);
    for (const [index, item] of value.entries()) checkValue(context, type.ofType, node, item, `${at}/${index}`);
    return;
  }
  if (isEnumType(type) && !type.getValues().some(({ name }) => name === value)) {
    context.problems.push(`${at} is ${JSON.stringify(value)}, which ${type.name} lacks`);
    return;
  }
  if (isLeafType(type)) {
    if (typeof value === 'object') context.problems.push(`${at} must be a ${type.name}`);
    return;
  }
  if (node.selectionSet !== undefined) checkObject(context, type, node.selectionSet, value, at);
}

/** Without `__typename` in the answer the fields of the abstract type are all that can be checked. */
function concreteType(schema: GraphQLSchema, type: GraphQLNamedType, value: Record<string, unknown>): GraphQLNamedType {
  const name = value['__typename'];
  return isAbstractType(type) && typeof name === 'string' ? (schema.getType(name) ?? type) : type;
}

function collectFields(context: Context, type: GraphQLNamedType, set: SelectionSetNode): Map<string, FieldNode> {
  const fields = new Map<string, FieldNode>();
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      fields.set(selection.alias?.value ?? selection.name.value, selection);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentNamed(context, selection.name.value);
    if (fragment === undefined || !applies(context.schema, fragment.typeCondition?.name.value, type)) continue;
    for (const [key, node] of collectFields(context, type, fragment.selectionSet)) fields.set(key, node);
  }
  return fields;
}

function fragmentNamed({ document }: Context, name: string) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLNamedType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return wanted !== undefined && isAbstractType(wanted) && isObjectType(type) && schema.isSubType(wanted, type);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
