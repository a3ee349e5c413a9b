import type { Account } from '@obsgate/core/merge';
import * as z from 'zod';
import type { ActorAnswer } from './pull-query.ts';

/** An account as REST writes it. */
export const accountSchema = z.looseObject({ login: z.string(), id: z.int(), type: z.string() });

/** An account of GraphQL; null when it is gone or has no number, for then nothing can be decided about it. */
export function accountOf(actor: ActorAnswer): Account | null {
  const id = actor?.databaseId ?? actor?.user?.databaseId ?? undefined;
  if (actor === null || id === undefined) return null;
  return { login: actor.login, id, type: actor.__typename };
}

/** An account of REST, reduced to what is decided by. */
export function restAccount({ login, id, type }: z.infer<typeof accountSchema>): Account {
  return { login, id, type };
}
