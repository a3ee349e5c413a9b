import { expect, test } from 'vitest';
import { judgeMergeAnswer } from './merge-answer.ts';

const answer = (status: number, message: string, sha: string | null = null) =>
  judgeMergeAnswer({ kind: 'answered', status, message, sha });

test('a merge is only a merge with its commit', () => {
  expect(answer(200, 'Pull Request successfully merged', 'abc')).toEqual({ kind: 'merged', sha: 'abc' });
  expect(answer(200, 'Pull Request successfully merged')).toMatchObject({ kind: 'ambiguous' });
  expect(answer(202, 'Accepted')).toMatchObject({ kind: 'ambiguous' });
});

test('no answer and server errors say nothing of what happened', () => {
  expect(judgeMergeAnswer({ kind: 'no_answer', why: 'socket hang up' })).toEqual({
    kind: 'ambiguous',
    message: 'socket hang up',
  });
  for (const status of [500, 502, 503, 504, 408]) expect(answer(status, '')).toMatchObject({ kind: 'ambiguous' });
});

test.each([
  [409, 'Head branch was modified. Review and try the merge again.', 'head_moved', 'never'],
  [405, 'Base branch was modified. Review and try the merge again.', 'base_modified', 'later'],
  [405, 'Pull Request is not mergeable', 'mergeable_unknown', 'later'],
  [405, 'Pull Request is still a draft', 'draft', 'never'],
  [405, 'Required status check "obs-lint" is expected.', 'check_not_green', 'never'],
  [405, '2 of 2 required status checks are expected.', 'check_not_green', 'never'],
  [405, 'At least 1 approving review is required by reviewers with write access.', 'reviews_missing', 'never'],
  [405, 'Waiting on code owner review from acme/owners.', 'reviews_missing', 'never'],
  [405, 'Changes must be made through the merge queue', 'merge_queue', 'never'],
  [405, 'Squash merges are not allowed on this repository.', 'method_not_allowed', 'never'],
  [405, 'Repository rule violations found\n\nx\n\n', 'rules_violated', 'never'],
  [403, 'Resource not accessible by integration', 'permission_missing', 'never'],
  [403, 'refusing to allow a GitHub App to create or update workflow `x`', 'permission_missing', 'never'],
  [403, 'You have exceeded a secondary rate limit. Please wait', 'rate_limited', 'later'],
  [404, 'Not Found', 'not_found', 'never'],
  [405, 'Something that nobody has seen yet', 'request_refused', 'never'],
  [422, 'Validation Failed', 'request_refused', 'never'],
] as const)('%i %s is %s, again %s', (status, message, code, again) => {
  expect(answer(status, message)).toMatchObject({ kind: 'refused', code, again });
});

test('a known beginning does not make an error page a refusal', () => {
  expect(answer(502, 'Head branch was modified')).toMatchObject({ kind: 'ambiguous' });
});
