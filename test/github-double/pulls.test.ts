import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';

let double: Double;
let repo: RepoHandle;
let dev: Client;
const base = '/repos/acme/obs';

beforeEach(async () => {
  double = await startCheckedDouble({ pullFilesCap: 40 });
  repo = double.seed({
    owner: 'acme',
    name: 'obs',
    collaborators: { dev: 'write', author: 'write', triager: 'triage' },
  });
  dev = client(double.url, double.token('dev'));
});
afterEach(() => double.close());

function list(body: unknown): unknown[] {
  return Array.isArray(body) ? body : [];
}

describe('mergeable', () => {
  it('is null on the first read after head or base changed, and known afterwards', async () => {
    const pull = await repo.pull();
    const read = async (): Promise<unknown> => (await dev('GET', `${base}/pulls/${pull.number}`)).body['mergeable'];
    expect([await read(), await read()]).toEqual([null, true]);
    await repo.pushTo(pull, { 'README.md': 'theirs\n' });
    expect([await read(), await read()]).toEqual([null, true]);
    await repo.push('main', { 'README.md': 'ours\n' });
    expect([await read(), await read(), await read()]).toEqual([null, false, false]);
  });

  it('names the state for this viewer', async () => {
    const pull = await repo.pull();
    const state = async (): Promise<unknown> =>
      (await dev('GET', `${base}/pulls/${pull.number}`)).body['mergeable_state'];
    expect([await state(), await state()]).toEqual(['unknown', 'clean']);
    repo.check(pull.headSha, 'optional', { conclusion: 'failure' });
    expect(await state()).toBe('unstable');
    repo.protect('main', { reviews: { count: 1 } });
    expect(await state()).toBe('blocked');
  });
});

describe('files of a pull request', () => {
  it('come in pages with Link headers, at most as many as the cap', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 45 }, (_, at_) => [`f${String(at_).padStart(2, '0')}.md`, 'x\n']),
    );
    const pull = await repo.pull({ files });
    const first = await dev('GET', `${base}/pulls/${pull.number}/files`);
    expect(list(first.body)).toHaveLength(30);
    expect(first.headers.get('link')).toBe(
      `<${double.url}${base}/pulls/1/files?page=2>; rel="next", <${double.url}${base}/pulls/1/files?page=2>; rel="last"`,
    );
    const second = await dev('GET', `${base}/pulls/${pull.number}/files?page=2`);
    expect(list(second.body)).toHaveLength(10);
    expect(second.headers.get('link')).toContain('rel="prev"');
    expect((await dev('GET', `${base}/pulls/${pull.number}`)).body['changed_files']).toBe(45);
  });

  it('carry both names of a rename, and counts', async () => {
    await repo.push('main', { 'old.md': 'one\ntwo\nthree\nfour\n' });
    const pull = await repo.pull({ files: { 'old.md': null, 'dir/new.md': 'one\ntwo\nthree\nfive\n' } });
    const { body } = await dev('GET', `${base}/pulls/${pull.number}/files`);
    expect(body).toMatchObject([
      {
        filename: 'dir/new.md',
        previous_filename: 'old.md',
        status: 'renamed',
        additions: 1,
        deletions: 1,
        changes: 2,
        patch: '@@ -1,4 +1,4 @@\n one\n two\n three\n-four\n+five',
      },
    ]);
  });

  it('are those of the branch, not of what the base did meanwhile', async () => {
    const pull = await repo.pull({ files: { 'mine.md': 'x\n' } });
    await repo.push('main', { 'theirs.md': 'y\n' });
    const { body } = await dev('GET', `${base}/pulls/${pull.number}/files`);
    expect(list(body).map((file) => at(file, 'filename'))).toEqual(['mine.md']);
  });
});

describe('pull requests', () => {
  it('open from a fork, whose branch stays its own', async () => {
    const fork = double.seed({ owner: 'stranger', ownerType: 'User', name: 'obs', forkOf: 'acme/obs' });
    const pull = await repo.pull({ fromFork: 'stranger/obs', author: 'stranger', files: { 'x.md': 'x\n' } });
    const { body } = await dev('GET', `${base}/pulls/${pull.number}`);
    expect(body).toMatchObject({
      head: { label: `stranger:${pull.headRef}`, repo: { fork: true, full_name: 'stranger/obs' } },
      author_association: 'NONE',
    });
    expect(fork.tip(pull.headRef)).toBe(pull.headSha);
    expect(repo.tip(pull.headRef)).toBeNull();
    expect(repo.tip(`refs/pull/${pull.number}/head`)).toBe(pull.headSha);
  });

  it('are refused twice, without commits, or from nowhere', async () => {
    await repo.pull({ branch: 'topic' });
    const open = async (head: string): Promise<unknown> => {
      const { status, body } = await dev('POST', `${base}/pulls`, { title: 't', head, base: 'main' });
      return [status, at(body, 'errors', 0, 'message') ?? at(body, 'errors', 0, 'field')];
    };
    expect(await open('topic')).toEqual([422, 'A pull request already exists for acme:topic.']);
    expect(await open('main')).toEqual([422, 'No commits between main and main']);
    expect(await open('nowhere')).toEqual([422, 'head']);
  });

  it('close when their branch goes, and merge when their commits arrive on the base by themselves', async () => {
    const gone = await repo.pull();
    await dev('DELETE', `${base}/git/refs/heads/${gone.headRef}`);
    expect((await dev('GET', `${base}/pulls/${gone.number}`)).body).toMatchObject({ state: 'closed', merged: false });
    const pushed = await repo.pull();
    await dev('PATCH', `${base}/git/refs/heads/main`, { sha: pushed.headSha });
    expect((await dev('GET', `${base}/pulls/${pushed.number}`)).body).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'dev' },
    });
  });

  it('update their branch from the base, if the head is the expected one', async () => {
    const pull = await repo.pull();
    await repo.push('main', { 'new.md': 'x\n' });
    const wrong = await dev('PUT', `${base}/pulls/${pull.number}/update-branch`, {
      expected_head_sha: repo.tip('main'),
    });
    expect([wrong.status, wrong.body['message']]).toEqual([422, 'expected head sha didn’t match current head ref.']);
    const before = pull.headSha;
    expect((await dev('PUT', `${base}/pulls/${pull.number}/update-branch`, { expected_head_sha: before })).status).toBe(
      202,
    );
    const head = await dev('GET', `${base}/git/commits/${pull.headSha}`);
    expect(head.body['parents']).toMatchObject([{ sha: before }, { sha: repo.tip('main') }]);
    expect((await dev('PUT', `${base}/pulls/${pull.number}/update-branch`, {})).body['message']).toBe(
      'There are no new commits on the base branch.',
    );
  });

  it('filter by state, head and base', async () => {
    await repo.pull({ branch: 'a' });
    const second = await repo.pull({ branch: 'b' });
    await dev('PATCH', `${base}/pulls/${second.number}`, { state: 'closed' });
    const numbers = async (query: string): Promise<unknown[]> =>
      list((await dev('GET', `${base}/pulls?${query}`)).body).map((each) => at(each, 'number'));
    expect(await numbers('')).toEqual([1]);
    expect(await numbers('state=all')).toEqual([2, 1]);
    expect(await numbers('state=all&head=acme:b')).toEqual([2]);
    expect(await numbers('base=nothing')).toEqual([]);
  });

  it('merge asynchronously without bypass, and tell the result by uuid', async () => {
    repo.protect('main', { reviews: { count: 1 } });
    const pull = await repo.pull();
    const run = async (): Promise<unknown> => {
      const started = await dev('PUT', `${base}/pulls/${pull.number}/merge-async`, { sha: pull.headSha });
      const result = await dev(
        'GET',
        `${base}/pulls/${pull.number}/merge-async/${String(at(started.body, 'details', 'uuid'))}`,
      );
      return [started.status, started.body['status'], result.body['status']];
    };
    expect(await run()).toEqual([202, 'pending', 'failed']);
    repo.review(pull, { user: 'dev' });
    expect(await run()).toEqual([202, 'pending', 'merged']);
  });
});

describe('reviews', () => {
  it('are counted, dismissed, and not possible on one’s own pull request', async () => {
    const pull = await repo.pull({ author: 'author' });
    const author = client(double.url, double.token('author'));
    const own = await author('POST', `${base}/pulls/${pull.number}/reviews`, { event: 'APPROVE' });
    expect([own.status, own.body['errors']]).toEqual([422, ['Review Can not approve your own pull request']]);
    const made = await dev('POST', `${base}/pulls/${pull.number}/reviews`, { event: 'APPROVE', body: 'ok' });
    expect(made.body).toMatchObject({ state: 'APPROVED', commit_id: pull.headSha, user: { login: 'dev' } });
    const id = String(made.body['id']);
    const dismissed = await dev('PUT', `${base}/pulls/${pull.number}/reviews/${id}/dismissals`, { message: 'no' });
    expect(dismissed.body['state']).toBe('DISMISSED');
  });
});

describe('labels and comments', () => {
  it('record who labelled when, so that a label can be older than a push', async () => {
    const pull = await repo.pull();
    repo.label(pull, 'change:safe', 'triager');
    double.clock.advance(60);
    await repo.pushTo(pull, { 'late.md': 'late\n' });
    const events = await dev('GET', `${base}/issues/${pull.number}/events`);
    const labelled = list(events.body).find((each) => at(each, 'event') === 'labeled');
    expect(labelled).toMatchObject({ actor: { login: 'triager' }, label: { name: 'change:safe' } });
    expect(String(at(labelled, 'created_at')) < String(pull.pushes.at(-1)?.at)).toBe(true);
    const timeline = await dev('GET', `${base}/issues/${pull.number}/timeline`);
    expect(list(timeline.body).map((each) => at(each, 'event'))).toContain('labeled');
  });

  it('add, replace and remove labels by name', async () => {
    const pull = await repo.pull();
    const on = `${base}/issues/${pull.number}/labels`;
    const names = (body: unknown): unknown[] => list(body).map((each) => at(each, 'name'));
    expect(names((await dev('POST', on, { labels: ['a', 'b'] })).body)).toEqual(['a', 'b']);
    expect(names((await dev('PUT', on, { labels: ['b', 'c'] })).body)).toEqual(['b', 'c']);
    expect(names((await dev('DELETE', `${on}/b`)).body)).toEqual(['c']);
    const missing = await dev('DELETE', `${on}/b`);
    expect([missing.status, missing.body['message']]).toEqual([404, 'Label does not exist']);
  });

  it('show that a comment was edited, and refuse one that is too long', async () => {
    const pull = await repo.pull();
    const made = await dev('POST', `${base}/issues/${pull.number}/comments`, { body: '/auto-merge' });
    expect(made.body['created_at']).toBe(made.body['updated_at']);
    double.clock.advance(10);
    const edited = await dev('PATCH', `${base}/issues/comments/${String(made.body['id'])}`, { body: 'changed' });
    expect(edited.body['created_at']).not.toBe(edited.body['updated_at']);
    expect((await dev('POST', `${base}/issues/${pull.number}/comments`, { body: 'x'.repeat(65_537) })).status).toBe(
      422,
    );
  });

  it('lets triage label and not push', async () => {
    const pull = await repo.pull();
    const triager = client(double.url, double.token('triager'));
    expect((await triager('POST', `${base}/issues/${pull.number}/labels`, { labels: ['x'] })).status).toBe(200);
    expect((await triager('PUT', `${base}/pulls/${pull.number}/merge`, {})).status).toBe(403);
    const role = await dev('GET', `${base}/collaborators/triager/permission`);
    expect(role.body).toMatchObject({ permission: 'read', role_name: 'triage' });
  });
});
