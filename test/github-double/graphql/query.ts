import { isRecord } from '../http/body.ts';
import { actorOf, canSee } from '../permissions.ts';
import { nowMs } from '../state.ts';
import { findRepo } from '../state.ts';
import { actor } from './actors.ts';
import type { Context, Node } from './context.ts';
import { fail } from './context.ts';
import { nodeById } from './lookup.ts';
import { repositoryNode } from './repository.ts';

function field(args: unknown, key: string): string {
  return isRecord(args) ? String(args[key]) : '';
}

/** The fields of `Query`. */
export function queryRoot(context: Context): Node {
  return {
    __typename: 'Query',
    viewer: () => ({
      ...actor(context.world, actorOf(context.caller)),
      __typename: 'User',
      login: actorOf(context.caller),
    }),
    rateLimit: () => ({
      cost: 1,
      limit: 5000,
      remaining: 4999,
      used: 1,
      nodeCount: 0,
      resetAt: new Date(nowMs(context.world) + 3_600_000).toISOString(),
    }),
    repository: (args: unknown) => {
      const owner = field(args, 'owner');
      const name = field(args, 'name');
      const repo = findRepo(context.world, owner, name);
      if (repo && canSee(context.world, context.caller, repo)) return repositoryNode(context, repo);
      return fail('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    node: (args: unknown) => nodeById(context, field(args, 'id')),
    nodes: (args: unknown) => {
      const ids: unknown = isRecord(args) ? args['ids'] : [];
      return (Array.isArray(ids) ? ids.map(String) : []).map((id) => nodeById(context, id));
    },
  };
}
