import type { ReasonCode } from '../kernel/index.ts';
import type { MergeAnswer } from './pull-port.ts';

/** What a merge request came to. */
export type MergeResult =
  | { readonly kind: 'merged'; readonly sha: string }
  /** Nothing was merged. `later`: the same request may pass in a moment, after a fresh look. */
  | { readonly kind: 'refused'; readonly code: ReasonCode; readonly message: string; readonly again: 'later' | 'never' }
  /** It may have been merged or not: read before anything else is said. */
  | { readonly kind: 'ambiguous'; readonly message: string };

type Known = { readonly starts: string; readonly code: ReasonCode; readonly again?: 'later' };

/**
 * Beginnings of GitHub's messages. Neither status nor text is documented; these were recorded
 * (https://github.com/hub4j/github-api/tree/main/src/test/resources, and reports of merge bots).
 * What is not listed is a refusal of unknown cause, and stops.
 */
const KNOWN: readonly Known[] = [
  { starts: 'Head branch was modified', code: 'head_moved' },
  { starts: 'Head branch is out of date', code: 'branch_behind' },
  { starts: 'Base branch was modified', code: 'base_modified', again: 'later' },
  { starts: 'Pull Request is not mergeable', code: 'mergeable_unknown', again: 'later' },
  { starts: 'Merge already in progress', code: 'base_modified', again: 'later' },
  { starts: 'Pull Request is still a draft', code: 'draft' },
  { starts: 'Pull Request is still a work in progress', code: 'draft' },
  { starts: 'Pull Request has merge conflicts', code: 'merge_conflict' },
  { starts: "This branch can't be rebased", code: 'merge_conflict' },
  { starts: 'Required status check', code: 'check_not_green' },
  { starts: 'Waiting on code owner review', code: 'reviews_missing' },
  { starts: 'Waiting for code owner review', code: 'reviews_missing' },
  { starts: 'New changes require approval', code: 'reviews_missing' },
  { starts: 'At least', code: 'reviews_missing' },
  { starts: 'Changes have been requested', code: 'changes_requested' },
  { starts: 'Changes must be made through the merge queue', code: 'merge_queue' },
  { starts: 'Merge commits are not allowed', code: 'method_not_allowed' },
  { starts: 'Squash merges are not allowed', code: 'method_not_allowed' },
  { starts: 'Rebase merges are not allowed', code: 'method_not_allowed' },
  { starts: 'This branch must not contain merge commits', code: 'method_not_allowed' },
  { starts: 'All comments must be resolved', code: 'threads_unresolved' },
  { starts: 'A conversation must be resolved', code: 'threads_unresolved' },
  { starts: 'Commits must have verified signatures', code: 'signatures_required' },
  { starts: 'Cannot change this locked branch', code: 'branch_locked' },
  { starts: 'Cannot update this protected ref', code: 'branch_locked' },
  { starts: "You're not authorized to push to this branch", code: 'push_restricted' },
  { starts: 'refusing to allow', code: 'permission_missing' },
  { starts: 'Resource not accessible by', code: 'permission_missing' },
  { starts: 'Must have write access', code: 'permission_missing' },
  { starts: 'You have exceeded a secondary rate limit', code: 'rate_limited', again: 'later' },
  { starts: 'API rate limit exceeded', code: 'rate_limited', again: 'later' },
  { starts: 'Repository rule violations found', code: 'rules_violated' },
];

/** "2 of 3 required status checks have not succeeded: …" */
const COUNTED_CHECKS = /^\d+ of \d+ required status checks/;

/** Judges the answer to `PUT /repos/{owner}/{repo}/pulls/{number}/merge`. */
export function judgeMergeAnswer(answer: MergeAnswer): MergeResult {
  if (answer.kind === 'no_answer') return { kind: 'ambiguous', message: answer.why };
  const { status, message, sha } = answer;
  if (status === 200 && sha !== null) return { kind: 'merged', sha };
  // A 2xx without a commit, a redirect, a server error: none of them says that nothing was merged.
  if (status < 400 || status >= 500 || status === 408) return { kind: 'ambiguous', message: `${status} ${message}` };
  const known = KNOWN.find(({ starts }) => message.startsWith(starts));
  if (known !== undefined) return { kind: 'refused', code: known.code, message, again: known.again ?? 'never' };
  if (COUNTED_CHECKS.test(message)) return { kind: 'refused', code: 'check_not_green', message, again: 'never' };
  return { kind: 'refused', code: codeOf(status), message: `${status} ${message}`, again: 'never' };
}

function codeOf(status: number): ReasonCode {
  if (status === 401) return 'token_rejected';
  if (status === 403) return 'permission_missing';
  if (status === 404) return 'not_found';
  if (status === 409) return 'head_moved';
  if (status === 429) return 'rate_limited';
  return 'request_refused';
}
