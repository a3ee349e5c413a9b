import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';

// The story that the double is for: an App adds itself to the bypass list of a protected branch, merges, restores.

let double: Double;
let repo: RepoHandle;
let app: Client;
const base = '/repos/acme/obs';
const reviews = `${base}/branches/main/protection/required_pull_request_reviews`;

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { dev: 'write', boss: 'admin' } });
  repo.protect('main', {
    reviews: { count: 1, dismissStale: true, bypass: { users: ['boss'] } },
    checks: ['obs-lint'],
    enforceAdmins: true,
  });
  const permissions = { contents: 'write', pull_requests: 'write', administration: 'write', checks: 'read' } as const;
  app = client(
    double.url,
    double.installationToken(double.install(double.app({ slug: 'obsgate', permissions }), 'acme')),
  );
});
afterEach(() => double.close());

it('relaxes one field, merges the gated head and restores, and the record shows who did what', async () => {
  const before = structuredClone(repo.state.classicRules);
  const pull = await repo.pull({ author: 'dev', labels: ['change:safe'] });
  repo.check(pull.headSha, 'obs-lint', { workflow: { path: '.github/workflows/obs-lint.yml', event: 'pull_request' } });
  const merge = { sha: pull.headSha, merge_method: 'squash' };
  expect((await app('PUT', `${base}/pulls/${pull.number}/merge`, merge)).status).toBe(405);
  const shown = (await app('GET', reviews)).body;
  expect(at(shown, 'bypass_pull_request_allowances', 'users', 0, 'login')).toBe('boss');
  const allow = (apps: string[]): object => ({ bypass_pull_request_allowances: { users: ['boss'], teams: [], apps } });
  await app('PATCH', reviews, allow(['obsgate']));
  const merged = await app('PUT', `${base}/pulls/${pull.number}/merge`, merge);
  await app('PATCH', reviews, allow([]));
  expect(merged.status).toBe(200);
  expect(repo.state.classicRules).toEqual(before);
  const tree = async (sha: unknown): Promise<unknown> =>
    at((await app('GET', `${base}/git/commits/${String(sha)}`)).body, 'tree', 'sha');
  expect(await tree(merged.body['sha'])).toBe(await tree(pull.headSha));
  const activity = await client(double.url, double.token('boss'))('GET', `${base}/activity?ref=main`);
  expect(activity.body).toMatchObject([
    { activity_type: 'pr_merge', actor: { login: 'obsgate[bot]' }, after: merged.body['sha'] },
  ]);
});

it('leaves the window open when the process dies in it, as GitHub would', async () => {
  const script = `
    const patch = (apps) => fetch(process.argv[1] + '${reviews}', { method: 'PATCH', headers: { authorization: 'Bearer ' + process.argv[2] },
      body: JSON.stringify({ bypass_pull_request_allowances: { users: ['boss'], apps } }) });
    await patch(['obsgate']);
    await patch([]);
  `;
  const installation = [...double.world.installations.values()].at(-1);
  if (!installation) throw new Error('the App is installed');
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    script,
    double.url,
    double.installationToken(installation),
  ]);
  double.faults.add({ at: 2, fault: { do: 'hook', effect: 'none', run: () => void child.kill('SIGKILL') } });
  const signal = await new Promise((resolve) => {
    child.once('exit', (_code, by) => resolve(by));
  });
  expect(signal).toBe('SIGKILL');
  expect(double.requests).toMatchObject([{ status: 200 }, { fault: 'hook' }]);
  expect(repo.state.classicRules[0]?.reviews?.bypass).toEqual({ users: ['boss'], teams: [], apps: ['obsgate'] });
});
