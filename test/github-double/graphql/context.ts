import { GraphQLError } from 'graphql';
import type { Caller } from '../permissions.ts';
import { can } from '../permissions.ts';
import type { PullState } from '../state/pull.ts';
import type { Level, Repo, Scope, World } from '../state.ts';

export type Context = {
  readonly world: World;
  readonly caller: Caller;
  /** Repositories, refs and pull requests point at each other; each finds the others here. */
  readonly nodes: {
    readonly repository: (context: Context, repo: Repo) => Node;
    readonly ref: (context: Context, repo: Repo, name: string) => Node | null;
    readonly pull: (context: Context, repo: Repo, pull: PullState) => Node;
  };
};

/** A GraphQL object: fields are values, or functions of their arguments. A field that is not there is not modelled. */
export type Node = { readonly __typename: string } & Readonly<Record<string, unknown>>;

export type ErrorType = 'NOT_FOUND' | 'FORBIDDEN' | 'UNPROCESSABLE' | 'STALE_DATA' | 'NOT_MODELLED';

/** GitHub puts `type` beside `message`, not into `extensions`; the runner moves it. */
export function fail(type: ErrorType, message: string): never {
  throw new GraphQLError(message, { extensions: { type } });
}

export function requireScope({ world, caller }: Context, repo: Repo, scope: Scope, level: Level): void {
  if (can(world, caller, repo, scope, level)) return;
  if (caller.kind === 'installation') fail('FORBIDDEN', 'Resource not accessible by integration');
  const role = caller.kind === 'user' ? caller.login : 'Viewer';
  fail('FORBIDDEN', `${role} does not have the correct permissions to execute this operation`);
}
