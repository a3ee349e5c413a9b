import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';
import { startCheckedDouble } from './checked-double.ts';

let double: Double;
let repo: RepoHandle;
let app: Client;
let base: string;

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({
    owner: 'acme',
    name: 'obs',
    collaborators: { author: 'write', reviewer: 'write', admin: 'admin', reader: 'read' },
  });
  const bot = double.app({
    slug: 'obsgate',
    permissions: { contents: 'write', pull_requests: 'write', administration: 'write' },
  });
  app = client(double.url, double.installationToken(double.install(bot, 'acme')));
  base = '/repos/acme/obs';
});
afterEach(() => double.close());

function as(login: string): Client {
  return client(double.url, double.token(login));
}

describe('a merge nothing stands against', () => {
  it('makes a merge commit with both parents and closes the pull request', async () => {
    const pull = await repo.pull({ files: { 'a.md': 'a\n' }, title: 'Add a' });
    const before = repo.tip('main');
    const { status, body } = await app('PUT', `${base}/pulls/${pull.number}/merge`, { sha: pull.headSha });
    expect({ status, body }).toEqual({
      status: 200,
      body: { sha: repo.tip('main'), merged: true, message: 'Pull Request successfully merged' },
    });
    const commit = await app('GET', `${base}/git/commits/${String(body['sha'])}`);
    expect(commit.body).toMatchObject({
      parents: [{ sha: before }, { sha: pull.headSha }],
      message: `Merge pull request #1 from acme/change-1\n\nAdd a`,
    });
    const after = await app('GET', `${base}/pulls/${pull.number}`);
    expect(after.body).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: body['sha'],
      merged_by: { login: 'obsgate[bot]' },
    });
  });

  it('squashes to one commit whose first parent is the base', async () => {
    const pull = await repo.pull({ files: { 'a.md': 'a\n' }, title: 'Add a' });
    await repo.pushTo(pull, { 'b.md': 'b\n' });
    const before = repo.tip('main');
    const { body } = await app('PUT', `${base}/pulls/${pull.number}/merge`, { merge_method: 'squash' });
    const commit = await app('GET', `${base}/git/commits/${String(body['sha'])}`);
    expect(commit.body).toMatchObject({
      parents: [{ sha: before }],
      message: 'Add a (#1)\n\n* Change a.md\n\n* Change b.md',
    });
    expect(repo.file('main', 'b.md')).toBe('b\n');
  });

  it('rebases each commit onto a base that moved', async () => {
    const pull = await repo.pull({ files: { 'a.md': 'a\n' } });
    await repo.pushTo(pull, { 'b.md': 'b\n' });
    const moved = await repo.push('main', { 'c.md': 'c\n' });
    const { body } = await app('PUT', `${base}/pulls/${pull.number}/merge`, { merge_method: 'rebase' });
    const tip = await app('GET', `${base}/git/commits/${String(body['sha'])}`);
    const first = await app('GET', `${base}/git/commits/${String((tip.body['parents'] as { sha: string }[])[0]?.sha)}`);
    expect(first.body).toMatchObject({ parents: [{ sha: moved }], author: { name: 'author' } });
    expect(['a.md', 'b.md', 'c.md'].map((path) => repo.file('main', path))).toEqual(['a\n', 'b\n', 'c\n']);
  });
});

describe('refusals of the merge', () => {
  async function refusal(number: number, body: Record<string, unknown> = {}, by = app): Promise<unknown> {
    const answer = await by('PUT', `${base}/pulls/${number}/merge`, body);
    return [answer.status, answer.body['message']];
  }

  it('says 409 when the head is not the one that was meant', async () => {
    const pull = await repo.pull();
    const meant = pull.headSha;
    await repo.pushTo(pull, { 'late.md': 'late\n' });
    expect(await refusal(pull.number, { sha: meant })).toEqual([
      409,
      'Head branch was modified. Review and try the merge again.',
    ]);
  });

  it('says 405 for a draft, a conflict, a closed pull request and a second merge', async () => {
    const draft = await repo.pull({ draft: true });
    expect(await refusal(draft.number)).toEqual([405, 'Pull Request is still a draft']);
    const conflict = await repo.pull({ files: { 'README.md': 'theirs\n' } });
    await repo.push('main', { 'README.md': 'ours\n' });
    expect(await refusal(conflict.number)).toEqual([405, 'Pull Request is not mergeable']);
    const closed = await repo.pull();
    await app('PATCH', `${base}/pulls/${closed.number}`, { state: 'closed' });
    expect(await refusal(closed.number)).toEqual([405, 'Pull Request is not mergeable']);
    const once = await repo.pull();
    await app('PUT', `${base}/pulls/${once.number}/merge`, {});
    expect(await refusal(once.number)).toEqual([405, 'Pull Request is not mergeable']);
  });

  it('says 405 for a method the repository does not allow', async () => {
    repo.state.settings.allowMergeCommit = false;
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([405, 'Merge commits are not allowed on this repository.']);
    expect(await refusal(pull.number, { merge_method: 'squash' })).toEqual([200, 'Pull Request successfully merged']);
  });

  it('says 403 to a reader and 404 to somebody who cannot see a private repository', async () => {
    const pull = await repo.pull();
    expect(await refusal(pull.number, {}, as('reader'))).toEqual([403, 'Must have write access to repository.']);
    double.seed({ owner: 'acme', name: 'secret', private: true });
    const answer = await as('reader')('GET', '/repos/acme/secret');
    expect(answer.status).toBe(404);
  });

  it('refuses workflow changes to a token without the workflows permission', async () => {
    const pull = await repo.pull({ files: { '.github/workflows/ci.yml': 'on: push\n' } });
    expect(await refusal(pull.number)).toEqual([
      403,
      'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
    ]);
    expect(repo.file('main', '.github/workflows/ci.yml')).toBeNull();
  });
});

describe('classic protection', () => {
  async function refusal(number: number, body: Record<string, unknown> = {}, by = app): Promise<unknown> {
    const answer = await by('PUT', `${base}/pulls/${number}/merge`, body);
    return [answer.status, answer.body['message']];
  }

  it('asks for reviews, then for checks, and then lets the merge through', async () => {
    repo.protect('main', { reviews: { count: 1 }, checks: ['ci'], enforceAdmins: true });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([
      405,
      'At least 1 approving review is required by reviewers with write access.',
    ]);
    repo.review(pull, { user: 'reader' });
    expect(await refusal(pull.number)).toEqual([
      405,
      'At least 1 approving review is required by reviewers with write access.',
    ]);
    repo.review(pull, { user: 'reviewer' });
    expect(await refusal(pull.number)).toEqual([405, 'Required status check "ci" is expected.']);
    repo.check(pull.headSha, 'ci', { conclusion: 'failure' });
    expect(await refusal(pull.number)).toEqual([405, 'Required status check "ci" is failing.']);
    repo.check(pull.headSha, 'ci');
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
  });

  it('counts a check only from the App it is bound to', async () => {
    repo.protect('main', { checks: [{ context: 'ci', appId: 42 }] });
    const pull = await repo.pull();
    repo.check(pull.headSha, 'ci');
    expect(await refusal(pull.number)).toEqual([405, 'Required status check "ci" is expected.']);
    repo.check(pull.headSha, 'ci', { appId: 42 });
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
  });

  it('waits for code owners and for somebody other than the last pusher', async () => {
    await repo.push('main', { '.github/CODEOWNERS': '*.yml @owner\n' });
    repo.state.collaborators.set('owner', 'write');
    repo.protect('main', { reviews: { count: 1, codeOwner: true, lastPush: true } });
    const pull = await repo.pull({ files: { 'rules.yml': 'groups: []\n' } });
    repo.review(pull, { user: 'reviewer' });
    expect(await refusal(pull.number)).toEqual([405, 'Waiting on code owner review from owner.']);
    await repo.pushTo(pull, { 'rules.yml': 'groups: [] \n' }, { by: 'owner' });
    repo.review(pull, { user: 'owner' });
    expect(await refusal(pull.number)).toEqual([
      405,
      'New changes require approval from someone other than the last pusher.',
    ]);
    repo.review(pull, { user: 'reviewer' });
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
  });

  it('drops approvals given before a push when the rule says so', async () => {
    repo.protect('main', { reviews: { count: 1, dismissStale: true } });
    const pull = await repo.pull();
    repo.review(pull, { user: 'reviewer' });
    await repo.pushTo(pull, { 'late.md': 'late\n' });
    expect(await refusal(pull.number)).toEqual([
      405,
      'At least 1 approving review is required by reviewers with write access.',
    ]);
  });

  it('lets the bypass list skip the review, and nothing else', async () => {
    repo.protect('main', { reviews: { count: 1, bypass: { apps: ['obsgate'] } }, checks: ['ci'] });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([405, 'Required status check "ci" is expected.']);
    repo.check(pull.headSha, 'ci');
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
  });

  it('binds administrators only when it says so, and Apps always', async () => {
    repo.protect('main', { reviews: { count: 1 } });
    const pull = await repo.pull();
    expect((await refusal(pull.number)) as unknown[]).toContain(405);
    expect(await refusal(pull.number, {}, as('admin'))).toEqual([200, 'Pull Request successfully merged']);
    repo.protect('main', { reviews: { count: 1 }, enforceAdmins: true });
    const second = await repo.pull();
    expect((await refusal(second.number, {}, as('admin'))) as unknown[]).toContain(405);
  });

  it('knows strict checks, linear history, signatures, locks, restrictions and open conversations', async () => {
    const pull = await repo.pull();
    repo.check(pull.headSha, 'ci');
    await repo.push('main', { 'moved.md': 'x\n' });
    repo.protect('main', { checks: ['ci'], strict: true });
    expect(await refusal(pull.number)).toEqual([409, 'Head branch is out of date. Review and try the merge again.']);
    repo.protect('main', { linearHistory: true });
    expect(await refusal(pull.number)).toEqual([405, 'This branch must not contain merge commits.']);
    repo.protect('main', { signatures: true });
    expect(await refusal(pull.number, { merge_method: 'rebase' })).toEqual([
      405,
      'Commits must have verified signatures.',
    ]);
    repo.protect('main', { lockBranch: true });
    expect(await refusal(pull.number)).toEqual([405, 'Cannot change this locked branch']);
    repo.protect('main', { restrictions: {} });
    expect((await refusal(pull.number)) as unknown[]).toContain(405);
    repo.protect('main', { conversationResolution: true });
    const thread = repo.thread(pull, { path: 'a.md', user: 'reviewer' });
    expect(await refusal(pull.number)).toEqual([
      405,
      'A conversation must be resolved before this pull request can be merged.',
    ]);
    thread.isResolved = true;
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
  });

  it('applies a wildcard rule to the branches it matches', async () => {
    repo.protect('release/*', { reviews: { count: 2 } });
    await repo.push('release/1', { 'x.md': 'x\n' });
    const pull = await repo.pull({ base: 'release/1' });
    expect(await refusal(pull.number)).toEqual([
      405,
      'At least 2 approving reviews are required by reviewers with write access.',
    ]);
  });
});

describe('rulesets', () => {
  async function refusal(number: number, body: Record<string, unknown> = {}, by = app): Promise<unknown> {
    const answer = await by('PUT', `${base}/pulls/${number}/merge`, body);
    return [answer.status, answer.body['message']];
  }
  const review = { type: 'pull_request', parameters: { required_approving_review_count: 1 } };
  const checks = { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'ci' }] } };

  it('lists every violation in one message', async () => {
    repo.ruleset({ rules: [review, checks] });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([
      405,
      'Repository rule violations found\n\nAt least 1 approving review is required by reviewers with write access.\n\nRequired status check "ci" is expected.\n\n',
    ]);
  });

  it('lets a bypass actor past the whole ruleset, required checks included, without being asked', async () => {
    const id = [...double.world.apps.values()].find(({ slug }) => slug === 'obsgate')?.id ?? 0;
    repo.ruleset({
      rules: [review, checks],
      bypassActors: [{ actor_id: id, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([200, 'Pull Request successfully merged']);
    expect(repo.state.ruleSuites.at(-1)).toMatchObject({ result: 'bypass', actor: 'obsgate[bot]' });
  });

  it('does not let the bypass of one ruleset help with another, as of the organization', async () => {
    const id = [...double.world.apps.values()].find(({ slug }) => slug === 'obsgate')?.id ?? 0;
    repo.ruleset({
      rules: [review],
      bypassActors: [{ actor_id: id, actor_type: 'Integration', bypass_mode: 'always' }],
    });
    double.orgRuleset('acme', { rules: [checks] });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([
      405,
      'Repository rule violations found\n\nRequired status check "ci" is expected.\n\n',
    ]);
  });

  it('ignores rulesets that only evaluate, and sends merge queues away', async () => {
    repo.ruleset({ rules: [review], enforcement: 'evaluate' });
    repo.ruleset({ rules: [{ type: 'merge_queue' }] });
    const pull = await repo.pull();
    expect(await refusal(pull.number)).toEqual([
      405,
      'Repository rule violations found\n\nChanges must be made through the merge queue\n\n',
    ]);
  });

  it('narrows the merge methods of a branch', async () => {
    repo.ruleset({
      rules: [
        { type: 'pull_request', parameters: { required_approving_review_count: 0, allowed_merge_methods: ['merge'] } },
      ],
    });
    const pull = await repo.pull();
    expect(await refusal(pull.number, { merge_method: 'squash' })).toEqual([
      405,
      'Squash merges are not allowed on this repository.',
    ]);
  });
});
