import { isRecord } from '../http/body.ts';
import type { Context, Node } from './context.ts';
import { updateRefs } from './mutations-git.ts';
import type { Input } from './mutations-protection.ts';
import {
  createBranchProtectionRule,
  deleteBranchProtectionRule,
  updateBranchProtectionRule,
} from './mutations-protection.ts';
import {
  convertPullRequestToDraft,
  markPullRequestReadyForReview,
  mergePullRequest,
  resolveReviewThread,
  revertPullRequest,
  unresolveReviewThread,
} from './mutations-pulls.ts';

const mutations = {
  convertPullRequestToDraft,
  createBranchProtectionRule,
  deleteBranchProtectionRule,
  markPullRequestReadyForReview,
  mergePullRequest,
  resolveReviewThread,
  revertPullRequest,
  unresolveReviewThread,
  updateBranchProtectionRule,
  updateRefs,
};

/** The fields of `Mutation`. Each takes GitHub's single `input` argument. */
export function mutationRoot(context: Context): Node {
  const bound = Object.entries(mutations).map(([name, run]) => {
    const field = (args: unknown): Node | Promise<Node> => {
      const input: Input = isRecord(args) && isRecord(args['input']) ? args['input'] : {};
      return run(context, input);
    };
    return [name, field] as const;
  });
  return { __typename: 'Mutation', ...Object.fromEntries(bound) };
}
