import type { Patch } from './patch.ts';

/** Where the description is wrong; `recordings.test.ts` shows most of it. */
export const patches: readonly Patch[] = [
  {
    kind: 'request-optional',
    operation: 'PUT /repos/{owner}/{repo}/branches/{branch}/protection',
    at: 'required_status_checks',
    keys: ['contexts'],
    evidence:
      'GHBranchProtectionTest/testChecksWithAppIds/4-r_h_t_branches_main_protection: `checks` alone is answered 200; both together are 422',
  },
  {
    kind: 'answer',
    operation: 'POST /repos/{owner}/{repo}/check-runs',
    status: 422,
    is: { $ref: '#/components/schemas/validation-error' },
    evidence: 'GHCheckRunBuilderTest/createCheckRunErrMissingConclusion/5-r_h_t_check-runs',
  },
  {
    kind: 'property',
    schema: 'app-permissions',
    key: 'actions_variables',
    is: { type: 'string', enum: ['read', 'write'] },
    evidence:
      'https://github.com/github/rest-api-description/issues/5437 (missing), https://github.com/fullsend-ai/fullsend/issues/997 (its name)',
  },
  {
    kind: 'property',
    schema: 'branch-restriction-policy/apps/*',
    key: 'permissions',
    is: { type: 'object', additionalProperties: { type: 'string' } },
    evidence:
      'the four keys of the description are those of its example; an App shows all its permissions: GHRepositoryTest/getCheckRuns/4-r_h_g_commits_78b9ff49_check-runs',
  },
  {
    kind: 'property',
    schema: 'timeline-assigned-issue-event',
    key: 'assigner',
    is: { $ref: '#/components/schemas/simple-user' },
    evidence:
      'https://docs.github.com/rest/using-the-rest-api/issue-event-types#assigned, for issue and timeline events alike',
  },
];
