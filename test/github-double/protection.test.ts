import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';

let double: Double;
let repo: RepoHandle;
let admin: Client;
const base = '/repos/acme/obs';
const url = `${base}/branches/main/protection`;
const open = {
  required_status_checks: null,
  enforce_admins: false,
  required_pull_request_reviews: null,
  restrictions: null,
};

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { admin: 'admin', dev: 'write' } });
  admin = client(double.url, double.token('admin'));
});
afterEach(() => double.close());

describe('who may see protection', () => {
  it('shows 404 both for an open branch and to a person who may not look, told apart by the branch itself', async () => {
    const none = await admin('GET', url);
    expect([none.status, none.body['message']]).toEqual([404, 'Branch not protected']);
    repo.protect('main', { reviews: { count: 1 } });
    const dev = client(double.url, double.token('dev'));
    const hidden = await dev('GET', url);
    expect([hidden.status, hidden.body['message']]).toEqual([404, 'Not Found']);
    expect((await dev('GET', `${base}/branches/main`)).body['protected']).toBe(true);
  });

  it('tells an App that lacks the permission so, and GITHUB_TOKEN always lacks it', async () => {
    repo.protect('main');
    const token = client(double.url, repo.actionsToken({ contents: 'write', pull_requests: 'write' }));
    const answer = await token('GET', url);
    expect([answer.status, answer.body['message']]).toEqual([403, 'Resource not accessible by integration']);
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('administration=read');
  });

  it('says 404 to the classic question on a branch that only a ruleset protects', async () => {
    repo.ruleset({ rules: [{ type: 'deletion' }] });
    expect((await admin('GET', url)).status).toBe(404);
    expect((await admin('GET', `${base}/branches/main`)).body['protected']).toBe(true);
  });
});

describe('PUT of protection', () => {
  it('is a full replacement: what is left out is off, signatures stay', async () => {
    await admin('PUT', url, { ...open, required_linear_history: true, lock_branch: true });
    await admin('POST', `${url}/required_signatures`);
    await admin('PUT', url, open);
    expect((await admin('GET', url)).body).toMatchObject({
      required_linear_history: { enabled: false },
      lock_branch: { enabled: false },
      required_signatures: { enabled: true },
    });
  });

  it('turns a body of GET that is sent back into something weaker', async () => {
    repo.protect('main', { reviews: { count: 2, codeOwner: true }, checks: ['ci'], enforceAdmins: true });
    const { body } = await admin('GET', url);
    const back = await admin('PUT', url, {
      ...body,
      enforce_admins: at(body, 'enforce_admins', 'enabled'),
      restrictions: null,
    });
    expect(back.status).toBe(422);
  });

  it('wants its four required keys, and only one of contexts and checks', async () => {
    const { enforce_admins: _left, ...rest } = open;
    expect((await admin('PUT', url, rest)).status).toBe(422);
    const both = { strict: true, contexts: ['a'], checks: [{ context: 'a' }] };
    expect((await admin('PUT', url, { ...open, required_status_checks: both })).status).toBe(422);
  });

  it('keeps the App of a check: -1 is any, left out is whoever reported last, and GET says null for any', async () => {
    repo.check(repo.tip('main') ?? '', 'known');
    const checks = [
      { context: 'any', app_id: -1 },
      { context: 'bound', app_id: 42 },
      { context: 'known' },
      { context: 'unknown' },
    ];
    const { body } = await admin('PUT', url, { ...open, required_status_checks: { strict: true, checks } });
    expect(at(body, 'required_status_checks', 'checks')).toEqual([
      { context: 'any', app_id: null },
      { context: 'bound', app_id: 42 },
      { context: 'known', app_id: 15_368 },
      { context: 'unknown', app_id: null },
    ]);
  });

  it('knows an absent, an empty and a filled list of people', async () => {
    double.team('acme', 'sre', ['dev']);
    const reviews = (extra: object): object => ({
      ...open,
      required_pull_request_reviews: { required_approving_review_count: 1, ...extra },
    });
    const put = async (extra: object): Promise<unknown> =>
      at((await admin('PUT', url, reviews(extra))).body, 'required_pull_request_reviews');
    expect(await put({})).not.toHaveProperty('dismissal_restrictions');
    expect(await put({ dismissal_restrictions: { users: [], teams: ['sre'] } })).toMatchObject({
      dismissal_restrictions: { teams: [{ slug: 'sre' }], users: [] },
    });
    expect(await put({ dismissal_restrictions: {} })).not.toHaveProperty('dismissal_restrictions');
    expect((await admin('PUT', url, reviews({ dismissal_restrictions: null }))).status).toBe(422);
    const nobody = await admin('PUT', url, { ...open, restrictions: { users: [], teams: [] } });
    expect(nobody.body).toMatchObject({ restrictions: { users: [], teams: [], apps: [] } });
    expect((await admin('PUT', url, open)).body).not.toHaveProperty('restrictions');
  });

  it('refuses lists of people on a repository that belongs to a person', async () => {
    double.seed({ owner: 'solo', ownerType: 'User', name: 'own' });
    const solo = client(double.url, double.token('solo'));
    const put = (extra: object): Promise<{ status: number }> =>
      solo('PUT', '/repos/solo/own/branches/main/protection', {
        ...open,
        required_pull_request_reviews: { required_approving_review_count: 1, ...extra },
      });
    expect((await put({})).status).toBe(200);
    expect((await put({ dismissal_restrictions: {} })).status).toBe(422);
    expect((await put({ bypass_pull_request_allowances: { users: ['solo'] } })).status).toBe(422);
  });

  it('shadows a wildcard rule with an exact one', async () => {
    repo.protect('release/*', { reviews: { count: 2 } });
    await repo.push('release/1', { 'x.md': 'x' });
    const branch = `${base}/branches/release%2F1/protection`;
    expect(
      at((await admin('GET', branch)).body, 'required_pull_request_reviews', 'required_approving_review_count'),
    ).toBe(2);
    await admin('PUT', branch, open);
    expect(repo.state.classicRules.map(({ pattern }) => pattern)).toEqual(['release/*', 'release/1']);
    expect((await admin('GET', branch)).body).not.toHaveProperty('required_pull_request_reviews');
  });
});

describe('parts of protection', () => {
  it('PATCH of the reviews changes only what it names', async () => {
    repo.protect('main', { reviews: { count: 2, codeOwner: true, lastPush: true, bypass: { users: ['admin'] } } });
    const { body } = await admin('PATCH', `${url}/required_pull_request_reviews`, {
      required_approving_review_count: 0,
    });
    expect(body).toMatchObject({
      required_approving_review_count: 0,
      require_code_owner_reviews: true,
      require_last_push_approval: true,
      bypass_pull_request_allowances: { users: [{ login: 'admin' }] },
    });
  });

  it('answer 404 when they are off, and can be taken away one by one', async () => {
    repo.protect('main', {
      reviews: { count: 1 },
      checks: ['ci'],
      restrictions: { users: ['dev'] },
      enforceAdmins: true,
    });
    for (const part of ['required_pull_request_reviews', 'required_status_checks', 'restrictions']) {
      expect((await admin('GET', `${url}/${part}`)).status).toBe(200);
      expect((await admin('DELETE', `${url}/${part}`)).status).toBe(204);
      expect((await admin('GET', `${url}/${part}`)).status).toBe(404);
    }
    expect((await admin('DELETE', `${url}/enforce_admins`)).status).toBe(204);
    expect((await admin('GET', `${url}/enforce_admins`)).body['enabled']).toBe(false);
    expect((await admin('POST', `${url}/enforce_admins`)).body['enabled']).toBe(true);
    expect((await admin('POST', `${url}/required_signatures`)).body['enabled']).toBe(true);
    expect((await admin('DELETE', `${url}/required_signatures`)).status).toBe(204);
  });

  it('lists of contexts, people, teams and Apps are added to, replaced and taken from', async () => {
    double.app({ slug: 'bot', id: 77 });
    repo.protect('main', { checks: ['a'], restrictions: {} });
    const contexts = `${url}/required_status_checks/contexts`;
    expect((await admin('POST', contexts, { contexts: ['b'] })).body).toEqual(['a', 'b']);
    expect((await admin('DELETE', contexts, { contexts: ['a'] })).body).toEqual(['b']);
    expect((await admin('PUT', contexts, { contexts: ['c'] })).body).toEqual(['c']);
    expect((await admin('PATCH', `${url}/required_status_checks`, { strict: true })).body).toMatchObject({
      strict: true,
      contexts: ['c'],
    });
    expect((await admin('POST', `${url}/restrictions/users`, { users: ['dev'] })).body).toMatchObject([
      { login: 'dev' },
    ]);
    expect((await admin('PUT', `${url}/restrictions/apps`, { apps: ['bot'] })).body).toMatchObject([{ slug: 'bot' }]);
    expect((await admin('DELETE', `${url}/restrictions/users`, { users: ['dev'] })).body).toEqual([]);
    expect((await admin('GET', `${url}/restrictions`)).body).toMatchObject({ users: [], apps: [{ id: 77 }] });
  });
});

describe('rulesets', () => {
  const rules = [
    {
      type: 'pull_request',
      parameters: {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    },
  ];

  it('show their bypass actors only to those who may change them', async () => {
    const actor = { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' } as const;
    const { id } = repo.ruleset({ rules, bypassActors: [actor] });
    const dev = client(double.url, double.token('dev'));
    expect((await dev('GET', `${base}/rulesets/${id}`)).body).not.toHaveProperty('bypass_actors');
    expect((await admin('GET', `${base}/rulesets/${id}`)).body).toMatchObject({
      bypass_actors: [actor],
      current_user_can_bypass: 'always',
    });
    expect((await dev('GET', `${base}/rules/branches/main`)).body).toMatchObject([
      { type: 'pull_request', ruleset_id: id, ruleset_source_type: 'Repository' },
    ]);
    expect((await dev('PUT', `${base}/rulesets/${id}`, { enforcement: 'disabled' })).status).toBe(404);
  });

  it('of the organization are visible in the repository and changed only there', async () => {
    double.org('acme', ['chief']);
    const { id } = double.orgRuleset('acme', { name: 'all', rules });
    expect((await admin('GET', `${base}/rulesets`)).body).toMatchObject([
      { id, source_type: 'Organization', source: 'acme' },
    ]);
    expect((await admin('GET', `${base}/rulesets?includes_parents=false`)).body).toEqual([]);
    expect((await admin('GET', `${base}/rulesets/${id}`)).body).not.toHaveProperty('bypass_actors');
    expect((await admin('PUT', `${base}/rulesets/${id}`, { enforcement: 'disabled' })).status).toBe(404);
    expect((await admin('GET', `/orgs/acme/rulesets/${id}`)).status).toBe(404);
    const chief = client(double.url, double.token('chief'));
    expect((await chief('PUT', `/orgs/acme/rulesets/${id}`, { enforcement: 'disabled' })).body).toMatchObject({
      enforcement: 'disabled',
      bypass_actors: [],
    });
    expect((await admin('GET', `${base}/rules/branches/main`)).body).toEqual([]);
  });

  it('keep every version in their history', async () => {
    const made = await admin('POST', `${base}/rulesets`, {
      name: 'main',
      enforcement: 'active',
      target: 'branch',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules,
    });
    const at_ = `${base}/rulesets/${String(made.body['id'])}`;
    await admin('PUT', at_, {
      bypass_actors: [{ actor_id: 1, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    });
    await admin('PUT', at_, { bypass_actors: [] });
    const { body } = await admin('GET', `${at_}/history`);
    expect(body).toHaveLength(3);
    const middle = await admin('GET', `${at_}/history/${String(at(body, 1, 'version_id'))}`);
    expect(middle.body).toMatchObject({
      actor: { type: 'User' },
      state: { bypass_actors: [{ actor_id: 1 }], rules: [{ type: 'pull_request' }] },
    });
    expect((await admin('GET', at_)).body).toMatchObject({
      name: 'main',
      bypass_actors: [],
      rules: [{ type: 'pull_request' }],
    });
  });

  it('refuse -1 for "any App", which the classic API wants', async () => {
    const parameters = {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: 'ci', integration_id: -1 }],
    };
    const answer = await admin('POST', `${base}/rulesets`, {
      name: 'x',
      enforcement: 'active',
      rules: [{ type: 'required_status_checks', parameters }],
    });
    expect(answer.status).toBe(422);
  });
});
