import * as z from 'zod';

const ACTOR = `__typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Organization { databaseId }
  ... on Mannequin { databaseId } ... on EnterpriseUserAccount { user { databaseId } }`;

const CONTEXTS = `pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CheckRun {
      databaseId name status conclusion startedAt
      checkSuite { app { databaseId slug } workflowRun { databaseId event file { path } } }
    }
    ... on StatusContext { context state createdAt creator { ${ACTOR} } }
  }`;

const BLOB = '__typename ... on Blob { text isTruncated isBinary }';

/**
 * The pull request with all that hangs on it, and configuration and rulepacks at the tip of its base branch: never those
 * of its head. Check GraphQL documents against https://docs.github.com/en/graphql/reference.
 */
export const PULL_FACTS_QUERY = `query ($owner: String!, $repo: String!, $number: Int!, $config: String!, $rulepacks: String!) {
  repository(owner: $owner, name: $repo) {
    databaseId isArchived mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    defaultBranchRef { name }
    pullRequest(number: $number) {
      id number title state isDraft mergeable reviewDecision isInMergeQueue changedFiles additions deletions
      autoMergeRequest { mergeMethod }
      author { ${ACTOR} }
      baseRefName
      baseRef { target { __typename oid ... on Commit {
        config: file(path: $config) { object { ${BLOB} } }
        rulepacks: file(path: $rulepacks) { object { __typename ... on Tree { entries { name object { ${BLOB} } } } } }
      } } }
      headRefName headRefOid
      headRepository { databaseId }
      commits(last: 1) { totalCount nodes { commit { oid statusCheckRollup { contexts(first: 100) { ${CONTEXTS} } } } } }
      labels(first: 100) { pageInfo { hasNextPage } nodes { name } }
      timelineItems(last: 100, itemTypes: [LABELED_EVENT, BASE_REF_CHANGED_EVENT]) {
        nodes {
          __typename
          ... on LabeledEvent { createdAt actor { ${ACTOR} } label { name } }
          ... on BaseRefChangedEvent { createdAt }
        }
      }
      latestOpinionatedReviews(first: 100) {
        pageInfo { hasNextPage }
        nodes { state submittedAt authorCanPushToRepository commit { oid } author { ${ACTOR} } }
      }
      reviewThreads(first: 100) { pageInfo { hasNextPage } nodes { isResolved } }
    }
  }
}`;

/** Further pages of the checks of a commit. */
export const MORE_CHECKS_QUERY = `query ($owner: String!, $repo: String!, $sha: GitObjectID!, $after: String!) {
  repository(owner: $owner, name: $repo) {
    object(oid: $sha) { __typename ... on Commit { statusCheckRollup { contexts(first: 100, after: $after) { ${CONTEXTS} } } } }
  }
}`;

const actor = z
  .looseObject({
    __typename: z.string(),
    login: z.string(),
    databaseId: z.int().nullish(),
    user: z.looseObject({ databaseId: z.int().nullish() }).nullish(),
  })
  .nullable();
export type ActorAnswer = z.infer<typeof actor>;

const checkRun = z.looseObject({
  __typename: z.literal('CheckRun'),
  databaseId: z.int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  checkSuite: z.looseObject({
    app: z.looseObject({ databaseId: z.int().nullable(), slug: z.string() }).nullable(),
    workflowRun: z
      .looseObject({
        databaseId: z.int().nullable(),
        event: z.string(),
        file: z.looseObject({ path: z.string() }).nullable(),
      })
      .nullable(),
  }),
});
const statusContext = z.looseObject({
  __typename: z.literal('StatusContext'),
  context: z.string(),
  state: z.string(),
  createdAt: z.string(),
  creator: actor,
});
const contexts = z.looseObject({
  pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(z.discriminatedUnion('__typename', [checkRun, statusContext])),
});
export type ContextsAnswer = z.infer<typeof contexts>;
export type ContextAnswer = ContextsAnswer['nodes'][number];

const blob = z
  .looseObject({
    __typename: z.string(),
    text: z.string().nullish(),
    isTruncated: z.boolean().optional(),
    isBinary: z.boolean().nullish(),
  })
  .nullable();
export type BlobAnswer = z.infer<typeof blob>;

const more = z.looseObject({ hasNextPage: z.boolean() });
const base = z.looseObject({
  target: z.looseObject({
    oid: z.string(),
    config: z.looseObject({ object: blob }).nullish(),
    rulepacks: z
      .looseObject({
        object: z
          .looseObject({ entries: z.array(z.looseObject({ name: z.string(), object: blob })).optional() })
          .nullable(),
      })
      .nullish(),
  }),
});

const labeled = z.looseObject({
  __typename: z.literal('LabeledEvent'),
  createdAt: z.string(),
  actor,
  label: z.looseObject({ name: z.string() }),
});
const baseChanged = z.looseObject({ __typename: z.literal('BaseRefChangedEvent'), createdAt: z.string() });

export const pullFactsAnswer = z.looseObject({
  repository: z.looseObject({
    databaseId: z.int(),
    isArchived: z.boolean(),
    mergeCommitAllowed: z.boolean(),
    squashMergeAllowed: z.boolean(),
    rebaseMergeAllowed: z.boolean(),
    defaultBranchRef: z.looseObject({ name: z.string() }).nullable(),
    pullRequest: z.looseObject({
      id: z.string(),
      number: z.int(),
      title: z.string(),
      state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
      isDraft: z.boolean(),
      mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
      reviewDecision: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'REVIEW_REQUIRED']).nullable(),
      isInMergeQueue: z.boolean(),
      changedFiles: z.int(),
      additions: z.int(),
      deletions: z.int(),
      autoMergeRequest: z.unknown(),
      author: actor,
      baseRefName: z.string(),
      baseRef: base.nullable(),
      headRefName: z.string(),
      headRefOid: z.string(),
      headRepository: z.looseObject({ databaseId: z.int() }).nullable(),
      commits: z.looseObject({
        totalCount: z.int(),
        nodes: z.array(
          z.looseObject({
            commit: z.looseObject({ oid: z.string(), statusCheckRollup: z.looseObject({ contexts }).nullable() }),
          }),
        ),
      }),
      labels: z.looseObject({ pageInfo: more, nodes: z.array(z.looseObject({ name: z.string() })) }).nullable(),
      timelineItems: z.looseObject({
        nodes: z.array(z.discriminatedUnion('__typename', [labeled, baseChanged])),
      }),
      latestOpinionatedReviews: z
        .looseObject({
          pageInfo: more,
          nodes: z.array(
            z.looseObject({
              state: z.string(),
              submittedAt: z.string().nullable(),
              authorCanPushToRepository: z.boolean(),
              commit: z.looseObject({ oid: z.string() }).nullable(),
              author: actor,
            }),
          ),
        })
        .nullable(),
      reviewThreads: z.looseObject({ pageInfo: more, nodes: z.array(z.looseObject({ isResolved: z.boolean() })) }),
    }),
  }),
});
export type PullFactsAnswer = z.infer<typeof pullFactsAnswer>['repository'];

export const moreChecksAnswer = z.looseObject({
  repository: z.looseObject({
    object: z.looseObject({ statusCheckRollup: z.looseObject({ contexts }).nullish() }).nullable(),
  }),
});
