import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leasePort } from '@obsgate/github/lease';
import { protectionPort } from '@obsgate/github/protection';
import {
  closeWindow,
  planRestore,
  ruleIdOf,
  sameProtection,
  simulate,
  targetOf,
  withTarget,
  type Edit,
  type ProtectionSnapshot,
} from '@obsgate/core/protection';
import type { HeldLease } from '@obsgate/core/ledger';
import { recordVersion } from '../github-double/domain/ruleset-history.ts';
import { openStage, SEAL_KEY, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function snapshot(branch = 'main'): Promise<ProtectionSnapshot> {
  const read = await protectionPort(stage.session.client).read(branch);
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
  return read.snapshot;
}

async function lease(before: ProtectionSnapshot, edit: Edit): Promise<HeldLease> {
  const leases = leasePort(stage.session.client, {
    repositoryId: before.repositoryId,
    run: { id: 5, attempt: 1 },
    sealKey: SEAL_KEY,
  });
  const claims = {
    repositoryId: before.repositoryId,
    branch: before.branch,
    ruleIds: [ruleIdOf(edit)],
    pr: 1,
    headSha: stage.repo.tip('main') ?? '',
    runId: 5,
    runAttempt: 1,
    expiresAt: new Date(Date.now() + 300_000).toISOString(),
  };
  const acquired = await leases.acquire({ claims, content: { snapshot: before, edit } });
  if (acquired.kind !== 'acquired') throw new Error(JSON.stringify(acquired));
  return acquired.held;
}

function seedClassic(pattern = 'main'): void {
  stage.double.app({ slug: 'renovate' });
  stage.double.team('acme', 'sre', ['author']);
  stage.repo.protect(pattern, {
    reviews: {
      count: 2,
      codeOwner: true,
      lastPush: true,
      dismissStale: true,
      dismissal: { users: ['admin'] },
      bypass: { apps: ['renovate'], teams: ['sre'] },
    },
    checks: ['ci', { context: 'obs-lint', appId: 15_368 }],
    strict: true,
    enforceAdmins: true,
    signatures: true,
    conversationResolution: true,
    deployments: ['prod'],
  });
}

function seedRuleset(): number {
  const { id } = stage.repo.ruleset({
    name: 'reviews',
    bypassActors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }],
    rules: [
      { type: 'deletion' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 2,
          require_code_owner_review: true,
          require_last_push_approval: true,
          dismiss_stale_reviews_on_push: true,
          required_review_thread_resolution: true,
          allowed_merge_methods: ['squash', 'merge'],
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: 'ci' }, { context: 'b', integration_id: 15_368 }],
        },
      },
    ],
  });
  return id;
}

const classicEdits = [
  ['our app on the bypass list', (ruleId: string): Edit => ({ kind: 'classic-bypass', ruleId, app: 'obsgate' })],
  [
    'the count',
    (ruleId: string): Edit => ({
      kind: 'classic-field',
      ruleId,
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    }),
  ],
  [
    'the code owners',
    (ruleId: string): Edit => ({
      kind: 'classic-field',
      ruleId,
      field: { name: 'requireCodeOwnerReviews', from: true, to: false },
    }),
  ],
  [
    'the last push',
    (ruleId: string): Edit => ({
      kind: 'classic-field',
      ruleId,
      field: { name: 'requireLastPushApproval', from: true, to: false },
    }),
  ],
] as const;

const actor = { actorId: 4711, actorType: 'Integration', bypassMode: 'pull_request' };
const rulesetEdits = [
  ['our app on the bypass list', (rulesetId: number): Edit => ({ kind: 'ruleset-bypass', rulesetId, actor })],
  [
    'the count',
    (rulesetId: number): Edit => ({
      kind: 'ruleset-field',
      rulesetId,
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    }),
  ],
  [
    'the code owners',
    (rulesetId: number): Edit => ({
      kind: 'ruleset-field',
      rulesetId,
      field: { name: 'requireCodeOwnerReviews', from: true, to: false },
    }),
  ],
] as const;

/** Relaxes and restores for real; resolves to the requests that each took. */
async function roundTrip(edit: Edit): Promise<{ readonly relax: number; readonly restore: number }> {
  const protection = protectionPort(stage.session.client);
  const before = await snapshot();
  const simulation = simulate(before, edit, 'squash');
  if (simulation.kind === 'refused') throw new Error(JSON.stringify(simulation.reasons));
  const { proof } = await lease(before, edit);
  stage.double.clearRequests();
  const relaxed = await protection.relax(edit, before, proof);
  const relax = stage.double.requests.length;
  expect(relaxed).toMatchObject({ kind: 'written' });
  const during = await snapshot();
  expect(during).toEqual(simulation.relaxed);
  if (relaxed.kind === 'written') expect(withTarget(before, relaxed.target).classic).toEqual(during.classic);
  stage.double.clearRequests();
  const live = await protection.readTarget(edit, 'main');
  if (live.kind === 'refused') throw new Error(JSON.stringify(live.reasons));
  expect(live.target).toEqual(targetOf(during, edit));
  const plan = planRestore(withTarget(during, live.target), before, edit);
  if (plan.kind !== 'write') throw new Error(`planned ${plan.kind}`);
  expect(await protection.restore(plan.undo, proof)).toMatchObject({ kind: 'written', target: targetOf(before, edit) });
  const restore = stage.double.requests.length;
  expect(await snapshot()).toEqual(before);
  return { relax, restore };
}

describe('a classic rule', () => {
  test.each(classicEdits)(
    'is restored exactly after lowering %s, with one request to open and two to close',
    async (name, edit) => {
      seedClassic();
      const { classic } = await snapshot();
      expect(await roundTrip(edit(classic?.ruleId ?? ''))).toEqual({
        // Node ids of our App and of who is on the list are looked up first.
        relax: name === 'our app on the bypass list' ? 3 : 1,
        restore: 2,
      });
    },
  );

  test.each(classicEdits)(
    'of a wildcard is restored exactly after lowering %s, and no rule of its own is made for the branch',
    async (_name, edit) => {
      seedClassic('ma*');
      const { classic } = await snapshot();
      expect(classic?.pattern).toBe('ma*');
      await roundTrip(edit(classic?.ruleId ?? ''));
      expect(stage.repo.state.classicRules.map(({ pattern }) => pattern)).toEqual(['ma*']);
    },
  );
});

describe('a ruleset', () => {
  test.each(rulesetEdits)('is restored exactly after lowering %s', async (_name, edit) => {
    const id = seedRuleset();
    expect(await roundTrip(edit(id))).toEqual({ relax: 1, restore: 3 });
    const history = await protectionPort(stage.session.client).history(id);
    expect(history.kind === 'ok' && history.versions.length).toBe(3);
  });
});

describe('reading', () => {
  test('takes four requests for a classic rule and two rulesets', async () => {
    seedClassic();
    seedRuleset();
    stage.repo.ruleset({ name: 'more', rules: [{ type: 'non_fast_forward' }] });
    await snapshot();
    expect(stage.double.requests.length).toBe(4);
  });

  test('tells a branch without a classic rule by what only those are told who may look', async () => {
    expect((await snapshot()).classic).toBeNull();
    expect(stage.double.requests.length).toBe(3);
  });

  test('refuses a branch whose classic rule this token may not see', async () => {
    seedClassic();
    const { client } = (await openStageWith({ contents: 'read', metadata: 'read' })).session;
    const read = await protectionPort(client).read('main');
    expect(read.kind === 'refused' && read.reasons.map(({ code }) => code)).toEqual(['permission_missing']);
  });

  test('calls bypass actors hidden that are not shown, and edits of that ruleset are refused', async () => {
    const id = seedRuleset();
    const { client } = (await openStageWith({ contents: 'read', administration: 'read' })).session;
    const read = await protectionPort(client).read('main');
    expect(read.kind === 'ok' && read.snapshot.rulesets[0]?.bypassActors).toBe('hidden');
    const simulation =
      read.kind === 'ok'
        ? simulate(read.snapshot, { kind: 'ruleset-bypass', rulesetId: id, actor }, 'squash')
        : undefined;
    expect(simulation?.kind === 'refused' && simulation.reasons.map(({ code }) => code)).toEqual(['bypass_hidden']);
  });

  test('names the organization of a ruleset that cannot be changed from here', async () => {
    const { id } = stage.double.orgRuleset('acme', {
      name: 'house rules',
      rules: [{ type: 'deletion' }],
    });
    const simulation = simulate(await snapshot(), { kind: 'ruleset-bypass', rulesetId: id, actor }, 'squash');
    expect(simulation).toMatchObject({ kind: 'refused', reasons: [{ code: 'org_ruleset', subject: 'house rules' }] });
  });

  test('refuses a branch that is not there', async () => {
    const read = await protectionPort(stage.session.client).read('nowhere');
    expect(read).toMatchObject({ kind: 'refused' });
  });
});

describe('a third party', () => {
  test('who turns the ruleset off while it is relaxed does not keep our app in its bypass list', async () => {
    const id = seedRuleset();
    const edit: Edit = { kind: 'ruleset-bypass', rulesetId: id, actor };
    const before = await snapshot();
    const { proof } = await lease(before, edit);
    const protection = protectionPort(stage.session.client);
    await protection.relax(edit, before, proof);
    const ruleset = stage.repo.state.rulesets.get(id);
    if (ruleset) ruleset.enforcement = 'disabled';
    const live = await protection.readTarget(edit, 'main');
    if (live.kind === 'refused') throw new Error('refused');
    const plan = planRestore(withTarget(await snapshot(), live.target), before, edit);
    expect(plan.kind === 'write' && plan.foreign.length).toBeGreaterThan(0);
    if (plan.kind === 'write') await protection.restore(plan.undo, proof);
    expect(ruleset?.bypassActors.map(({ actor_id }) => actor_id)).toEqual([5]);
    expect(ruleset?.enforcement).toBe('disabled');
  });
});

describe('somebody who changes the rule between our reading and our writing', () => {
  const count = (ruleId: string): Edit => ({
    kind: 'classic-field',
    ruleId,
    field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
  });

  /** Opens the window, lets `meddle` act right before the undoing is written, and closes. */
  async function closeWhile(edit: Edit, write: { method: string; route: RegExp }, meddle: () => void) {
    const protection = protectionPort(stage.session.client);
    const before = await snapshot();
    const { proof } = await lease(before, edit);
    const opened = await protection.relax(edit, before, proof);
    if (opened.kind !== 'written') throw new Error(JSON.stringify(opened));
    const skip = write.route.test('/graphql') ? 1 : 0;
    stage.double.faults.add({ ...write, skip, fault: { do: 'hook', run: meddle } });
    const closed = await closeWindow(protection, before, edit, proof);
    if (closed.kind === 'open') throw new Error(JSON.stringify(closed.reasons));
    return closed.foreign.map(({ path }) => path);
  }
  const graphql = { method: 'POST', route: /graphql/ };
  const put = { method: 'PUT', route: /rulesets/ };
  const reviews = () => stage.repo.state.classicRules[0]?.reviews;

  test('keeps a count that was raised above what it was', async () => {
    seedClassic();
    const edit = count((await snapshot()).classic?.ruleId ?? '');
    const foreign = await closeWhile(edit, graphql, () => Object.assign(reviews() ?? {}, { count: 4 }));
    expect(foreign).toEqual(['rule.reviews.requiredApprovingReviewCount']);
    expect(reviews()?.count).toBe(4);
  });

  test('keeps a bypass list that was shortened, and our app is off it', async () => {
    seedClassic();
    const edit: Edit = { kind: 'classic-bypass', ruleId: (await snapshot()).classic?.ruleId ?? '', app: 'obsgate' };
    const nobody = { users: [], teams: [], apps: ['obsgate'] };
    await closeWhile(edit, graphql, () => Object.assign(reviews() ?? {}, { bypass: nobody }));
    expect(reviews()?.bypass).toBeNull();
  });

  test('keeps a rule of the ruleset that was hardened', async () => {
    const id = seedRuleset();
    const edit: Edit = {
      kind: 'ruleset-field',
      rulesetId: id,
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    };
    const ruleset = stage.repo.state.rulesets.get(id);
    const pull = ruleset?.rules.find(({ type }) => type === 'pull_request');
    await closeWhile(edit, put, () => {
      if (ruleset === undefined || pull === undefined) throw new Error('no ruleset');
      const live = ruleset.rules.find(({ type }) => type === 'pull_request');
      ruleset.rules = [
        ...ruleset.rules.filter(({ type }) => type !== 'pull_request'),
        {
          type: 'pull_request',
          parameters: { ...live?.parameters, dismiss_stale_reviews_on_push: true, required_approving_review_count: 5 },
        },
        { type: 'required_signatures' },
      ];
      recordVersion(stage.double.world, ruleset, 'boss');
    });
    expect(ruleset?.rules.map(({ type }) => type).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'deletion',
      'pull_request',
      'required_signatures',
      'required_status_checks',
    ]);
    expect(ruleset?.rules.find(({ type }) => type === 'pull_request')?.parameters).toMatchObject({
      required_approving_review_count: 5,
    });
  });

  test('keeps what was taken off the bypass list of the ruleset', async () => {
    const id = seedRuleset();
    const edit: Edit = { kind: 'ruleset-bypass', rulesetId: id, actor };
    const ruleset = stage.repo.state.rulesets.get(id);
    await closeWhile(edit, put, () => {
      if (ruleset === undefined) throw new Error('no ruleset');
      ruleset.bypassActors = ruleset.bypassActors.filter(({ actor_id }) => actor_id !== 5);
      recordVersion(stage.double.world, ruleset, 'boss');
    });
    expect(ruleset?.bypassActors).toEqual([]);
  });
});

describe('without the lease nothing is written', () => {
  test('a proof that was copied is refused before any request', async () => {
    seedClassic();
    const before = await snapshot();
    const edit: Edit = {
      kind: 'classic-field',
      ruleId: before.classic?.ruleId ?? '',
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    };
    const { proof } = await lease(before, edit);
    stage.double.clearRequests();
    const result = await protectionPort(stage.session.client).relax(edit, before, { ...proof });
    expect(result).toMatchObject({ kind: 'refused', reasons: [{ code: 'proof_mismatch' }] });
    expect(stage.double.requests).toEqual([]);
  });

  test('a proof for another rule is refused, and so is one that has expired', async () => {
    seedClassic();
    const before = await snapshot();
    const edit: Edit = {
      kind: 'classic-field',
      ruleId: before.classic?.ruleId ?? '',
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    };
    const other = await lease(before, { ...edit, ruleId: 'BPR_other' });
    expect(await protectionPort(stage.session.client).relax(edit, before, other.proof)).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'proof_mismatch' }],
    });
    const late = protectionPort(stage.session.client, { now: () => Date.now() + 301_000 });
    const own = { ...edit, ruleId: 'BPR_other' };
    expect(await late.relax(own, before, other.proof)).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'lease_expired' }],
    });
  });
});

describe('a write', () => {
  test.each([
    ['502 without effect', { do: 'status', status: 502 }, 'unconfirmed'],
    ['a connection that broke after the effect', { do: 'drop', effect: 'applied' }, 'unconfirmed'],
    ['a secondary limit', { do: 'secondary-limit', retryAfterSeconds: 1 }, 'refused'],
  ] as const)('that meets %s is sent once and told as %s', async (_name, fault, kind) => {
    seedClassic();
    const before = await snapshot();
    const edit: Edit = {
      kind: 'classic-field',
      ruleId: before.classic?.ruleId ?? '',
      field: { name: 'requiredApprovingReviewCount', from: 2, to: 0 },
    };
    const { proof } = await lease(before, edit);
    stage.double.clearRequests();
    stage.double.faults.add({ method: 'POST', route: /graphql/, fault, times: 9 });
    expect((await protectionPort(stage.session.client).relax(edit, before, proof)).kind).toBe(kind);
    expect(stage.double.requests.length).toBe(1);
  });

  test('whose read fails at first is read again', async () => {
    seedClassic();
    stage.double.faults.add({ method: 'GET', fault: { do: 'status', status: 503 }, times: 2 });
    expect(sameProtection(await snapshot(), await snapshot())).toBe(true);
  });
});

/** A session with other permissions, on the same repository. */
async function openStageWith(permissions: Readonly<Record<string, 'read' | 'write'>>): Promise<Pick<Stage, 'session'>> {
  const { openSession } = await import('@obsgate/github/auth');
  const app = stage.double.app({ slug: 'weak', permissions });
  const token = stage.double.installationToken(stage.double.install(app, 'acme'));
  const opened = await openSession(
    { kind: 'token', token },
    {},
    { apiUrl: stage.double.url, owner: 'acme', repo: 'obs', mask: () => undefined },
  );
  if (opened.kind === 'refused') throw new Error('refused');
  return { session: opened.session };
}
