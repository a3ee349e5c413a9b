import { readFileSync } from 'node:fs';
import { buildSchema, execute, getOperationAST, GraphQLError, OperationTypeNode, parse, validate } from 'graphql';
import type { ExecutionResult, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { isRecord } from '../http/body.ts';
import type { Caller } from '../permissions.ts';
import type { World } from '../state.ts';
import type { Context } from './context.ts';
import { fail } from './context.ts';
import { mutationRoot } from './mutation.ts';
import { pullNode } from './pull-request.ts';
import { queryRoot } from './query.ts';
import { refNode } from './ref.ts';
import { repositoryNode } from './repository.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's published schema; its main module would parse ten megabytes of JSON, so the SDL is read beside it. */
function githubSchema(): GraphQLSchema {
  if (!schema) {
    const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
    schema = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true, assumeValid: true, noLocation: true });
  }
  return schema;
}

export type GraphqlRequest = {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
};

/** A field that no object provides is an error, never a quiet null: the double must not make up answers. */
const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, _context, info) => {
  if (!isRecord(source) || !(info.fieldName in source)) {
    return fail('NOT_MODELLED', `The double does not model ${info.parentType.name}.${info.fieldName}`);
  }
  const value = source[info.fieldName];
  return typeof value === 'function' ? (value as (given: unknown) => unknown)(args) : value;
};

export async function runGraphql(world: World, caller: Caller, request: GraphqlRequest): Promise<unknown> {
  let document;
  try {
    document = parse(request.query);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [{ message: error.message, locations: error.locations }] };
    throw error;
  }
  const problems = validate(githubSchema(), document);
  if (problems.length > 0) return { errors: problems.map(showError) };
  const context: Context = { world, caller, nodes: { repository: repositoryNode, ref: refNode, pull: pullNode } };
  const mutation = getOperationAST(document, request.operationName)?.operation === OperationTypeNode.MUTATION;
  const result = await execute({
    schema: githubSchema(),
    document,
    rootValue: mutation ? mutationRoot(context) : queryRoot(context),
    contextValue: context,
    variableValues: request.variables,
    operationName: request.operationName,
    fieldResolver: resolveField,
  });
  return show(result);
}

function show({ data, errors }: ExecutionResult): unknown {
  return errors ? { data: data ?? null, errors: errors.map(showError) } : { data };
}

/** GitHub's errors carry `type` beside the message. An error of the double's own code is thrown on. */
function showError(error: GraphQLError): Record<string, unknown> {
  const { originalError } = error;
  if (originalError && !(originalError instanceof GraphQLError)) throw originalError;
  const { type } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path ? { path: error.path } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message: error.message,
  };
}
