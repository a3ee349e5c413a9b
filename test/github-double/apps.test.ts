import { createSign, generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';
import type { App, Installation } from './state.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };
let double: Double;
let repo: RepoHandle;
let app: App;
let installation: Installation;

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  app = double.app({
    slug: 'obsgate',
    publicKey: pem,
    permissions: { contents: 'write', pull_requests: 'write', administration: 'write' },
  });
  installation = double.install(app, 'acme');
});
afterEach(() => double.close());

function nothing(): void {
  // a refusal that a test asks for is no news
}

function jwt(claims: Record<string, unknown> = {}, key = privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 30, exp: now + 300, iss: app.id, ...claims })}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
}

function mint(body: unknown = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  return client(double.url, jwt())('POST', `/app/installations/${installation.id}/access_tokens`, body);
}

describe('an App', () => {
  it('proves itself with a JWT that its key signed, in time', async () => {
    const ask = async (token: string): Promise<number> => (await client(double.url, token)('GET', '/app')).status;
    expect(await ask(jwt())).toBe(200);
    expect(await ask(jwt({ iss: app.clientId }))).toBe(200);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await ask(jwt({}, other))).toBe(401);
    expect(await ask(jwt({ exp: Math.floor(Date.now() / 1000) - 1 }))).toBe(401);
    expect(await ask(jwt({ exp: Math.floor(Date.now() / 1000) + 3600 }))).toBe(401);
    expect(await ask(jwt({ iss: 1 }))).toBe(404);
    expect(await ask(double.token('somebody'))).toBe(401);
  });

  it('finds its installation for a repository', async () => {
    const found = await client(double.url, jwt())('GET', '/repos/acme/obs/installation');
    expect(found.body).toMatchObject({
      id: installation.id,
      app_slug: 'obsgate',
      permissions: { administration: 'write' },
    });
    double.seed({ owner: 'elsewhere', name: 'obs' });
    expect((await client(double.url, jwt())('GET', '/repos/elsewhere/obs/installation')).status).toBe(404);
  });

  it('mints tokens with less than it has, never with more', async () => {
    const made = await mint({ permissions: { contents: 'read' }, repositories: ['obs'] });
    expect(made.body).toMatchObject({
      permissions: { contents: 'read', metadata: 'read' },
      repository_selection: 'selected',
      repositories: [{ name: 'obs' }],
    });
    const token = client(double.url, String(made.body['token']));
    expect((await token('GET', '/repos/acme/obs/contents/README.md')).status).toBe(200);
    const refused = await token('POST', '/repos/acme/obs/git/refs', { ref: 'refs/heads/x', sha: repo.tip('main') });
    expect([refused.status, refused.body['message']]).toEqual([403, 'Resource not accessible by integration']);
    expect((await mint({ permissions: { workflows: 'write' } })).status).toBe(422);
    expect((await mint({ repositories: ['nothing'] })).status).toBe(422);
  });

  it('loses a token by revoking it, by time, and by suspension', async () => {
    const token = async (): Promise<string> => String((await mint()).body['token']);
    const works = async (value: string): Promise<boolean> =>
      (await client(double.url, value)('GET', '/installation/repositories')).status === 200;
    const first = await token();
    expect(await works(first)).toBe(true);
    expect((await client(double.url, first)('DELETE', '/installation/token')).status).toBe(204);
    expect(await works(first)).toBe(false);
    const second = await token();
    double.clock.advance(3601);
    expect(await works(second)).toBe(false);
  });
});

describe('tokens', () => {
  it('of a fine-grained kind are limited by grants and by the role', async () => {
    repo.state.collaborators.set('dev', 'write');
    double.user('dev');
    const token = client(double.url, double.fineGrainedToken('dev', { contents: 'read' }, ['acme/obs']));
    expect((await token('GET', '/repos/acme/obs/contents/README.md')).status).toBe(200);
    const refused = await token('POST', '/repos/acme/obs/issues/1/labels', { labels: ['x'] });
    expect([refused.status, refused.body['message']]).toEqual([
      403,
      'Resource not accessible by personal access token',
    ]);
  });

  it('that nobody issued are refused, and writes need one', async () => {
    expect((await client(double.url, 'ghp_nothing')('GET', '/user')).body['message']).toBe('Bad credentials');
    expect((await client(double.url, null)('POST', '/repos/acme/obs/issues', { title: 't' })).status).toBe(401);
    expect((await client(double.url, null)('GET', '/repos/acme/obs')).status).toBe(200);
  });
});

describe('Octokit', () => {
  it('works against the double, pages included', async () => {
    const octokit = new Octokit({ baseUrl: double.url, auth: double.installationToken(installation), log: quiet });
    const files = Object.fromEntries(Array.from({ length: 35 }, (_, n) => [`rules/${n}.yml`, 'groups: []\n']));
    const pull = await repo.pull({ files, branch: 'a/slash' });
    const where = { owner: 'acme', repo: 'obs', pull_number: pull.number };
    expect(await octokit.paginate(octokit.rest.pulls.listFiles, where)).toHaveLength(35);
    repo.protect('main', { reviews: { count: 1 } });
    const protection = await octokit.rest.repos.getBranchProtection({ owner: 'acme', repo: 'obs', branch: 'main' });
    expect(protection.data.required_pull_request_reviews?.required_approving_review_count).toBe(1);
    await expect(octokit.rest.pulls.merge({ ...where, sha: pull.headSha })).rejects.toMatchObject({ status: 405 });
    expect(
      (await octokit.rest.repos.getBranch({ owner: 'acme', repo: 'obs', branch: 'a/slash' })).data.commit.sha,
    ).toBe(pull.headSha);
    const answer: unknown = await octokit.graphql('{ viewer { login } }');
    expect(at(answer, 'viewer', 'login')).toBe('obsgate[bot]');
  });
});
