import { randomUUID } from 'node:crypto';
import { optionalFlag, optionalText } from '../http/body.ts';
import { isRecord } from '../http/body.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { mergePull } from '../domain/merge-pull.ts';
import { needPull } from '../domain/resolve.ts';
import { needs } from '../permissions.ts';
import { notFound, ok, refusalOf } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { AsyncMergeResult, PullState } from '../state/pull.ts';
import { methodOf } from './merging.ts';

/** The merge happens at once; the answer says "pending" all the same, and the result is read by its uuid. */
async function putAsync(call: RepoCall): Promise<Reply> {
  const pull = needPull(call);
  if (pull.mergedAt !== null && pull.mergeCommitSha !== null) {
    return ok({ status: 'merged', details: { message: 'Pull Request already merged', sha: pull.mergeCommitSha } });
  }
  const { body } = call;
  const sha = optionalText(body, 'sha');
  if (sha !== undefined && sha !== pull.headSha) {
    const details = { message: 'Head branch was modified. Review and try the merge again.' };
    return { status: 409, body: { status: 'failed', details } };
  }
  const uuid = randomUUID();
  pull.asyncMerges.set(uuid, await attempt(call, pull));
  const details = {
    message: 'Merge is in progress',
    uuid,
    merge_method: optionalText(body, 'merge_method') ?? 'default',
    merge_action: optionalText(body, 'merge_action') ?? 'default',
    expected_head_sha: sha ?? pull.headSha,
  };
  return { status: 202, body: { status: 'pending', details } };
}

/** Bypass is only used when asked for. */
async function attempt(call: RepoCall, pull: PullState): Promise<AsyncMergeResult> {
  const { world, repo, caller, body } = call;
  try {
    const sha = await mergePull(world, repo, pull, caller, {
      method: methodOf(optionalText(body, 'merge_method')),
      sha: optionalText(body, 'sha'),
      title: optionalText(body, 'commit_title'),
      message: optionalText(body, 'commit_message'),
      bypass: optionalFlag(body, 'bypass_rules') ?? false,
    });
    return { status: 'merged', details: { message: 'Pull Request successfully merged', sha } };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal || !isRecord(refusal.body)) throw error;
    return { status: 'failed', details: { message: String(refusal.body['message']) } };
  }
}

function getAsync(call: RepoCall): Reply {
  return ok(needPull(call).asyncMerges.get(call.params['uuid'] ?? '') ?? notFound());
}

const base = '/repos/{owner}/{repo}/pulls/{pull_number}/merge-async';

export const asyncMergeRoutes: readonly Route[] = [
  { method: 'PUT', path: base, need: needs('write', 'contents'), repo: putAsync },
  { method: 'GET', path: `${base}/{uuid}`, need: needs('read', 'contents', 'pull_requests'), repo: getAsync },
];
