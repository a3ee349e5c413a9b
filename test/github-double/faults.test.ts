import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCheckedDouble } from './checked-double.ts';
import type { Client } from './client.ts';
import { client } from './client.ts';
import type { Double, RepoHandle } from './index.ts';
import { startDouble } from './index.ts';

let double: Double;
let repo: RepoHandle;
let dev: Client;
const base = '/repos/acme/obs';

beforeEach(async () => {
  double = await startCheckedDouble();
  repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { dev: 'write' } });
  dev = client(double.url, double.token('dev'));
});
afterEach(() => double.close());

async function createLease(): Promise<number | 'broken'> {
  try {
    return (await dev('POST', `${base}/git/refs`, { ref: 'refs/obsgate/lease/main', sha: repo.tip('main') })).status;
  } catch {
    return 'broken';
  }
}

describe('the fault plan', () => {
  it('answers the k-th request from the edge, and only that one', async () => {
    double.faults.add({ at: 2, fault: { do: 'status', status: 502 } });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await dev('GET', base)).status);
    expect(statuses).toEqual([200, 502, 200]);
    expect(double.requests.map(({ status, fault }) => [status, fault])).toEqual([
      [200, null],
      [502, 'status'],
      [200, null],
    ]);
  });

  it('can lose the answer of a write that took effect', async () => {
    double.faults.add({ method: 'POST', fault: { do: 'status', status: 503, effect: 'applied' } });
    expect(await createLease()).toBe(503);
    expect(repo.tip('refs/obsgate/lease/main')).not.toBeNull();
  });

  it('drops connections before and after the effect', async () => {
    double.faults.add({ at: 1, fault: { do: 'drop', effect: 'none' } });
    double.faults.add({ at: 2, fault: { do: 'drop', effect: 'applied' } });
    expect(await createLease()).toBe('broken');
    expect(repo.tip('refs/obsgate/lease/main')).toBeNull();
    expect(await createLease()).toBe('broken');
    expect(repo.tip('refs/obsgate/lease/main')).not.toBeNull();
    expect(await createLease()).toBe(422);
  });

  it('asks for patience with a secondary rate limit', async () => {
    double.faults.add({ fault: { do: 'secondary-limit', retryAfterSeconds: 7 } });
    const limited = await dev('GET', base);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
    expect(String(limited.body['message'])).toMatch(/^You have exceeded a secondary rate limit/);
  });

  it('hangs until the client gives up', async () => {
    double.faults.add({ fault: { do: 'hang', effect: 'applied' } });
    const given = AbortSignal.timeout(200);
    const answer = fetch(`${double.url}${base}/git/refs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${double.token('dev')}` },
      body: JSON.stringify({ ref: 'refs/obsgate/x', sha: repo.tip('main') }),
      signal: given,
    });
    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(repo.tip('refs/obsgate/x')).not.toBeNull();
  });

  it('lets a third party act in between, aimed by route, operation or count', async () => {
    const pull = await repo.pull();
    const merge = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
    double.faults.add({
      route: merge,
      skip: 1,
      fault: { do: 'hook', run: () => void repo.protect('main', { lockBranch: true }) },
    });
    const wrong = await dev('PUT', `${base}/pulls/${pull.number}/merge`, { sha: repo.tip('main') });
    expect(wrong.status).toBe(409);
    const locked = await dev('PUT', `${base}/pulls/${pull.number}/merge`, {});
    expect(locked.body['message']).toBe('Cannot change this locked branch');
    double.faults.add({ operation: 'viewer', fault: { do: 'status', status: 502 } });
    expect((await dev('POST', '/graphql', { query: 'query Me { viewer { login } }' })).status).toBe(502);
    expect(double.requests.at(-1)).toMatchObject({ route: '/graphql', operation: 'viewer', actor: 'dev', status: 502 });
  });

  it('gives a merge its transient refusal', async () => {
    const pull = await repo.pull();
    const message = 'Base branch was modified. Review and try the merge again.';
    double.faults.add({ method: 'PUT', fault: { do: 'status', status: 405, body: { message } } });
    const put = async (): Promise<unknown> =>
      (await dev('PUT', `${base}/pulls/${pull.number}/merge`, {})).body['message'];
    expect([await put(), await put()]).toEqual([message, 'Pull Request successfully merged']);
  });
});

describe('the server', () => {
  it('holds requests back for the injected latency', async () => {
    double.setLatency((request) => (request.method === 'GET' ? 30 : 0));
    await dev('GET', base);
    const [first] = double.requests;
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThanOrEqual(29);
  });

  it('records who asked what with which body', async () => {
    await dev('POST', `${base}/issues`, { title: 'Freeze' });
    expect(double.requests).toMatchObject([
      {
        index: 1,
        method: 'POST',
        path: `${base}/issues`,
        route: '/repos/{owner}/{repo}/issues',
        actor: 'dev',
        body: { title: 'Freeze' },
        status: 201,
      },
    ]);
  });

  it('answers 304 to what has not changed', async () => {
    const first = await dev('GET', base);
    const again = await fetch(double.url + base, {
      headers: { authorization: `Bearer ${double.token('dev')}`, 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('leaves nothing behind, and tells on close what its observer did not like', async () => {
    const other = await startDouble({
      onExchange: ({ status }) => {
        throw new Error(`saw ${status}`);
      },
    });
    const { gitDir } = other.seed({ owner: 'acme', name: 'x' });
    expect(existsSync(gitDir)).toBe(true);
    await client(other.url, null)('GET', '/repos/acme/x');
    await expect(other.close()).rejects.toThrow('saw 200');
    expect(existsSync(gitDir)).toBe(false);
  });
});
