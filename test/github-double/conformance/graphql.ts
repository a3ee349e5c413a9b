import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { Exchange } from '../exchange.ts';
import { checkGraphqlData } from './graphql-answer.ts';
import type { Violation } from './validate.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's schema. `assumeValidSDL` because checking the 70,000 lines of it costs more than all our queries. */
export function githubSchema(): GraphQLSchema {
  if (schema === undefined) {
    // The package's main module parses 10 MB of JSON that nobody needs here, and its exports hide the SDL.
    const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
    schema = buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true, assumeValid: true });
  }
  return schema;
}

/** What is wrong with a GraphQL document: syntax, unknown fields, missing arguments, types. Empty when it is right. */
export function validateGraphql(query: string): readonly string[] {
  try {
    return validate(githubSchema(), parse(query), specifiedRules).map(({ message }) => message);
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message];
    throw error;
  }
}

/** An exchange at `/graphql`: the document, its variables, and the answer's `data` against the schema. */
export function validateGraphqlExchange(exchange: Exchange): readonly Violation[] {
  const { query, variables } = requestParts(exchange.requestBody);
  if (query === undefined) return [{ part: 'request', at: '/query', message: 'is required' }];
  const problems = validateGraphql(query);
  // GitHub answers a wrong document with 200 and `errors`; asking for one is the caller's mistake all the same.
  if (problems.length > 0) return problems.map((message): Violation => ({ part: 'request', at: '/query', message }));
  const document = parse(query);
  const request = variableProblems(document, variables).map((message): Violation => ({
    part: 'request',
    at: '/variables',
    message,
  }));
  if (exchange.origin === 'injected' || exchange.status !== 200) return request;
  return [...request, ...answerProblems(document, exchange.responseBody)];
}

function answerProblems(document: DocumentNode, body: unknown): readonly Violation[] {
  const { data, errors } =
    typeof body === 'object' && body !== null ? (body as { data?: unknown; errors?: unknown }) : {};
  if (data === undefined && errors === undefined)
    return [{ part: 'response', at: '', message: 'has neither data nor errors' }];
  // With errors GraphQL nulls out whatever lies above the failed field, so only a clean answer has a fixed shape.
  if (errors !== undefined) return [];
  return checkGraphqlData(githubSchema(), document, data).map((message): Violation => ({
    part: 'response',
    at: '',
    message,
  }));
}

function variableProblems(document: DocumentNode, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return ['the document has no operation'];
  const { errors } = getVariableValues(githubSchema(), operation.variableDefinitions ?? [], variables);
  return (errors ?? []).map(({ message }) => message);
}

function requestParts(body: unknown): { readonly query?: string; readonly variables: Record<string, unknown> } {
  if (typeof body !== 'object' || body === null) return { variables: {} };
  const { query, variables } = body as { query?: unknown; variables?: Record<string, unknown> | null };
  return typeof query === 'string' ? { query, variables: variables ?? {} } : { variables: {} };
}
