import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { leasePort } from '@obsgate/github/lease';
import { protectionPort } from '@obsgate/github/protection';
import { leaseRef, verifyChain, type HeldLease } from '@obsgate/core/ledger';
import { leaseContent, ruleIdOf, type Edit, type ProtectionSnapshot } from '@obsgate/core/protection';
import type { GuardReport } from '@obsgate/core/guard';
import { runProtectionGuard } from '../../actions/protection-guard/run.ts';
import { openStage, PRIVATE_KEY, SEAL_KEY, type Stage } from './stage.ts';

let stage: Stage;
let folder = '';
let log = '';
beforeEach(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), 'guard-'));
  log = '';
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log += String(chunk);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await stage.close();
});

const MINUTE = 60_000;
const CRASHED_RUN = 5;
const REF = leaseRef('main');

/** Runs the action as a job would, in this process. */
async function guard(event: unknown = null, inputs: { readonly baseline?: string } = {}) {
  const path = join(folder, 'event.json');
  await writeFile(path, JSON.stringify(event));
  let outputs: Readonly<Record<string, unknown>> = {};
  const code = await runProtectionGuard(
    {
      config: undefined,
      'github-token': undefined,
      'app-id': String(stage.session.app?.id),
      'app-private-key': PRIVATE_KEY,
      'seal-key': SEAL_KEY,
      baseline: inputs.baseline,
      branches: undefined,
    },
    {
      env: {
        GITHUB_REPOSITORY: 'acme/obs',
        GITHUB_REPOSITORY_ID: String(stage.repo.state.id),
        GITHUB_RUN_ID: '900',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_API_URL: stage.double.url,
        GITHUB_EVENT_NAME: event === null ? 'schedule' : 'workflow_run',
        GITHUB_EVENT_PATH: path,
        RUNNER_TEMP: folder,
      },
      setOutputs: async (values) => {
        outputs = values;
      },
    },
  );
  const report = JSON.parse(await readFile(String(outputs['report']), 'utf8')) as GuardReport;
  return { code, outputs, report };
}

const ended = (id = CRASHED_RUN, attempt = 1) => ({ workflow_run: { id, run_attempt: attempt, status: 'completed' } });

async function snapshot(): Promise<ProtectionSnapshot> {
  const read = await protectionPort(stage.session.client).read('main');
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
  return read.snapshot;
}

function seedRuleset(): number {
  const parameters = {
    required_approving_review_count: 2,
    require_code_owner_review: true,
    require_last_push_approval: false,
    dismiss_stale_reviews_on_push: true,
    required_review_thread_resolution: false,
  };
  return stage.repo.ruleset({ name: 'reviews', rules: [{ type: 'pull_request', parameters }] }).id;
}

type Crash = { readonly before: ProtectionSnapshot; readonly held: HeldLease };

/** A run that took the lease, perhaps relaxed, and was killed. `expires`: minutes from now, may be past. */
async function crash(edit: Edit, { relax = true, expires = 5 } = {}): Promise<Crash> {
  const { client } = stage.session;
  const past = { now: () => Date.now() - 60 * MINUTE };
  const before = await snapshot();
  const leases = leasePort(client, {
    repositoryId: before.repositoryId,
    run: { id: CRASHED_RUN, attempt: 1 },
    sealKey: SEAL_KEY,
    ...past,
  });
  const acquired = await leases.acquire({
    claims: {
      repositoryId: before.repositoryId,
      branch: 'main',
      ruleIds: [ruleIdOf(edit)],
      pr: 12,
      headSha: stage.repo.tip('main') ?? '',
      runId: CRASHED_RUN,
      runAttempt: 1,
      expiresAt: new Date(Date.now() + expires * MINUTE).toISOString(),
    },
    content: leaseContent(before, edit, { scenario: 'safe-docs' }),
  });
  if (acquired.kind !== 'acquired') throw new Error(JSON.stringify(acquired));
  if (relax) {
    const written = await protectionPort(client, past).relax(edit, before, acquired.held.proof);
    if (written.kind !== 'written') throw new Error(JSON.stringify(written));
    expect(await snapshot()).not.toEqual(before);
  }
  return { before, held: acquired.held };
}

function countOf(rulesetId: number): Edit {
  return { kind: 'ruleset-field', rulesetId, field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 } };
}
const bypassOf = (rulesetId: number): Edit => ({
  kind: 'ruleset-bypass',
  rulesetId,
  actor: { actorId: stage.session.app?.id ?? 0, actorType: 'Integration', bypassMode: 'always' },
});

function parametersOf(id: number): Record<string, unknown> {
  return stage.repo.state.rulesets.get(id)?.rules.find(({ type }) => type === 'pull_request')?.parameters ?? {};
}

test('a repository without leases passes, and nothing is written', async () => {
  stage.repo.protect('main', { reviews: { count: 1 } });
  const { code, outputs } = await guard();
  expect(code).toBe(0);
  expect(outputs).toMatchObject({ outcome: 'pass', restored: 0, leases: 0, 'reason-codes': [] });
  const writes = stage.double.requests.filter(
    ({ method, path }) => method !== 'GET' && !path.includes('access_tokens') && !path.includes('graphql'),
  );
  expect(writes.map(({ path }) => path)).toEqual(['/installation/token']);
});

describe('what a killed run left open', () => {
  test('is restored as soon as GitHub says that the run has ended, recorded and released', async () => {
    const { before } = await crash(countOf(seedRuleset()));
    const { code, outputs } = await guard(ended());
    expect({ code, ...outputs }).toMatchObject({ code: 0, outcome: 'pass', restored: 1, leases: 0 });
    expect(await snapshot()).toEqual(before);
    expect(stage.repo.tip(REF)).toBeNull();
    const path = `audit/${new Date().toISOString().slice(0, 7)}.ndjson`;
    const chain = verifyChain([{ path, text: stage.repo.file('obsgate-ledger', path) ?? '' }]);
    expect(chain.kind === 'ok' && chain.entries).toMatchObject([
      {
        stage: 'restore',
        result: 'done',
        actor: 'obsgate[bot]',
        ctx: { pr: 12, base: 'main', outcome: 'restored', scenario: 'safe-docs' },
      },
    ]);
  });

  test('is left to the run while it may be at work', async () => {
    await crash(countOf(seedRuleset()));
    const relaxed = await snapshot();
    for (const event of [null, ended(6), ended(CRASHED_RUN, 0)]) {
      expect((await guard(event)).outputs).toMatchObject({ outcome: 'pass', restored: 0, leases: 1 });
    }
    expect(await snapshot()).toEqual(relaxed);
  });

  test('is restored on schedule once the lease has expired', async () => {
    const { before } = await crash(bypassOf(seedRuleset()), { expires: -1 });
    expect((await guard()).outputs).toMatchObject({ outcome: 'pass', restored: 1, leases: 0 });
    expect(await snapshot()).toEqual(before);
  });

  test('is nothing when the run was killed before it relaxed', async () => {
    const { before } = await crash(countOf(seedRuleset()), { relax: false });
    expect((await guard(ended())).outputs).toMatchObject({ outcome: 'pass', restored: 0, leases: 0 });
    expect(await snapshot()).toEqual(before);
  });

  test('is restored once by two guards at once', async () => {
    const { before } = await crash(countOf(seedRuleset()));
    await Promise.all([guard(ended()), guard(ended())]);
    await guard(ended());
    expect(await snapshot()).toEqual(before);
    expect(stage.repo.tip(REF)).toBeNull();
  });

  test.each([
    ['dropped before the effect', { do: 'drop', effect: 'none' }],
    ['dropped after the effect', { do: 'drop', effect: 'applied' }],
    ['a 502', { do: 'status', status: 502 }],
  ] as const)(
    'is restored when any one request meets %s, by this round or the next',
    { timeout: 240_000 },
    async (_name, fault) => {
      const id = seedRuleset();
      let cases = 0;
      for (let at = 1; at <= 40; at++) {
        const { before } = await crash(countOf(id), { expires: -1 });
        stage.double.faults.clear();
        stage.double.faults.resetCounter();
        stage.double.faults.add({ at, fault });
        await guard();
        const reached = stage.double.faults.count() >= at;
        stage.double.faults.clear();
        expect(parametersOf(id)['required_approving_review_count'] === 2 || stage.repo.tip(REF) !== null).toBe(true);
        // What is left is taken over by the next round, whose own lease would expire first on a real clock.
        if (stage.repo.tip(REF) !== null) await guard(ended(900));
        expect(await snapshot()).toEqual(before);
        expect(stage.repo.tip(REF)).toBeNull();
        cases += 1;
        if (!reached) break;
      }
      expect(cases).toBeGreaterThan(10);
    },
  );
});

describe('a third party', () => {
  test('who hardened the protection meanwhile keeps that, and people are told', async () => {
    const id = seedRuleset();
    await crash(countOf(id));
    Object.assign(parametersOf(id), { require_last_push_approval: true });
    const { code, outputs } = await guard(ended());
    expect({ code, ...outputs }).toMatchObject({
      code: 1,
      outcome: 'breach',
      leases: 0,
      'reason-codes': ['protection_changed'],
    });
    expect(parametersOf(id)).toMatchObject({ required_approving_review_count: 2, require_last_push_approval: true });
    expect([...stage.repo.state.issues.values()].map(({ title }) => title)).toEqual([
      'Protection of main was changed during a merge',
    ]);
  });

  test('who raised the count above what it was keeps that', async () => {
    const id = seedRuleset();
    await crash(countOf(id));
    Object.assign(parametersOf(id), { required_approving_review_count: 4 });
    await guard(ended());
    expect(parametersOf(id)['required_approving_review_count']).toBe(4);
  });

  test('who deleted the ruleset is not overruled', async () => {
    const id = seedRuleset();
    await crash(countOf(id));
    stage.repo.state.rulesets.delete(id);
    expect((await guard(ended())).outputs).toMatchObject({
      outcome: 'breach',
      leases: 0,
      'reason-codes': ['protection_replaced', 'protection_changed'],
    });
    expect(stage.repo.state.rulesets.size).toBe(0);
  });

  test('who plants an old lease gains nothing: protection is only ever raised', async () => {
    const id = seedRuleset();
    const { held } = await crash(countOf(id), { expires: -1 });
    await guard();
    Object.assign(parametersOf(id), { required_approving_review_count: 3 });
    const params = { ref: REF, sha: held.sha };
    await stage.session.client.send({ route: 'POST /repos/{owner}/{repo}/git/refs', params });
    await guard();
    expect(parametersOf(id)['required_approving_review_count']).toBe(3);
  });

  test('who plants a ref that is no lease causes an alarm, and the ref stays for people to see', async () => {
    const params = { ref: REF, sha: stage.repo.tip('main') };
    await stage.session.client.send({ route: 'POST /repos/{owner}/{repo}/git/refs', params });
    const { code, outputs } = await guard();
    expect({ code, ...outputs }).toMatchObject({
      code: 1,
      outcome: 'breach',
      leases: 1,
      'reason-codes': ['lease_truncated'],
    });
    await guard();
    expect([...stage.repo.state.issues.values()].map(({ title }) => title)).toEqual(['A lease cannot be opened']);
  });
});

describe('the baseline', () => {
  async function commitBaseline(text: string): Promise<void> {
    await stage.repo.push('main', { '.obsgate/protection.json': text });
  }

  test('that is what the report held is kept to, and a change is drift', async () => {
    const id = seedRuleset();
    const { report } = await guard();
    await commitBaseline(JSON.stringify(report.protection));
    expect((await guard()).outputs).toMatchObject({ outcome: 'pass' });
    Object.assign(parametersOf(id), { required_approving_review_count: 1 });
    const drifted = await guard();
    expect(drifted).toMatchObject({ code: 1, outputs: { outcome: 'breach', 'reason-codes': ['protection_drift'] } });
    expect(drifted.report.drift[0]?.differences.map(({ before, after }) => [before, after])).toContainEqual([2, 1]);
    expect([...stage.repo.state.issues.values()].map(({ title }) => title)).toEqual([
      'Protection of main is not the committed one',
    ]);
  });

  test('with a wrong key names its place', async () => {
    await commitBaseline('{"schema":"obsgate.protection-baseline/1",\n"branch":{}}');
    await expect(guard()).rejects.toThrow(/protection\.json:2:1: unknown key "branch".*did you mean "branches"/);
  });

  test('that was named and is not there is the fault of the user', async () => {
    await expect(guard(null, { baseline: 'nowhere.json' })).rejects.toThrow(/no nowhere\.json/);
  });
});

test('what could not be read is no pass', async () => {
  stage.double.faults.add({ route: /matching-refs/, fault: { do: 'status', status: 502 }, times: 9 });
  expect(await guard()).toMatchObject({
    code: 3,
    outputs: { outcome: 'error', 'reason-codes': ['github_unavailable'] },
  });
});

test('no secret is printed, except to have it masked, and the token is revoked', async () => {
  await guard();
  const lines = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  expect(lines.join('\n')).not.toMatch(/ghs_|eyJ|PRIVATE KEY/);
  expect(stage.double.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/installation/token' });
});
