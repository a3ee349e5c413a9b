import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { credentialsFrom, openSession } from '@obsgate/github/auth';
import { connect } from '@obsgate/github/client';
import { addLabels, removeLabel } from '@obsgate/github/labels';
import { LONGEST_BODY, capBody, writeSticky } from '@obsgate/github/comments';
import { raiseAlarm } from '@obsgate/github/issues';
import { readVariable } from '@obsgate/github/variables';
import { openStage, PERMISSIONS, PRIVATE_KEY, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ ...PERMISSIONS, actions_variables: 'read' });
});
afterEach(() => stage.close());

const options = () => ({ apiUrl: stage.double.url, owner: 'acme', repo: 'obs', mask: () => undefined });
const read = { route: 'GET /repos/{owner}/{repo}' } as const;

describe('a session', () => {
  test('is opened with a token of the asked permissions, masked, and revoked at the end', async () => {
    const { client, app, close } = stage.session;
    expect(app).toMatchObject({ slug: 'obsgate' });
    expect(stage.masked.some((secret) => secret.startsWith('ghs_'))).toBe(true);
    expect((await client.send(read)).kind).toBe('ok');
    await close();
    expect(await client.send(read)).toMatchObject({ kind: 'failed', failure: { kind: 'unauthorized' } });
  });

  test('names each permission that the installation lacks', async () => {
    const appId = String(stage.session.app?.id);
    const result = await openSession(
      { kind: 'app', appId, privateKey: PRIVATE_KEY },
      { administration: 'write', checks: 'write', workflows: 'write' },
      options(),
    );
    expect(result.kind === 'refused' && result.reasons.map(({ subject }) => subject)).toEqual([
      'checks: write',
      'workflows: write',
    ]);
  });

  test('is refused to an App that is not installed there', async () => {
    const other = stage.double.app({ slug: 'other' });
    const result = await openSession({ kind: 'app', appId: String(other.id), privateKey: PRIVATE_KEY }, {}, options());
    expect(result.kind).toBe('refused');
  });

  test('is the fault of the user when the key is no key, and the key is not repeated', async () => {
    const open = openSession({ kind: 'app', appId: '1', privateKey: 'S3CRET' }, {}, options());
    await expect(open).rejects.toThrow(/no private key/);
    await expect(open).rejects.not.toThrow(/S3CRET/);
  });

  test('takes a key whose line ends were written as two letters', async () => {
    const appId = String(stage.session.app?.id);
    const result = await openSession(
      { kind: 'app', appId, privateKey: PRIVATE_KEY.replaceAll('\n', '\\n') },
      {},
      options(),
    );
    expect(result.kind).toBe('open');
  });

  test('needs one kind of credentials, whole', () => {
    expect(() => credentialsFrom({ token: undefined, appId: '1', appPrivateKey: undefined })).toThrow(
      /app-private-key/,
    );
    expect(() => credentialsFrom({ token: undefined, appId: undefined, appPrivateKey: undefined })).toThrow(
      /github-token/,
    );
    expect(credentialsFrom({ token: 't', appId: '1', appPrivateKey: 'k' }).kind).toBe('app');
  });
});

describe('a failure', () => {
  test('of a read is met by three attempts, of a write by one', async () => {
    stage.double.faults.add({ fault: { do: 'status', status: 503 }, times: 9 });
    expect(await stage.session.client.send(read)).toMatchObject({ failure: { kind: 'unavailable', effect: 'none' } });
    expect(stage.double.requests.length).toBe(3);
    const write = await stage.session.client.send({
      route: 'POST /repos/{owner}/{repo}/issues',
      params: { title: 'x' },
    });
    expect(write).toMatchObject({ failure: { kind: 'unavailable', effect: 'unknown' } });
    expect(stage.double.requests.length).toBe(4);
  });

  test('by a limit is waited out when GitHub asks for little, and reported when it asks for much', async () => {
    const waits: number[] = [];
    const token = stage.double.token('admin');
    const client = await connect({ ...options(), token, sleep: async (ms) => void waits.push(ms) });
    stage.double.faults.add({ fault: { do: 'secondary-limit', retryAfterSeconds: 2 } });
    expect((await client.send(read)).kind).toBe('ok');
    stage.double.faults.add({ fault: { do: 'secondary-limit', retryAfterSeconds: 600 } });
    expect(await client.send(read)).toMatchObject({
      failure: { kind: 'rate-limited', retryAfterMs: 600_000, effect: 'none' },
    });
    expect(waits).toEqual([2000]);
  });

  test('by silence ends at the time limit, with an unknown effect for a write', async () => {
    const client = await connect({ ...options(), token: stage.double.token('admin'), timeoutMs: 150 });
    stage.double.faults.add({ method: 'POST', fault: { do: 'hang', effect: 'applied' } });
    const answer = await client.send({ route: 'POST /repos/{owner}/{repo}/issues', params: { title: 'x' } });
    expect(answer).toMatchObject({
      failure: { kind: 'unavailable', effect: 'unknown', message: 'no answer within 150 ms' },
    });
  });

  test('by cancelling is no answer of GitHub, and no further request is sent', async () => {
    const controller = new AbortController();
    controller.abort();
    const answer = await stage.session.client.until(controller.signal).send(read);
    expect(answer).toMatchObject({ failure: { kind: 'cancelled' } });
    expect(stage.double.requests.length).toBe(0);
  });

  test('names the permission and says of 404 what it can mean', async () => {
    const app = stage.double.app({ slug: 'weak', permissions: { contents: 'read' } });
    const token = stage.double.installationToken(stage.double.install(app, 'acme'));
    const client = await connect({ ...options(), token });
    const answer = await client.send({
      route: 'GET /repos/{owner}/{repo}/branches/{branch}/protection',
      params: { branch: 'main' },
    });
    expect(answer).toMatchObject({ failure: { kind: 'forbidden', permission: 'administration: read' } });
  });
});

describe('the sticky comment', () => {
  test('is one, found over pages, updated in place, and written again only when it changed', async () => {
    const issue = stage.repo.issue({ title: 'x', user: 'author' });
    for (let n = 0; n < 120; n++) stage.repo.comment(issue, `comment ${n}`, 'author');
    const sticky = { number: issue.number, name: 'merge', author: 'obsgate[bot]' };
    const first = await writeSticky(stage.session.client, { ...sticky, body: 'one' });
    const second = await writeSticky(stage.session.client, { ...sticky, body: 'two' });
    expect(first.kind === 'written' && second.kind === 'written' && first.id === second.id).toBe(true);
    stage.double.clearRequests();
    await writeSticky(stage.session.client, { ...sticky, body: 'two' });
    expect(stage.double.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  test("is not somebody else's comment that bears the marker", async () => {
    const issue = stage.repo.issue({ title: 'x', user: 'author' });
    const planted = stage.repo.comment(issue, '<!-- obsgate:merge -->\nmine', 'author');
    const written = await writeSticky(stage.session.client, {
      number: issue.number,
      name: 'merge',
      author: 'obsgate[bot]',
      body: 'ours',
    });
    expect(written.kind === 'written' && written.id).not.toBe(planted.id);
  });

  test('is never longer than GitHub takes', () => {
    const long = '```\n' + 'line 😀\n'.repeat(20_000);
    const capped = capBody(long, 30);
    expect(capped.length).toBeLessThanOrEqual(LONGEST_BODY - 30);
    expect((capped.match(/^```/gm) ?? []).length % 2).toBe(0);
    expect(capBody('😀'.repeat(60_000))).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    expect(capBody('short')).toBe('short');
  });
});

test('an alarm is one open issue, brought up to date', async () => {
  const alarm = { name: 'lease main', title: 'Protection of main', label: 'obsgate', body: 'one' };
  const first = await raiseAlarm(stage.session.client, alarm);
  const second = await raiseAlarm(stage.session.client, { ...alarm, body: 'two' });
  expect(first).toMatchObject({ kind: 'raised' });
  expect(second).toEqual(first);
});

test('labels are added and taken off, also when they were not on', async () => {
  const pull = await stage.repo.pull();
  expect(await addLabels(stage.session.client, pull.number, ['auto-relaxed-merged'])).toBeUndefined();
  expect(await removeLabel(stage.session.client, pull.number, 'auto-relaxed-merged')).toBeUndefined();
  expect(await removeLabel(stage.session.client, pull.number, 'auto-relaxed-merged')).toBeUndefined();
});

test('a variable is read, or is not there', async () => {
  stage.repo.variable('OBSGATE_FREEZE', 'true');
  expect(await readVariable(stage.session.client, 'OBSGATE_FREEZE')).toEqual({ kind: 'ok', value: 'true' });
  expect(await readVariable(stage.session.client, 'OTHER')).toEqual({ kind: 'ok', value: undefined });
});
