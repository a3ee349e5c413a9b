import { flagOr, text } from '../http/body.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { updateRef } from '../domain/update-ref.ts';
import type { RefOutcome } from '../domain/update-ref.ts';
import { isAncestor } from '../git/history.ts';
import { readObject } from '../git/objects.ts';
import { listRefs, readRef, validRefName } from '../git/refs.ts';
import { needs } from '../permissions.ts';
import { created, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { gitRef } from '../shapes/git.ts';

const read = needs('read', 'contents');
const write = needs('write', 'contents');

function refParam({ params }: RepoCall): string {
  return `refs/${(params['ref'] ?? '').replace(/^refs\//, '')}`;
}

function getRef(call: RepoCall): Reply {
  const name = refParam(call);
  const sha = readRef(call.repo.gitDir, name);
  return sha === null ? notFound() : ok(gitRef(call.world, call.repo, { name, sha }));
}

function visibleRefs(call: RepoCall, prefix: string): ReturnType<typeof listRefs> {
  return listRefs(call.repo.gitDir, prefix).filter(({ name }) => !name.startsWith('refs/pull/'));
}

function checkObject(call: RepoCall, sha: string, ref: string): void {
  if (!/^[0-9a-f]{40}$/.test(sha))
    refuse(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
  const type = readObject(call.repo.gitDir, sha)?.type;
  if (type === undefined) refuse(422, 'Object does not exist');
  // Branches point at commits; other namespaces may hold any object.
  if (ref.startsWith('refs/heads/') && type !== 'commit') refuse(422, 'Reference update failed');
}

export function throwOutcome(outcome: RefOutcome, status: number): void {
  if (outcome.ok) return;
  if (outcome.why === 'workflows') refuse(403, outcome.message);
  refuse(outcome.why === 'raced' ? 422 : status, outcome.message);
}

async function createRef(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const ref = text(body, 'ref');
  const sha = text(body, 'sha');
  if (!ref.startsWith('refs/') || ref.split('/').length < 3)
    refuse(422, "Reference name must start with 'refs/' and contain at least one more slash");
  if (!validRefName(ref)) refuse(422, `${ref} is not a valid ref name.`);
  checkObject(call, sha, ref);
  if (readRef(repo.gitDir, ref) !== null) refuse(422, 'Reference already exists');
  const outcome = await updateRef(world, repo, caller, { ref, before: null, after: sha });
  if (!outcome.ok && outcome.why === 'raced') refuse(422, 'Reference update failed');
  throwOutcome(outcome, 422);
  const { body: shown } = ok(gitRef(world, repo, { name: ref, sha }));
  return { ...created(shown), headers: { location: (shown as { url: string }).url } };
}

async function patchRef(call: RepoCall): Promise<Reply> {
  const { world, repo, caller, body } = call;
  const ref = refParam(call);
  const after = text(body, 'sha');
  const before = readRef(repo.gitDir, ref);
  if (before === null) return refuse(422, 'Reference does not exist');
  checkObject(call, after, ref);
  if (!flagOr(body, 'force', false) && !(await fastForward(call, before, after))) {
    refuse(422, 'Update is not a fast forward');
  }
  throwOutcome(await updateRef(world, repo, caller, { ref, before, after }), 422);
  return ok(gitRef(world, repo, { name: ref, sha: after }));
}

async function fastForward({ repo }: RepoCall, before: string, after: string): Promise<boolean> {
  const both = [before, after].every((sha) => readObject(repo.gitDir, sha)?.type === 'commit');
  return both && (await isAncestor(repo.gitDir, before, after));
}

async function removeRef(call: RepoCall): Promise<Reply> {
  const { world, repo, caller } = call;
  const ref = refParam(call);
  const before = readRef(repo.gitDir, ref);
  if (before === null) return refuse(422, 'Reference does not exist');
  if (ref === `refs/heads/${repo.defaultBranch}`) refuse(422, 'Cannot delete the default branch');
  throwOutcome(await updateRef(world, repo, caller, { ref, before, after: null }), 422);
  return noContent;
}

const base = '/repos/{owner}/{repo}/git';

export const refRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/ref/{ref}`, need: read, repo: getRef },
  {
    method: 'GET',
    path: `${base}/matching-refs/{ref}`,
    need: read,
    repo: (call) => ok(visibleRefs(call, refParam(call)).map((each) => gitRef(call.world, call.repo, each))),
  },
  { method: 'POST', path: `${base}/refs`, need: write, repo: createRef },
  { method: 'PATCH', path: `${base}/refs/{ref}`, need: write, repo: patchRef },
  { method: 'DELETE', path: `${base}/refs/{ref}`, need: write, repo: removeRef },
];
