import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';

let double: Double;
let repo: RepoHandle;
let token: string;
const ZERO = '0'.repeat(40);

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { admin: 'admin', dev: 'write' } });
  token = double.token('admin');
});
afterEach(() => double.close());

async function ask(query: string, variables: Record<string, unknown> = {}, by = token): Promise<unknown> {
  return (await client(double.url, by)('POST', '/graphql', { query, variables })).body;
}

async function repositoryId(): Promise<unknown> {
  return at(await ask('{ repository(owner: "acme", name: "obs") { id } }'), 'data', 'repository', 'id');
}

describe('wildcard rules', () => {
  const find = `query ($ref: String!) { repository(owner: "acme", name: "obs") { ref(qualifiedName: $ref) { branchProtectionRule {
    id pattern requiredApprovingReviewCount requiresStrictStatusChecks requiredStatusChecks { context app { slug } }
    bypassPullRequestAllowances(first: 10) { nodes { actor { ... on App { slug } } } } } } } }`;
  const update = `mutation ($input: UpdateBranchProtectionRuleInput!) { updateBranchProtectionRule(input: $input) { branchProtectionRule { pattern } } }`;

  it('are found through the ref, and changed field by field', async () => {
    repo.protect('release/*', {
      reviews: { count: 2, codeOwner: true, dismissStale: true },
      checks: [{ context: 'ci', appId: 15_368 }],
      strict: true,
    });
    await repo.push('release/1', { 'x.md': 'x' });
    const rule = at(
      await ask(find, { ref: 'refs/heads/release/1' }),
      'data',
      'repository',
      'ref',
      'branchProtectionRule',
    );
    expect(rule).toMatchObject({
      pattern: 'release/*',
      requiredApprovingReviewCount: 2,
      requiresStrictStatusChecks: true,
      requiredStatusChecks: [{ context: 'ci', app: { slug: 'github-actions' } }],
    });
    const app = double.app({ slug: 'obsgate' });
    const appId = Buffer.from(String(app.id)).toString('base64url');
    const input = { branchProtectionRuleId: at(rule, 'id'), bypassPullRequestActorIds: [`A_${appId}`] };
    expect(at(await ask(update, { input }), 'errors')).toBeUndefined();
    expect(repo.state.classicRules).toMatchObject([
      {
        pattern: 'release/*',
        reviews: { count: 2, codeOwner: true, dismissStale: true, bypass: { apps: ['obsgate'] } },
      },
    ]);
    await ask(update, { input: { branchProtectionRuleId: at(rule, 'id'), bypassPullRequestActorIds: [] } });
    expect(repo.state.classicRules[0]?.reviews?.bypass).toBeNull();
  });

  it('are created, listed and deleted', async () => {
    const create = `mutation ($input: CreateBranchProtectionRuleInput!) { createBranchProtectionRule(input: $input) { branchProtectionRule { id requiresApprovingReviews requiresCommitSignatures } } }`;
    const input = {
      repositoryId: await repositoryId(),
      pattern: 'hotfix/*',
      requiresApprovingReviews: true,
      requiresCommitSignatures: true,
    };
    const made = at(await ask(create, { input }), 'data', 'createBranchProtectionRule', 'branchProtectionRule');
    expect(made).toMatchObject({ requiresApprovingReviews: true, requiresCommitSignatures: true });
    expect(at(await ask(create, { input }), 'errors', 0, 'type')).toBe('UNPROCESSABLE');
    const list =
      '{ repository(owner: "acme", name: "obs") { branchProtectionRules(first: 10) { totalCount nodes { pattern matchingRefs(first: 5) { totalCount } } } } }';
    expect(await ask(list)).toMatchObject({
      data: {
        repository: {
          branchProtectionRules: { totalCount: 1, nodes: [{ pattern: 'hotfix/*', matchingRefs: { totalCount: 0 } }] },
        },
      },
    });
    const remove =
      'mutation ($input: DeleteBranchProtectionRuleInput!) { deleteBranchProtectionRule(input: $input) { clientMutationId } }';
    await ask(remove, { input: { branchProtectionRuleId: at(made, 'id') } });
    expect(repo.state.classicRules).toEqual([]);
  });

  it('are hidden from a person without the admin role, and forbidden to an App without the permission', async () => {
    repo.protect('main', { reviews: { count: 1 } });
    const seen = await ask(find, { ref: 'refs/heads/main' }, double.token('dev'));
    expect(at(seen, 'data', 'repository', 'ref', 'branchProtectionRule')).toBeNull();
    const refused = await ask(find, { ref: 'refs/heads/main' }, repo.actionsToken({ contents: 'write' }));
    expect(at(refused, 'errors', 0)).toMatchObject({
      type: 'FORBIDDEN',
      message: 'Resource not accessible by integration',
    });
  });
});

describe('updateRefs', () => {
  const query = 'mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }';

  it('compares before it swaps, and does all or nothing', async () => {
    const main = repo.tip('main') ?? '';
    const lease = 'refs/obsgate/lease/main';
    const run = async (refUpdates: object[]): Promise<unknown> =>
      at(await ask(query, { input: { repositoryId: await repositoryId(), refUpdates } }), 'errors', 0, 'type');
    expect(await run([{ name: lease, beforeOid: ZERO, afterOid: main }])).toBeUndefined();
    expect(await run([{ name: lease, beforeOid: ZERO, afterOid: main }])).toBe('STALE_DATA');
    const next = await repo.push('topic', { 'a.md': 'a' });
    expect(
      await run([
        { name: 'refs/heads/new', beforeOid: ZERO, afterOid: next },
        { name: lease, beforeOid: next, afterOid: ZERO },
      ]),
    ).toBe('STALE_DATA');
    expect(repo.tip('new')).toBeNull();
    expect(await run([{ name: lease, beforeOid: main, afterOid: ZERO }])).toBeUndefined();
    expect(repo.tip(lease)).toBeNull();
  });

  it('is bound by protection like any push', async () => {
    repo.protect('main', { reviews: { count: 1 }, enforceAdmins: true });
    const next = await repo.push('topic', { 'a.md': 'a' });
    const input = { repositoryId: await repositoryId(), refUpdates: [{ name: 'refs/heads/main', afterOid: next }] };
    expect(at(await ask(query, { input }), 'errors', 0, 'message')).toBe(
      'Changes must be made through a pull request.',
    );
  });
});

describe('revertPullRequest', () => {
  const query = `mutation ($input: RevertPullRequestInput!) { revertPullRequest(input: $input) {
    revertPullRequest { number title body headRefName headRefOid baseRefName state } } }`;
  const base = '/repos/acme/obs';

  async function merged(files: Record<string, string>, method: string): Promise<unknown> {
    const pull = await repo.pull({ files, title: 'Add a' });
    await client(double.url, token)('PUT', `${base}/pulls/${pull.number}/merge`, { merge_method: method });
    return at(await client(double.url, token)('GET', `${base}/pulls/${pull.number}`), 'body', 'node_id');
  }

  it.each(['merge', 'squash', 'rebase'])('takes a %s back to the tree before it', async (method) => {
    const before = repo.tip('main') ?? '';
    const id = await merged({ 'a.md': 'a\n', 'README.md': 'changed\n' }, method);
    const made = at(
      await ask(query, { input: { pullRequestId: id } }),
      'data',
      'revertPullRequest',
      'revertPullRequest',
    );
    expect(made).toMatchObject({
      title: 'Revert "Add a"',
      body: 'Reverts acme/obs#1',
      headRefName: 'revert-1-change-1',
      baseRefName: 'main',
      state: 'OPEN',
    });
    const tree = async (sha: unknown): Promise<unknown> =>
      at((await client(double.url, token)('GET', `${base}/git/commits/${String(sha)}`)).body, 'tree', 'sha');
    expect(await tree(at(made, 'headRefOid'))).toBe(await tree(before));
  });

  it('fails on a conflict, on what is not merged, and on what was not merged through GitHub', async () => {
    const id = await merged({ 'README.md': 'changed\n' }, 'squash');
    await repo.push('main', { 'README.md': 'changed again\n' });
    expect(at(await ask(query, { input: { pullRequestId: id } }), 'errors', 0, 'type')).toBe('UNPROCESSABLE');
    const open = await repo.pull({ files: { 'b.md': 'b\n' } });
    const openId = at(await client(double.url, token)('GET', `${base}/pulls/${open.number}`), 'body', 'node_id');
    expect(at(await ask(query, { input: { pullRequestId: openId } }), 'errors', 0, 'type')).toBe('UNPROCESSABLE');
    await client(double.url, token)('POST', `${base}/merges`, { base: 'main', head: open.headRef });
    expect((await client(double.url, token)('GET', `${base}/pulls/${open.number}`)).body['merged']).toBe(true);
    expect(at(await ask(query, { input: { pullRequestId: openId } }), 'errors', 0, 'message')).toContain(
      'not merged through GitHub',
    );
  });
});

describe('queries', () => {
  it('tell reviews, threads, checks and events of a pull request', async () => {
    repo.protect('main', { reviews: { count: 1 } });
    const pull = await repo.pull({ labels: ['change:safe'] });
    const thread = repo.thread(pull, { path: 'a.md', user: 'dev' });
    repo.check(pull.headSha, 'ci', { workflow: { path: '.github/workflows/ci.yml', event: 'pull_request' } });
    const query = `query ($n: Int!) { repository(owner: "acme", name: "obs") { pullRequest(number: $n) {
      reviewDecision headRefOid mergeable isDraft labels(first: 5) { nodes { name } }
      reviewThreads(first: 50) { pageInfo { hasNextPage } nodes { id isResolved path } }
      commits(last: 1) { nodes { commit { oid statusCheckRollup { state contexts(first: 10) { nodes { __typename
        ... on CheckRun { name conclusion checkSuite { app { databaseId } workflowRun { event file { path } } } } } } } } } }
      timelineItems(first: 5, itemTypes: [LABELED_EVENT]) { nodes { __typename ... on LabeledEvent { createdAt actor { login } label { name } } } } } } }`;
    const answer = at(await ask(query, { n: pull.number }), 'data', 'repository', 'pullRequest');
    expect(answer).toMatchObject({
      reviewDecision: 'REVIEW_REQUIRED',
      mergeable: 'UNKNOWN',
      labels: { nodes: [{ name: 'change:safe' }] },
      reviewThreads: { pageInfo: { hasNextPage: false }, nodes: [{ isResolved: false, path: 'a.md' }] },
      commits: {
        nodes: [
          {
            commit: {
              oid: pull.headSha,
              statusCheckRollup: {
                state: 'SUCCESS',
                contexts: {
                  nodes: [
                    {
                      name: 'ci',
                      conclusion: 'SUCCESS',
                      checkSuite: {
                        workflowRun: { event: 'pull_request', file: { path: '.github/workflows/ci.yml' } },
                      },
                    },
                  ],
                },
              },
            },
          },
        ],
      },
      timelineItems: { nodes: [{ actor: { login: 'author' }, label: { name: 'change:safe' } }] },
    });
    repo.review(pull, { user: 'dev' });
    const resolve =
      'mutation ($input: ResolveReviewThreadInput!) { resolveReviewThread(input: $input) { thread { isResolved } } }';
    await ask(resolve, { input: { threadId: at(answer, 'reviewThreads', 'nodes', 0, 'id') } });
    expect(thread.isResolved).toBe(true);
    expect(at(await ask(query, { n: pull.number }), 'data', 'repository', 'pullRequest')).toMatchObject({
      reviewDecision: 'APPROVED',
      mergeable: 'MERGEABLE',
    });
  });

  it('agree with themselves about a mergeability that is not known yet', async () => {
    const { number } = await repo.pull();
    const query = `query ($n: Int!) { repository(owner: "acme", name: "obs") { pullRequest(number: $n) { changedFiles mergeable mergeStateStatus } } }`;
    const read = async (): Promise<unknown> => at(await ask(query, { n: number }), 'data', 'repository', 'pullRequest');
    expect(await read()).toEqual({ changedFiles: 1, mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN' });
    expect(await read()).toEqual({ changedFiles: 1, mergeable: 'MERGEABLE', mergeStateStatus: 'CLEAN' });
  });

  it('read files and refs by expression', async () => {
    await repo.push('main', { 'rules/a.yml': 'groups: []\n' });
    const query = `{ repository(owner: "acme", name: "obs") {
      file: object(expression: "main:rules/a.yml") { __typename ... on Blob { text byteSize } }
      none: object(expression: "main:nothing") { oid }
      refs(refPrefix: "refs/heads/", first: 10) { nodes { name target { oid } } } } }`;
    expect(at(await ask(query), 'data', 'repository')).toEqual({
      file: { __typename: 'Blob', text: 'groups: []\n', byteSize: 11 },
      none: null,
      refs: { nodes: [{ name: 'main', target: { oid: repo.tip('main') } }] },
    });
  });

  it('say what is not there, and what is not modelled, instead of a quiet null', async () => {
    expect(at(await ask('{ repository(owner: "acme", name: "nothing") { id } }'), 'errors', 0)).toMatchObject({
      type: 'NOT_FOUND',
      path: ['repository'],
    });
    const stars = await ask('{ repository(owner: "acme", name: "obs") { homepageUrl } }');
    expect(at(stars, 'errors', 0, 'message')).toBe('The double does not model Repository.homepageUrl');
  });
});
