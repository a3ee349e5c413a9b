import { isRecord, optionalInteger, optionalText, text } from '../http/body.ts';
import { paged } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { addReview, dismissReview } from '../domain/reviews.ts';
import { needPull } from '../domain/resolve.ts';
import { actorOf, atLeast, needs, roleOf } from '../permissions.ts';
import { notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { issueOf, review } from '../shapes/pull.ts';
import type { PullState, Review, ReviewState } from '../state/pull.ts';
import { newId, nowIso } from '../state.ts';

const read = needs('read', 'pull_requests');
const write = needs('write', 'pull_requests');

const STATES: Record<string, ReviewState> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

function stateOf(event: string | undefined): ReviewState {
  if (event === undefined) return 'PENDING';
  return (
    STATES[event] ??
    refuse(422, `Invalid request.\n\n${event} is not a member of ["APPROVE", "REQUEST_CHANGES", "COMMENT"].`)
  );
}

function refuseOwn(call: RepoCall, pull: PullState, state: ReviewState): void {
  if (issueOf(call.repo, pull).user !== actorOf(call.caller)) return;
  const what = state === 'APPROVED' ? 'approve' : 'request changes on';
  if (state === 'APPROVED' || state === 'CHANGES_REQUESTED') {
    refuse(422, 'Unprocessable Entity', { errors: [`Review Can not ${what} your own pull request`] });
  }
}

function postReview(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const pull = needPull(call);
  const state = stateOf(optionalText(body, 'event'));
  refuseOwn(call, pull, state);
  const sha = optionalText(body, 'commit_id');
  const made = addReview(world, repo, pull, {
    user: actorOf(caller),
    body: optionalText(body, 'body') ?? '',
    state,
    ...(sha === undefined ? {} : { sha }),
  });
  addThreads(call, pull, made);
  return ok(review(world, repo, pull, made));
}

function addThreads({ world, body }: RepoCall, pull: PullState, made: Review): void {
  const comments: unknown = body['comments'];
  if (!Array.isArray(comments)) return;
  for (const each of comments as unknown[]) {
    if (!isRecord(each)) continue;
    pull.threads.push({
      id: newId(world),
      path: text(each, 'path'),
      line: optionalInteger(each, 'line') ?? null,
      isResolved: false,
      isOutdated: false,
      resolvedBy: null,
      comments: [{ id: newId(world), user: made.user, body: text(each, 'body'), createdAt: nowIso(world) }],
    });
  }
}

function needReview(call: RepoCall): { readonly pull: PullState; readonly found: Review } {
  const pull = needPull(call);
  const found = pull.reviews.find(({ id }) => id === Number(call.params['review_id'])) ?? notFound();
  return { pull, found };
}

function show(call: RepoCall, pull: PullState, each: Review): Reply {
  return ok(review(call.world, call.repo, pull, each));
}

function submit(call: RepoCall): Reply {
  const { pull, found } = needReview(call);
  const state = stateOf(text(call.body, 'event'));
  refuseOwn(call, pull, state);
  const made: Review = {
    ...found,
    state,
    body: optionalText(call.body, 'body') ?? found.body,
    submittedAt: nowIso(call.world),
  };
  pull.reviews.splice(pull.reviews.indexOf(found), 1, made);
  return show(call, pull, made);
}

function dismiss(call: RepoCall): Reply {
  const { world, repo, caller } = call;
  const { pull, found } = needReview(call);
  const message = text(call.body, 'message');
  if (found.state === 'COMMENTED' || found.state === 'PENDING')
    refuse(422, 'Validation Failed', {
      errors: [`Can not dismiss a ${found.state.toLowerCase()} pull request review`],
    });
  if (caller.kind === 'user' && !atLeast(roleOf(world, repo, caller.login), 'write'))
    refuse(403, 'Must have write access to repository.');
  dismissReview(world, repo, pull, found, actorOf(caller), message);
  return show(call, pull, found);
}

const base = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews';

/** Somebody's pending review is shown to nobody else. */
function listReviews(call: RepoCall): Reply {
  const pull = needPull(call);
  const me = actorOf(call.caller);
  const visible = pull.reviews.filter(({ state, user }) => state !== 'PENDING' || user === me);
  return paged(call, visible, (each) => review(call.world, call.repo, pull, each));
}

// Anybody who can read may review; only reviews of people with write access count.
export const reviewRoutes: readonly Route[] = [
  { method: 'GET', path: base, need: read, repo: listReviews },
  { method: 'POST', path: base, need: read, repo: postReview },
  {
    method: 'GET',
    path: `${base}/{review_id}`,
    need: read,
    repo: (call) => {
      const { pull, found } = needReview(call);
      return show(call, pull, found);
    },
  },
  { method: 'PUT', path: `${base}/{review_id}/dismissals`, need: write, repo: dismiss },
  { method: 'POST', path: `${base}/{review_id}/events`, need: read, repo: submit },
];
