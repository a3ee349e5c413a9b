import { isRecord, text } from '../http/body.ts';
import type { Call, Route } from '../http/router.ts';
import { ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';

/** The schema takes a fifth of a second to build, so it is loaded with the first GraphQL request. */
async function postGraphql(call: Call): Promise<Reply> {
  if (call.caller.kind === 'anonymous') return refuse(401, 'This endpoint requires you to be authenticated.');
  if (typeof call.body['query'] !== 'string')
    return refuse(400, 'A query attribute must be specified and must be a string.');
  const { runGraphql } = await import('../graphql/run.ts');
  const variables = isRecord(call.body['variables']) ? call.body['variables'] : {};
  const operationName = typeof call.body['operationName'] === 'string' ? call.body['operationName'] : null;
  return ok(await runGraphql(call.world, call.caller, { query: text(call.body, 'query'), variables, operationName }));
}

export const graphqlRoutes: readonly Route[] = [
  { method: 'POST', path: '/graphql', need: { kind: 'none' }, handle: postGraphql },
];
