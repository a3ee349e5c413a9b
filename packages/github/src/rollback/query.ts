import * as z from 'zod';

const COMMIT = 'oid tree { oid } parents(first: 3) { nodes { oid } }';

const PULL = `number state headRefName isCrossRepository body
  labels(first: 100) { nodes { name } }
  mergeCommit { ${COMMIT} }
  commits(last: 1) { nodes { commit { ${COMMIT} } } }`;

/** The merge, the base branch, our branch, whatever takes the merge back already, and the switch: one request. */
export const ROLLBACK_QUERY = `query ($owner: String!, $repo: String!, $number: Int!, $branch: String!, $ref: String!, $stop: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      mergedAt
      mergeCommit { message ${COMMIT} }
      baseRef { target { __typename oid ... on Commit { ${COMMIT} } } }
    }
    ref(qualifiedName: $ref) { target { __typename oid ... on Commit { ${COMMIT} } } }
    ours: pullRequests(headRefName: $branch, last: 20) { nodes { ${PULL} } }
    newest: pullRequests(last: 100) { nodes { ${PULL} } }
    issues(states: [OPEN], labels: [$stop], first: 1) { nodes { number } }
  }
}`;

/** The open pull request of a branch, with its head. */
export const OPEN_PULL_QUERY = `query ($owner: String!, $repo: String!, $branch: String!) {
  repository(owner: $owner, name: $repo) {
    pullRequests(headRefName: $branch, states: [OPEN], last: 5) { nodes { ${PULL} } }
  }
}`;

export const commitAnswer = z.looseObject({
  oid: z.string(),
  tree: z.looseObject({ oid: z.string() }),
  parents: z.looseObject({ nodes: z.array(z.looseObject({ oid: z.string() })) }),
});

const target = z.looseObject({ target: commitAnswer }).nullable();

const pull = z.looseObject({
  number: z.int(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  headRefName: z.string(),
  isCrossRepository: z.boolean(),
  body: z.string(),
  labels: z.looseObject({ nodes: z.array(z.looseObject({ name: z.string() })) }).nullable(),
  mergeCommit: commitAnswer.nullable(),
  commits: z.looseObject({ nodes: z.array(z.looseObject({ commit: commitAnswer })) }),
});
const pulls = z.looseObject({ nodes: z.array(pull) });

export const rollbackAnswer = z.looseObject({
  repository: z.looseObject({
    pullRequest: z.looseObject({
      mergedAt: z.string().nullable(),
      mergeCommit: commitAnswer.extend({ message: z.string() }).nullable(),
      baseRef: target,
    }),
    ref: target,
    ours: pulls,
    newest: pulls,
    issues: z.looseObject({ nodes: z.array(z.looseObject({ number: z.int() })) }),
  }),
});

export const openPullAnswer = z.looseObject({ repository: z.looseObject({ pullRequests: pulls }) });

export type RollbackAnswer = z.infer<typeof rollbackAnswer>['repository'];
export type RevertPullAnswer = z.infer<typeof pull>;
