import { addEvent } from '../domain/events.ts';
import { mergePull } from '../domain/merge-pull.ts';
import { revertPull } from '../domain/revert.ts';
import type { MergeMethod } from '../enforce/merge-rules.ts';
import { isRecord } from '../http/body.ts';
import { actorOf } from '../permissions.ts';
import { refusalOf } from '../reply.ts';
import { issueOf } from '../shapes/pull.ts';
import type { Context, Node } from './context.ts';
import { fail, requireScope } from './context.ts';
import { needPull, needThread } from './lookup.ts';
import type { Input } from './mutations-protection.ts';
import { actor } from './actors.ts';
import { pullNode, threadNode } from './pull-request.ts';

function text(input: Input, key: string): string | undefined {
  return typeof input[key] === 'string' ? input[key] : undefined;
}

function payload(input: Input, typeName: string, fields: Record<string, unknown>): Node {
  return { __typename: typeName, clientMutationId: input['clientMutationId'] ?? null, ...fields };
}

export async function revertPullRequest(context: Context, input: Input): Promise<Node> {
  const { repo, pull } = needPull(context, String(input['pullRequestId']));
  requireScope(context, repo, 'contents', 'write');
  requireScope(context, repo, 'pull_requests', 'write');
  const title = text(input, 'title');
  const body = text(input, 'body');
  const outcome = await revertPull(context.world, repo, pull, context.caller, {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    draft: input['draft'] === true,
  });
  if (!outcome.ok) return fail('UNPROCESSABLE', outcome.message);
  return payload(input, 'RevertPullRequestPayload', {
    pullRequest: () => pullNode(context, repo, pull),
    revertPullRequest: () => pullNode(context, repo, outcome.pull),
  });
}

const METHODS: Record<string, MergeMethod> = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' };

export async function mergePullRequest(context: Context, input: Input): Promise<Node> {
  const { repo, pull } = needPull(context, String(input['pullRequestId']));
  requireScope(context, repo, 'contents', 'write');
  try {
    await mergePull(context.world, repo, pull, context.caller, {
      method: METHODS[text(input, 'mergeMethod') ?? 'MERGE'] ?? 'merge',
      sha: text(input, 'expectedHeadOid'),
      title: text(input, 'commitHeadline'),
      message: text(input, 'commitBody'),
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal && isRecord(refusal.body))
      fail(refusal.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE', String(refusal.body['message']));
    throw error;
  }
  const { world, caller } = context;
  return payload(input, 'MergePullRequestPayload', {
    actor: actor(world, actorOf(caller)),
    pullRequest: () => pullNode(context, repo, pull),
  });
}

function setDraft(context: Context, input: Input, draft: boolean, typeName: string): Node {
  const { repo, pull } = needPull(context, String(input['pullRequestId']));
  requireScope(context, repo, 'pull_requests', 'write');
  pull.draft = draft;
  addEvent(
    context.world,
    issueOf(repo, pull),
    draft ? 'convert_to_draft' : 'ready_for_review',
    actorOf(context.caller),
  );
  return payload(input, typeName, { pullRequest: () => pullNode(context, repo, pull) });
}

export function markPullRequestReadyForReview(context: Context, input: Input): Node {
  return setDraft(context, input, false, 'MarkPullRequestReadyForReviewPayload');
}

export function convertPullRequestToDraft(context: Context, input: Input): Node {
  return setDraft(context, input, true, 'ConvertPullRequestToDraftPayload');
}

function setResolved(context: Context, input: Input, resolved: boolean, typeName: string): Node {
  const { repo, pull, thread } = needThread(context, String(input['threadId']));
  requireScope(context, repo, 'pull_requests', 'write');
  thread.isResolved = resolved;
  thread.resolvedBy = resolved ? actorOf(context.caller) : null;
  return payload(input, typeName, { thread: () => threadNode(context, repo, pull, thread) });
}

export function resolveReviewThread(context: Context, input: Input): Node {
  return setResolved(context, input, true, 'ResolveReviewThreadPayload');
}

export function unresolveReviewThread(context: Context, input: Input): Node {
  return setResolved(context, input, false, 'UnresolveReviewThreadPayload');
}
