import type { Person } from '../git/commits.ts';
import { accountOf } from '../shapes/account.ts';
import type { World } from '../state.ts';
import { nowMs } from '../state.ts';

/** The name and address under which GitHub writes commits for an account. */
export function personFor(world: World, login: string): Person {
  const { id } = accountOf(world, login);
  return { name: login, email: `${id}+${login}@users.noreply.github.com`, at: Math.floor(nowMs(world) / 1000) };
}

/** The committer of what GitHub commits itself. */
export function webFlow(world: World): Person {
  return { name: 'GitHub', email: 'noreply@github.com', at: Math.floor(nowMs(world) / 1000) };
}
