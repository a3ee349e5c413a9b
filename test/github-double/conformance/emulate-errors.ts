/** Where `emulate` 0.12.2 answers otherwise than GitHub does, and what shows it. Steps are those of scenario.ts. */
export type EmulateError = {
  readonly step: string;
  /** What of its answer is wrong, so that it is not compared: of a `keys` error only the keys that `at` matches. */
  readonly wrong: 'status' | 'message' | 'keys';
  readonly at?: RegExp;
  readonly evidence: string;
};

const noRef = 'GitHub: 422 "Reference does not exist", https://github.com/github/lock/pull/48';
const branchMissing = 'GitHub: "Branch not found", https://docs.github.com/rest/branches/branches';
const unprotected = 'GitHub: 404 "Branch not protected", https://github.com/kubernetes/test-infra/issues/8007';
const capital = 'GitHub: "Validation Failed", recording GHPullRequestTest/setBaseBranchNonExisting/4-r_h_g_pulls_381';
const ownReview = 'GitHub: 422 "Unprocessable Entity", https://github.com/hubtty/hubtty/issues/33';

const pullRepository = {
  wrong: 'keys',
  at: /\/(head|base)\/repo\/(permissions|allow_\w+|delete_branch_on_merge) is absent$/u,
  evidence:
    'only a repository’s own answer has them, recording GHPullRequestTest/refreshFromSearchResults/5-r_h_g_pulls_479',
} as const;

const noRestrictions = {
  wrong: 'keys',
  at: /^\/restrictions is absent$/u,
  evidence:
    'absent, not null: recording GHBranchProtectionTest/testEnableProtectionOnly/4-r_h_t_branches_main_protection',
} as const;
const suiteInRun = {
  wrong: 'keys',
  at: /\/check_suite\/(node_id|head_branch|head_sha|url) is absent$/u,
  evidence: 'only the id: recording GHCheckRunBuilderTest/createPendingCheckRun/5-r_h_t_check-runs',
} as const;

export const emulateErrors: readonly EmulateError[] = [
  { step: 'protect', ...noRestrictions },
  { step: 'read protection', ...noRestrictions },
  {
    step: 'read a protected branch',
    wrong: 'keys',
    at: /^\/protection_commit is absent$/u,
    evidence: 'not in GitHub’s description of `branch-with-protection`',
  },
  { step: 'create a check run', ...suiteInRun },
  { step: 'complete a check run', ...suiteInRun },
  { step: 'read a check run', ...suiteInRun },
  { step: 'list check runs of a commit', ...suiteInRun },
  {
    step: 'list reviews',
    wrong: 'keys',
    at: /^\/\*\/(created_at|updated_at) is absent$/u,
    evidence: 'recording GHPullRequestTest/pullRequestReviews/7-r_h_g_pulls_482_reviews',
  },
  {
    step: 'list events of an issue',
    wrong: 'keys',
    at: /^\/\*\/(assignee|milestone|rename|issue) is absent$/u,
    evidence:
      'GitHub’s description: `issue-event-for-issue` is one of several shapes, each with its own keys and none with the issue',
  },
  {
    step: 'create a blob',
    wrong: 'keys',
    at: /^\/(node_id|size) is absent$/u,
    evidence: 'GitHub’s description: `short-blob` has url and sha',
  },
  { step: 'open a pull request', ...pullRepository },
  { step: 'list pull requests', ...pullRepository },
  {
    step: 'list pull requests',
    wrong: 'keys',
    at: /^\/\*\/(merged|merged_by|mergeable|rebaseable|mergeable_state|comments|review_comments|maintainer_can_modify|commits|additions|deletions|changed_files) is absent$/u,
    evidence: 'GitHub’s description: `pull-request-simple` has none of them',
  },
  { step: 'read a pull request', ...pullRepository },
  { step: 'change a pull request', ...pullRepository },
  { step: 'read a merged pull request', ...pullRepository },
  {
    step: 'create a branch at no commit',
    wrong: 'message',
    evidence: 'GitHub: "Object does not exist", https://github.com/octokit/octokit.js/issues/562',
  },
  { step: 'move a branch that is not there', wrong: 'status', evidence: noRef },
  { step: 'delete a branch again', wrong: 'status', evidence: noRef },
  {
    step: 'move a branch back',
    wrong: 'message',
    evidence: 'GitHub: "Update is not a fast forward", https://github.com/rust-lang/homu/issues/75',
  },
  { step: 'read a branch that is not there', wrong: 'message', evidence: branchMissing },
  { step: 'protect a branch that is not there', wrong: 'message', evidence: branchMissing },
  {
    step: 'create a file that is there',
    wrong: 'message',
    evidence:
      'GitHub: `Invalid request.\\n\\n"sha" wasn\'t supplied.`, https://docs.github.com/rest/repos/contents#create-or-update-file-contents',
  },
  { step: 'create a label again', wrong: 'message', evidence: capital },
  {
    step: 'take a label off again',
    wrong: 'message',
    evidence:
      'GitHub: "Label does not exist", recording GHPullRequestTest/removeLabels/12-r_h_g_issues_425_labels_removelabels_label_name_3',
  },
  { step: 'read protection of an open branch', wrong: 'message', evidence: unprotected },
  { step: 'unprotect again', wrong: 'status', evidence: unprotected },
  {
    step: 'open a pull request again',
    wrong: 'status',
    evidence: 'GitHub: 422 "A pull request already exists for", https://github.com/ovity/octotree/issues/557',
  },
  { step: 'open a pull request without commits', wrong: 'message', evidence: capital },
  {
    step: 'open a pull request from nowhere',
    wrong: 'status',
    evidence: 'GitHub: 422, field head, code invalid, https://github.com/stackitcloud/cloud-provider-stackit/pull/10',
  },
  {
    step: 'comment in a review',
    wrong: 'status',
    evidence: 'GitHub: 200, recording GHPullRequestTest/pullRequestReviews/5-r_h_g_pulls_482_reviews',
  },
  { step: 'approve one’s own pull request', wrong: 'status', evidence: ownReview },
  {
    step: 'merge another head',
    wrong: 'status',
    evidence:
      'GitHub: 409 "Head branch was modified. Review and try the merge again.", https://github.com/dlang/dlang-bot/issues/77',
  },
  {
    step: 'merge again',
    wrong: 'status',
    evidence: 'GitHub: 405, https://docs.github.com/rest/pulls/pulls#merge-a-pull-request',
  },
  {
    step: 'list files of a pull request',
    wrong: 'keys',
    at: /./u,
    evidence: 'emulate has no diffs: an empty list for a pull request that changes files',
  },
  {
    step: 'read a collaborator’s permission',
    wrong: 'status',
    evidence:
      'GitHub answers for every user, recording GHRepositoryTest/hasPermission/16-r_h_t_collaborators_dude_permission',
  },
];
