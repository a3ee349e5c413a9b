import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { at, client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';
import { startDouble } from './index.ts';

let double: Double;
let repo: RepoHandle;
let app: Client;
let dev: Client;
const base = '/repos/acme/obs';

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { dev: 'write' } });
  const bot = double.app({
    slug: 'obsgate',
    permissions: {
      contents: 'write',
      checks: 'write',
      statuses: 'write',
      actions: 'write',
      actions_variables: 'write',
    },
  });
  app = client(double.url, double.installationToken(double.install(bot, 'acme')));
  dev = client(double.url, double.token('dev'));
});
afterEach(() => double.close());

function tip(): string {
  return repo.tip('main') ?? '';
}

describe('check runs', () => {
  it('are written by Apps, and changed only by the App that made them', async () => {
    const asPerson = await dev('POST', `${base}/check-runs`, { name: 'x', head_sha: tip() });
    expect([asPerson.status, asPerson.body['message']]).toEqual([403, 'You must authenticate via a GitHub App.']);
    const made = await app('POST', `${base}/check-runs`, {
      name: 'obs-lint',
      head_sha: tip(),
      status: 'in_progress',
      output: { title: 't', summary: 's' },
    });
    expect(made.body).toMatchObject({ status: 'in_progress', conclusion: null, app: { slug: 'obsgate' } });
    const done = await app('PATCH', `${base}/check-runs/${String(made.body['id'])}`, { conclusion: 'success' });
    expect(done.body).toMatchObject({ status: 'completed', conclusion: 'success', output: { title: 't' } });
    const actions = client(double.url, repo.actionsToken({ checks: 'write' }));
    expect(
      (await actions('PATCH', `${base}/check-runs/${String(made.body['id'])}`, { conclusion: 'failure' })).status,
    ).toBe(403);
  });

  it('of one name can come from several Apps, and the latest of each suite is listed', async () => {
    repo.check(tip(), 'ci', { conclusion: 'failure' });
    repo.check(tip(), 'ci');
    repo.check(tip(), 'ci', { appId: 42 });
    const { body } = await dev('GET', `${base}/commits/main/check-runs?check_name=ci`);
    expect(body['total_count']).toBe(2);
    expect((await dev('GET', `${base}/commits/main/check-runs?filter=all`)).body['total_count']).toBe(3);
    expect((await dev('GET', `${base}/commits/main/check-suites`)).body['total_count']).toBe(2);
  });

  it('belong to a workflow run that tells path, event and head', async () => {
    const pull = await repo.pull();
    const run = repo.check(pull.headSha, 'ci', {
      workflow: { path: '.github/workflows/ci.yml', event: 'pull_request' },
    });
    const { body } = await dev('GET', `${base}/actions/runs?check_suite_id=${run.suiteId}`);
    expect(at(body, 'workflow_runs', 0)).toMatchObject({
      path: '.github/workflows/ci.yml',
      event: 'pull_request',
      head_sha: pull.headSha,
      head_branch: pull.headRef,
      conclusion: 'success',
      pull_requests: [{ number: pull.number }],
    });
    const jobs = await dev('GET', `${base}/actions/runs/${String(at(body, 'workflow_runs', 0, 'id'))}/jobs`);
    expect(at(jobs.body, 'jobs', 0)).toMatchObject({ name: 'ci', id: run.id });
  });
});

describe('statuses', () => {
  it('are combined by the latest of each context', async () => {
    await app('POST', `${base}/statuses/${tip()}`, { state: 'failure', context: 'a' });
    await app('POST', `${base}/statuses/${tip()}`, { state: 'success', context: 'a', description: 'ok' });
    expect((await dev('GET', `${base}/commits/main/status`)).body).toMatchObject({ state: 'success', total_count: 1 });
    await app('POST', `${base}/statuses/${tip()}`, { state: 'pending', context: 'b' });
    expect((await dev('GET', `${base}/commits/main/status`)).body).toMatchObject({ state: 'pending', total_count: 2 });
    expect((await dev('GET', `${base}/commits/main/statuses`)).body).toHaveLength(3);
  });

  it('satisfy a required check of the same name unless it is bound to an App', async () => {
    repo.protect('main', { checks: ['ci'] });
    const pull = await repo.pull();
    repo.status(pull.headSha, 'ci', 'success', 'dev');
    repo.protect('main', { checks: [{ context: 'ci', appId: 15_368 }] });
    expect((await dev('PUT', `${base}/pulls/${pull.number}/merge`, {})).status).toBe(405);
    repo.protect('main', { checks: ['ci'] });
    expect((await dev('PUT', `${base}/pulls/${pull.number}/merge`, {})).status).toBe(200);
  });
});

describe('variables and dispatches', () => {
  it('keep variables by upper-case name', async () => {
    expect((await app('POST', `${base}/actions/variables`, { name: 'OBSGATE_FREEZE', value: '1' })).status).toBe(201);
    expect((await app('PATCH', `${base}/actions/variables/OBSGATE_FREEZE`, { value: '0' })).status).toBe(204);
    expect((await app('GET', `${base}/actions/variables/OBSGATE_FREEZE`)).body).toMatchObject({
      name: 'OBSGATE_FREEZE',
      value: '0',
    });
    expect((await app('DELETE', `${base}/actions/variables/OBSGATE_FREEZE`)).status).toBe(204);
    expect((await app('GET', `${base}/actions/variables/OBSGATE_FREEZE`)).status).toBe(404);
  });

  it('record what was dispatched, by whom', async () => {
    expect(
      (await app('POST', `${base}/dispatches`, { event_type: 'obsgate-guard', client_payload: { pr: 1 } })).status,
    ).toBe(204);
    repo.check(tip(), 'guard', { workflow: { path: '.github/workflows/guard.yml', event: 'schedule' } });
    expect(
      (await app('POST', `${base}/actions/workflows/guard.yml/dispatches`, { ref: 'main', inputs: { a: 'b' } })).status,
    ).toBe(204);
    expect(repo.state.dispatches).toEqual([
      { kind: 'repository', eventType: 'obsgate-guard', payload: { pr: 1 }, actor: 'obsgate[bot]' },
      {
        kind: 'workflow',
        workflow: '.github/workflows/guard.yml',
        ref: 'main',
        inputs: { a: 'b' },
        actor: 'obsgate[bot]',
      },
    ]);
  });

  it('refuse what is there already and what is not there, in answers the description leaves out', async () => {
    const plain = await startDouble();
    const other = plain.seed({ owner: 'acme', name: 'obs' });
    other.variable('FREEZE', '1');
    other.check(other.tip('main') ?? '', 'guard', {
      workflow: { path: '.github/workflows/guard.yml', event: 'schedule' },
    });
    plain.org('acme', ['chief']);
    const chief = client(plain.url, plain.token('chief'));
    const twin = await chief('POST', `${base}/actions/variables`, { name: 'FREEZE', value: '1' });
    const lost = await chief('POST', `${base}/actions/workflows/guard.yml/dispatches`, { ref: 'gone' });
    await plain.close();
    expect([twin.status, twin.body['message']]).toEqual([409, 'Already exists - Variable already exists']);
    expect([lost.status, lost.body['message']]).toEqual([422, 'No ref found for: gone']);
  });
});
