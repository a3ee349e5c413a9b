import { updateRef } from '../domain/update-ref.ts';
import type { RefUpdate } from '../domain/update-ref.ts';
import { isAncestor } from '../git/history.ts';
import { readObject } from '../git/objects.ts';
import { readRef, validRefName, ZERO } from '../git/refs.ts';
import { judgePush } from '../enforce/push-rules.ts';
import { refusalMessage } from '../enforce/verdict.ts';
import { isRecord } from '../http/body.ts';
import type { Repo } from '../state.ts';
import type { Context, Node } from './context.ts';
import { fail, requireScope } from './context.ts';
import { needRepo } from './lookup.ts';
import type { Input } from './mutations-protection.ts';

type Wanted = RefUpdate & { readonly force: boolean };

/** `beforeOid` of zeros means "must not exist", `afterOid` of zeros means "delete"; without `beforeOid` anything may be there. */
function readUpdate(repo: Repo, value: Input): Wanted {
  const ref = String(value['name']);
  if (!validRefName(ref)) fail('UNPROCESSABLE', `The ref name '${ref}' is not valid.`);
  const now = readRef(repo.gitDir, ref);
  const given = value['beforeOid'];
  const before = typeof given === 'string' ? (given === ZERO ? null : given) : now;
  if (before !== now)
    fail('STALE_DATA', `Reference cannot be updated: expected ${before ?? ZERO} but found ${now ?? ZERO}`);
  const afterOid = String(value['afterOid']);
  const after = afterOid === ZERO ? null : afterOid;
  if (after !== null && !readObject(repo.gitDir, after)) fail('UNPROCESSABLE', `Object does not exist: ${after}`);
  return { ref, before, after, force: value['force'] === true };
}

/** All or nothing: every update is checked before the first one is made. */
export async function updateRefs(context: Context, input: Input): Promise<Node> {
  const { world, caller } = context;
  const repo = needRepo(context, String(input['repositoryId']));
  requireScope(context, repo, 'contents', 'write');
  const list: unknown = input['refUpdates'];
  const updates = (Array.isArray(list) ? (list as unknown[]) : [])
    .filter(isRecord)
    .map((each) => readUpdate(repo, each));
  for (const update of updates) {
    const { before, after, force } = update;
    if (before !== null && after !== null && !force && !(await isAncestor(repo.gitDir, before, after))) {
      fail('UNPROCESSABLE', `Update is not a fast forward: ${update.ref}`);
    }
    const message = refusalMessage(await judgePush(world, repo, caller, update));
    if (message !== null) fail('UNPROCESSABLE', message);
  }
  for (const update of updates) {
    const outcome = await updateRef(world, repo, caller, update);
    if (!outcome.ok) fail(outcome.why === 'raced' ? 'STALE_DATA' : 'UNPROCESSABLE', outcome.message);
  }
  return { __typename: 'UpdateRefsPayload', clientMutationId: input['clientMutationId'] ?? null };
}
