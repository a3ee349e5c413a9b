import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { at, client } from './client.ts';
import { git } from './git/cli.ts';
import type { Double, RepoHandle } from './index.ts';

let double: Double;
let repo: RepoHandle;
let app: Client;
const base = '/repos/acme/obs';

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { dev: 'write', admin: 'admin' } });
  const bot = double.app({ slug: 'obsgate', permissions: { contents: 'write', pull_requests: 'write' } });
  app = client(double.url, double.installationToken(double.install(bot, 'acme')));
});
afterEach(() => double.close());

function tip(): string {
  return repo.tip('main') ?? '';
}

async function newCommit(message: string, parents: string[]): Promise<string> {
  const parent = await app('GET', `${base}/git/commits/${parents[0] ?? tip()}`);
  const made = await app('POST', `${base}/git/commits`, { message, tree: at(parent.body, 'tree', 'sha'), parents });
  return String(made.body['sha']);
}

describe('refs', () => {
  it('lets exactly one of many create the same ref', async () => {
    const claim = { ref: 'refs/obsgate/lease/main', sha: tip() };
    const answers = await Promise.all(Array.from({ length: 6 }, () => app('POST', `${base}/git/refs`, claim)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422, 422, 422]);
    const lost = answers.find(({ status }) => status === 422);
    expect(lost?.body['message']).toBe('Reference already exists');
    expect(repo.tip('refs/obsgate/lease/main')).toBe(tip());
  });

  it('moves a ref forward only, unless forced', async () => {
    const first = await newCommit('one', [tip()]);
    const second = await newCommit('two', [tip()]);
    await app('POST', `${base}/git/refs`, { ref: 'refs/heads/ledger', sha: first });
    const back = await app('PATCH', `${base}/git/refs/heads/ledger`, { sha: second, force: false });
    expect([back.status, back.body['message']]).toEqual([422, 'Update is not a fast forward']);
    const next = await newCommit('three', [first]);
    expect((await app('PATCH', `${base}/git/refs/heads/ledger`, { sha: next })).status).toBe(200);
    expect((await app('PATCH', `${base}/git/refs/heads/ledger`, { sha: second, force: true })).status).toBe(200);
    expect(repo.tip('ledger')).toBe(second);
  });

  it('deletes a ref once', async () => {
    await app('POST', `${base}/git/refs`, { ref: 'refs/obsgate/lease/main', sha: tip() });
    expect((await app('DELETE', `${base}/git/refs/obsgate/lease/main`)).status).toBe(204);
    const again = await app('DELETE', `${base}/git/refs/obsgate/lease/main`);
    expect([again.status, again.body['message']]).toEqual([422, 'Reference does not exist']);
    expect((await app('GET', `${base}/git/ref/obsgate/lease/main`)).status).toBe(404);
    expect((await app('POST', `${base}/git/refs`, { ref: 'refs/obsgate/lease', sha: tip() })).status).toBe(201);
  });

  it('refuses names that git refuses, and objects that are not there', async () => {
    const create = async (ref: string, sha = tip()): Promise<number> =>
      (await app('POST', `${base}/git/refs`, { ref, sha })).status;
    expect(await create('heads/main')).toBe(422);
    expect(await create('refs/heads/a..b')).toBe(422);
    expect(await create('refs/heads/x', '0123456789012345678901234567890123456789')).toBe(422);
    expect(await create('refs/heads/$(touch x) "q"')).toBe(422);
    expect(await create('refs/heads/$(touch-x)"q"ü𝄞')).toBe(201);
    const read = await app('GET', `${base}/git/ref/heads/${encodeURIComponent('$(touch-x)"q"ü𝄞')}`);
    expect(read.body['ref']).toBe('refs/heads/$(touch-x)"q"ü𝄞');
  });

  it('is a real repository that git itself can read and push to', async () => {
    await repo.push('topic', { 'dir/file.txt': 'text\n' });
    const listed = await git(repo.gitDir, ['ls-tree', '-r', '--name-only', 'refs/heads/topic']);
    expect(listed.stdout.toString()).toBe('README.md\ndir/file.txt\n');
    expect((await git(repo.gitDir, ['fsck', '--strict', '--no-dangling'])).code).toBe(0);
    await git(repo.gitDir, ['update-ref', 'refs/heads/by-git', tip()]);
    await git(repo.gitDir, ['pack-refs', '--all']);
    await git(repo.gitDir, ['repack', '-adq']);
    expect((await app('GET', `${base}/git/ref/heads/by-git`)).status).toBe(200);
    expect((await app('DELETE', `${base}/git/refs/heads/by-git`)).status).toBe(204);
    expect((await app('GET', `${base}/git/ref/heads/by-git`)).status).toBe(404);
  });
});

describe('protected refs', () => {
  it('sends direct pushes to a pull request, whichever way they come', async () => {
    repo.protect('main', { reviews: { count: 1 } });
    const sha = await newCommit('direct', [tip()]);
    const patched = await app('PATCH', `${base}/git/refs/heads/main`, { sha });
    expect([patched.status, patched.body['message']]).toEqual([422, 'Changes must be made through a pull request.']);
    const file = { message: 'direct', content: Buffer.from('x').toString('base64') };
    const put = await app('PUT', `${base}/contents/direct.md`, file);
    expect([put.status, put.body['message']]).toEqual([
      409,
      'Could not create file: Changes must be made through a pull request.',
    ]);
    repo.state.classicRules = [];
    repo.ruleset({ rules: [{ type: 'pull_request' }] });
    const ruled = await app('PUT', `${base}/contents/direct.md`, file);
    expect([ruled.status, ruled.body['message']]).toEqual([
      409,
      'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
    ]);
    expect(repo.file('main', 'direct.md')).toBeNull();
  });

  it('protects against force pushes and deletion by either kind of rule', async () => {
    await repo.push('keep', { 'a.md': 'a' });
    repo.protect('keep', {});
    const sha = await newCommit('other', [tip()]);
    expect((await app('PATCH', `${base}/git/refs/heads/keep`, { sha, force: true })).body['message']).toBe(
      'Cannot force-push to this branch',
    );
    expect((await app('DELETE', `${base}/git/refs/heads/keep`)).body['message']).toBe('Cannot delete this branch');
    repo.state.classicRules = [];
    repo.ruleset({ include: ['refs/heads/keep'], rules: [{ type: 'non_fast_forward' }, { type: 'deletion' }] });
    expect((await app('PATCH', `${base}/git/refs/heads/keep`, { sha, force: true })).body['message']).toContain(
      'Cannot force-push to this branch',
    );
    expect((await app('DELETE', `${base}/git/refs/heads/keep`)).status).toBe(422);
  });

  it('does not let a bypass for pull requests help with a push', async () => {
    const id = [...double.world.apps.values()].find(({ slug }) => slug === 'obsgate')?.id ?? 0;
    const ruleset = repo.ruleset({
      rules: [{ type: 'pull_request' }],
      bypassActors: [{ actor_id: id, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    });
    const sha = await newCommit('direct', [tip()]);
    expect((await app('PATCH', `${base}/git/refs/heads/main`, { sha })).status).toBe(422);
    ruleset.bypassActors = [{ actor_id: id, actor_type: 'Integration', bypass_mode: 'always' }];
    expect((await app('PATCH', `${base}/git/refs/heads/main`, { sha })).status).toBe(200);
    const admin = client(double.url, double.token('admin'));
    const suites = await admin('GET', `${base}/rulesets/rule-suites?ref=main`);
    expect(at(suites.body, 0, 'result')).toBe('bypass');
    expect(at(suites.body, 1, 'result')).toBe('fail');
    const activity = await admin('GET', `${base}/activity?ref=main`);
    expect(at(activity.body, 0)).toMatchObject({ activity_type: 'push', actor: { login: 'obsgate[bot]' }, after: sha });
  });
});

describe('git data and contents', () => {
  it('builds trees over a base, replaces and deletes entries', async () => {
    const blob = await app('POST', `${base}/git/blobs`, {
      content: Buffer.from([0, 255]).toString('base64'),
      encoding: 'base64',
    });
    const main = await app('GET', `${base}/git/commits/${tip()}`);
    const tree = await app('POST', `${base}/git/trees`, {
      base_tree: at(main.body, 'tree', 'sha'),
      tree: [
        { path: 'bin/x', mode: '100755', type: 'blob', sha: blob.body['sha'] },
        { path: 'link', mode: '120000', type: 'blob', content: 'README.md' },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      ],
    });
    const read = await app('GET', `${base}/git/trees/${String(tree.body['sha'])}?recursive=1`);
    const entries = read.body['tree'];
    expect(
      Array.isArray(entries) ? entries.map((each: unknown) => [at(each, 'mode'), at(each, 'path')]) : null,
    ).toEqual([
      ['040000', 'bin'],
      ['100755', 'bin/x'],
      ['120000', 'link'],
    ]);
  });

  it('signs what an App commits in its own name, and nothing else', async () => {
    const own = await newCommit('own', [tip()]);
    const verified = async (sha: string): Promise<unknown> =>
      at((await app('GET', `${base}/git/commits/${sha}`)).body, 'verification', 'verified');
    expect(await verified(own)).toBe(true);
    const tree = at((await app('GET', `${base}/git/commits/${own}`)).body, 'tree', 'sha');
    const other = await app('POST', `${base}/git/commits`, {
      message: 'm',
      tree,
      parents: [own],
      author: { name: 'a', email: 'a@b.c' },
    });
    expect(await verified(String(other.body['sha']))).toBe(false);
  });

  it('writes files only over the version the caller has seen', async () => {
    const content = (text: string): string => Buffer.from(text).toString('base64');
    const made = await app('PUT', `${base}/contents/a/b.md`, { message: 'm', content: content('1') });
    expect(made.status).toBe(201);
    const sha = at(made.body, 'content', 'sha');
    const blind = await app('PUT', `${base}/contents/a/b.md`, { message: 'm', content: content('2') });
    expect([blind.status, blind.body['message']]).toEqual([422, 'Invalid request.\n\n"sha" wasn\'t supplied.']);
    expect((await app('PUT', `${base}/contents/a/b.md`, { message: 'm', content: content('2'), sha })).status).toBe(
      200,
    );
    const stale = await app('PUT', `${base}/contents/a/b.md`, { message: 'm', content: content('3'), sha });
    expect([stale.status, stale.body['message']]).toEqual([409, `a/b.md does not match ${String(sha)}`]);
    expect(repo.file('main', 'a/b.md')).toBe('2');
  });

  it('tells symlinks and submodules apart from files', async () => {
    await repo.push('main', {
      link: { mode: '120000', content: '/etc/passwd' },
      sub: { mode: '160000', content: tip() },
    });
    expect((await app('GET', `${base}/contents/link`)).body).toMatchObject({ type: 'symlink', target: '/etc/passwd' });
    expect((await app('GET', `${base}/contents/sub`)).body).toMatchObject({ type: 'submodule' });
  });

  it('compares two sides with their merge base', async () => {
    const start = tip();
    await repo.push('topic', { 'b.md': 'b\n' });
    await repo.push('main', { 'c.md': 'c\n' });
    const { body } = await app('GET', `${base}/compare/main...topic`);
    expect(body).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      merge_base_commit: { sha: start },
      files: [{ filename: 'b.md', status: 'added', additions: 1 }],
    });
  });
});
