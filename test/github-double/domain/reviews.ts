import type { PullState, Review } from '../state/pull.ts';
import type { Repo, World } from '../state.ts';
import { newId, nowIso } from '../state.ts';
import { issueOf } from '../shapes/pull.ts';
import { addEvent } from './events.ts';

export type NewReview = Pick<Review, 'user' | 'body' | 'state'> & { readonly sha?: string };

export function addReview(world: World, repo: Repo, pull: PullState, { user, body, state, sha }: NewReview): Review {
  const submittedAt = state === 'PENDING' ? null : nowIso(world);
  const review: Review = { id: newId(world), user, body, state, commitId: sha ?? pull.headSha, submittedAt };
  pull.reviews.push(review);
  pull.requestedReviewers = pull.requestedReviewers.filter((login) => login !== user);
  issueOf(repo, pull).updatedAt = nowIso(world);
  return review;
}

export function dismissReview(
  world: World,
  repo: Repo,
  pull: PullState,
  review: Review,
  actor: string,
  message: string,
): void {
  const dismissed_review = { state: review.state.toLowerCase(), review_id: review.id, dismissal_message: message };
  review.state = 'DISMISSED';
  addEvent(world, issueOf(repo, pull), 'review_dismissed', actor, { extra: { dismissed_review } });
}
