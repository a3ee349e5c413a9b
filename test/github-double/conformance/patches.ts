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
];
