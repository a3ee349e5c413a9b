import * as z from 'zod';

const COMMIT = 'oid tree { oid } parents(first: 3) { nodes { oid } }';

/** Everything that can have changed about a pull request, in one request. */
export const PULL_QUERY = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      state
      title
      headRefOid
      baseRefName
      baseRef { target { oid } }
      isDraft
      isInMergeQueue
      autoMergeRequest { mergeMethod }
      mergeable
      labels(first: 100) { totalCount nodes { name } }
      potentialMergeCommit { ${COMMIT} }
      mergeCommit { ${COMMIT} }
      commits(last: 1) {
        nodes {
          commit {
            oid
            statusCheckRollup {
              contexts(first: 100) {
                totalCount
                nodes {
                  __typename
                  ... on CheckRun { databaseId name status conclusion checkSuite { app { databaseId } } }
                  ... on StatusContext { context state }
                }
              }
            }
          }
        }
      }
    }
  }
}`;

const commit = z.looseObject({
  oid: z.string(),
  tree: z.looseObject({ oid: z.string() }),
  parents: z.looseObject({ nodes: z.array(z.looseObject({ oid: z.string() })) }),
});

const checkRun = z.looseObject({
  __typename: z.literal('CheckRun'),
  databaseId: z.int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  checkSuite: z.looseObject({ app: z.looseObject({ databaseId: z.int().nullable() }).nullable() }),
});
const status = z.looseObject({ __typename: z.literal('StatusContext'), context: z.string(), state: z.string() });

const contexts = z.looseObject({
  totalCount: z.int(),
  nodes: z.array(z.discriminatedUnion('__typename', [checkRun, status])),
});

const headCommit = z.looseObject({
  commit: z.looseObject({ oid: z.string(), statusCheckRollup: z.looseObject({ contexts }).nullable() }),
});

export const pullAnswer = z.looseObject({
  repository: z.looseObject({
    pullRequest: z.looseObject({
      state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
      title: z.string(),
      headRefOid: z.string(),
      baseRefName: z.string(),
      baseRef: z.looseObject({ target: z.looseObject({ oid: z.string() }) }).nullable(),
      isDraft: z.boolean(),
      isInMergeQueue: z.boolean(),
      autoMergeRequest: z.unknown(),
      mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
      labels: z.looseObject({ totalCount: z.int(), nodes: z.array(z.looseObject({ name: z.string() })) }).nullable(),
      potentialMergeCommit: commit.nullable(),
      mergeCommit: commit.nullable(),
      commits: z.looseObject({ nodes: z.array(headCommit) }),
    }),
  }),
});

export type PullAnswer = z.infer<typeof pullAnswer>['repository']['pullRequest'];
export type ContextAnswer = z.infer<typeof contexts>['nodes'][number];
export type CommitAnswer = z.infer<typeof commit>;
