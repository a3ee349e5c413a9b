import { afterAll, describe, expect, test } from 'vitest';
import { runMerge } from '@obsgate/core/merge';
import { client } from '../github-double/client.ts';
import { countRequests } from './crash.ts';
import {
  clientOf,
  noLedger,
  portsOf,
  protectFor,
  RUNG_CASES,
  startStage,
  taskFor,
  type RungCase,
  type Stage,
} from './stage.ts';

/** What an administrator does to the protection in the middle of a merge. */
const DEEDS = ['tightens', 'loosens', 'replaces'] as const;
type Deed = (typeof DEEDS)[number];

const BASE = '/repos/acme/obs';

async function act(stage: Stage, deed: Deed, { kind }: RungCase): Promise<void> {
  const admin = client(stage.double.url, stage.double.token('admin'));
  if (kind === 'classic') return actOnRule(admin, deed);
  const id = [...stage.repo.state.rulesets.keys()][0] ?? 0;
  const { body } = await admin('GET', `${BASE}/rulesets/${id}`);
  if (deed === 'replaces') {
    await admin('DELETE', `${BASE}/rulesets/${id}`);
    const { name, target, enforcement, conditions } = body;
    const rules = reviewsOf(body['rules'], 2);
    return void (await admin('POST', `${BASE}/rulesets`, { name, target, enforcement, conditions, rules }));
  }
  const rules = reviewsOf(body['rules'], deed === 'tightens' ? 2 : undefined);
  const kept = deed === 'loosens' ? rules.filter(({ type }) => type !== 'non_fast_forward') : rules;
  await admin('PUT', `${BASE}/rulesets/${id}`, { rules: kept });
}

async function actOnRule(admin: ReturnType<typeof client>, deed: Deed): Promise<void> {
  const path = `${BASE}/branches/main/protection`;
  if (deed === 'tightens')
    return void (await admin('PATCH', `${path}/required_pull_request_reviews`, { required_approving_review_count: 2 }));
  if (deed === 'loosens') return void (await admin('DELETE', `${path}/required_status_checks`));
  await admin('DELETE', path);
  await admin('PUT', path, {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 2 },
    restrictions: null,
  });
}

type RuleBody = { readonly type: string; readonly parameters?: Record<string, unknown> };

function reviewsOf(rules: unknown, count: number | undefined): RuleBody[] {
  return (rules as RuleBody[]).map((rule) =>
    rule.type !== 'pull_request' || count === undefined
      ? rule
      : { ...rule, parameters: { ...rule.parameters, required_approving_review_count: count } },
  );
}

/** What the protection asks for in the end: approvals, and who else may pass. */
function demands(stage: Stage): { approvals: number; oursMayPass: boolean; checks: boolean; forcePushes: boolean } {
  const { repo, app } = stage;
  const rule = repo.state.classicRules[0];
  const ruleset = [...repo.state.rulesets.values()][0];
  const review = ruleset?.rules.find(({ type }) => type === 'pull_request')?.parameters;
  return {
    approvals: Number(review?.['required_approving_review_count'] ?? rule?.reviews?.count ?? -1),
    oursMayPass:
      rule?.reviews?.bypass?.apps.includes(app.slug) === true ||
      ruleset?.bypassActors.some(({ actor_id, actor_type }) => actor_type === 'Integration' && actor_id === app.id) ===
        true,
    checks: rule === undefined ? true : rule.statusChecks !== null,
    forcePushes: ruleset === undefined ? false : !ruleset.rules.some(({ type }) => type === 'non_fast_forward'),
  };
}

let played = 0;
afterAll(() => console.log(`third party: ${played} cases were played`));

async function play(rung: RungCase, deed: Deed, at: number): Promise<string[]> {
  const stage = await startStage({ mergeableNullReads: 0 });
  try {
    protectFor(rung, stage);
    const ports = portsOf(await clientOf(stage), stage);
    const task = await taskFor(stage, ports, rung);
    stage.double.faults.resetCounter();
    stage.double.faults.add({ at, fault: { do: 'hook', when: 'before', run: () => act(stage, deed, rung) } });
    await runMerge(task, ports, new AbortController().signal);
    played += 1;
    const after = demands(stage);
    const least = deed === 'loosens' ? 1 : 2;
    const wrong: string[] = [];
    if (after.approvals < least) wrong.push(`asks for ${after.approvals} approvals, not for ${least}`);
    if (after.oursMayPass && rung.rung !== 'existing-bypass') wrong.push('the App is left on a bypass list');
    return wrong;
  } finally {
    await stage.double.close();
  }
}

const RELAXING = RUNG_CASES.filter(({ rung }) => rung === 'add-bypass' || rung === 'lower-field');

describe.each(RELAXING)('while a merge goes by $rung on a $kind rule', (rung) => {
  test.each(DEEDS)('a third party %s the protection at any request, and its hardening is never lost', async (deed) => {
    // The ledger comes last, and is none of their business.
    const requests = await countRequests(rung, noLedger);
    const failed: string[] = [];
    for (let at = 1; at <= requests; at++) {
      // oxlint-disable-next-line no-await-in-loop -- each has a repository of its own
      const wrong = await play(rung, deed, at);
      if (wrong.length > 0) failed.push(`${deed} at ${at}: ${wrong.join('; ')}`);
    }
    expect(failed).toEqual([]);
  });
});
