import { runMerge, taskOf, type MergePlan, type MergeReport, type MergeRequest } from '@obsgate/core/merge';
import { renderMergeMarkdown } from '@obsgate/core/report/merge';
import { planPull } from '@obsgate/github/merge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { client as rawClient } from '../github-double/client.ts';
import { liveProtection } from './crash.ts';
import { account, commented, labelled } from './events.ts';
import { startJob } from './run-action.ts';
import { CHECK, clientOf, LABELS, openGreenPull, portsOf, protectFor, RUN, startStage, type Stage } from './stage.ts';

const NEVER = new AbortController().signal;

let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ mergeableNullReads: 0 });
  protectFor({ rung: 'add-bypass', kind: 'classic' }, stage);
});
afterEach(() => stage.double.close());

type Attempt = { readonly plan: MergePlan; readonly report: MergeReport | null; readonly codes: readonly string[] };

/** From the request to the merge, as the action goes; `between` acts after the gates have looked. */
async function attempt(
  request: Partial<MergeRequest> = {},
  between: () => unknown = () => undefined,
  pull = stage.pull,
): Promise<Attempt> {
  const client = await clientOf(stage);
  const ports = portsOf(client, stage);
  const asked: MergeRequest = { pull: pull.number, trigger: { kind: 'checks' }, headSha: null, ...request };
  const planned = await planPull(asked, { ...ports, client, merger: { kind: 'app', ...stage.app } });
  if (planned.kind === 'refused') throw new Error(JSON.stringify(planned.reasons));
  const { plan } = planned;
  await between();
  const task = taskOf(plan, RUN, 'reviewer');
  const report = task === undefined ? null : await runMerge(task, ports, NEVER);
  return { plan, report, codes: (report?.reasons ?? plan.reasons).map(({ code }) => code) };
}

/** Nothing was merged, nothing was relaxed, and the reason is told. */
async function expectRefusal(code: string, made: Promise<Attempt>): Promise<void> {
  const tip = stage.repo.tip('main');
  const before = await liveProtection(stage);
  const { codes, report } = await made;
  expect(codes).toContain(code);
  expect(report?.merged ?? false).toBe(false);
  expect(stage.repo.tip('main')).toBe(tip);
  expect(await liveProtection(stage)).toEqual(before);
}

test('the stage is one that merges, so that a refusal below is the threat’s doing', async () => {
  expect(await attempt()).toMatchObject({ report: { outcome: 'pass', merged: true, rung: 'add-bypass' } });
});

describe('label or approval, then push', () => {
  test('a push after the labels makes them stale', async () => {
    stage.double.clock.advance(60);
    await stage.repo.pushTo(stage.pull, { 'docs/guide.md': 'other\n' });
    stage.repo.check(stage.pull.headSha, CHECK, GATE);
    await expectRefusal('label_stale', attempt());
  });

  test('a push after the gates looked is not merged', async () => {
    const push = (): unknown => stage.repo.pushTo(stage.pull, { 'docs/evil.md': 'x\n' });
    const { codes, report } = await attempt({}, push);
    expect(codes).toContain('head_moved');
    expect(report).toMatchObject({ merged: false, relax: 'none' });
  });

  test('a push while the window is open is refused by GitHub, and the window is closed', async () => {
    const route = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
    const run = async (): Promise<void> => void (await stage.repo.pushTo(stage.pull, { 'docs/evil.md': 'x\n' }));
    stage.double.faults.add({ route, fault: { do: 'hook', when: 'before', run } });
    await expectRefusal('head_moved', attempt());
  });

  test('a label that goes, and a check that turns red, after the gates looked stop it', async () => {
    await expectRefusal(
      'label_missing',
      attempt({}, () => stage.repo.unlabel(stage.pull, 'change:safe', 'reviewer')),
    );
    stage.double.clock.advance(5);
    stage.repo.label(stage.pull, 'change:safe', 'reviewer');
    const red = (): unknown => stage.repo.check(stage.pull.headSha, CHECK, { ...GATE, conclusion: 'failure' });
    await expectRefusal('check_not_green', attempt({}, red));
  });
});

const GATE = { workflow: { path: '.github/workflows/obs-lint.yml', event: 'pull_request' } } as const;

describe('comments', () => {
  function request(body: string, by: string): Partial<MergeRequest> {
    const { comment } = commented(stage, body, by);
    return { trigger: { kind: 'comment', id: comment.id, actor: account(stage, by), sha: null } };
  }

  test('an edited one does not count', async () => {
    stage.double.clock.advance(5);
    const asked = request('/auto-merge', 'reviewer');
    const all = stage.repo.state.issues.get(stage.pull.number)?.comments ?? [];
    Object.assign(all.at(-1) ?? {}, { updatedAt: '2030-01-01T00:00:00Z' });
    await expectRefusal('comment_changed', attempt(asked));
  });

  test('one by somebody without a role does not count', async () => {
    stage.double.clock.advance(5);
    await expectRefusal('actor_untrusted', attempt(request('/auto-merge', 'reader')));
  });
});

describe('spoofing', () => {
  test('the same login with another number is somebody else', async () => {
    const actor = { ...account(stage, 'reviewer'), id: 424_242 };
    await expectRefusal('actor_untrusted', attempt({ trigger: { kind: 'dispatch', actor } }));
  });

  test('a bot that nobody trusts by its number asks in vain', async () => {
    const actor = { login: 'helper[bot]', id: 777, type: 'Bot' };
    await expectRefusal('actor_untrusted', attempt({ trigger: { kind: 'dispatch', actor } }));
  });

  test('a head in a fork is not merged, whatever its labels', async () => {
    stage.double.seed({ owner: 'mallory', ownerType: 'User', name: 'obs', forkOf: 'acme/obs' });
    const spec = { branch: 'evil', author: 'mallory', fromFork: 'mallory/obs' };
    const pull = await openGreenPull(stage.double, stage.repo, spec);
    await expectRefusal('fork_head', attempt({}, undefined, pull));
  });
});

test('a green check of the same name by another app does not count', async () => {
  const app = stage.double.app({ slug: 'forger' });
  const pull = await stage.repo.pull({ author: 'author', branch: 'b', files: { 'docs/b.md': 'b\n' } });
  stage.double.clock.advance(5);
  for (const label of LABELS) stage.repo.label(pull, label, 'reviewer');
  stage.repo.check(pull.headSha, CHECK, { appId: app.id });
  await expectRefusal('check_unbound', attempt({}, undefined, pull));
});

describe('a pull request that edits what judges it', () => {
  test.each(['.github/workflows/obs-lint.yml', 'rulepack/safe-docs.yml', '.obsgate.yml', 'docs/CODEOWNERS'])(
    '%s',
    async (path) => {
      const files = { [path]: 'scenario: safe-docs\n' };
      const pull = await openGreenPull(stage.double, stage.repo, { branch: 'edit', files });
      await expectRefusal('forbidden_path', attempt({}, undefined, pull));
    },
  );
});

describe('path tricks', () => {
  test.each([
    ['a symlink', { 'docs/link.md': { content: '/etc/passwd', mode: '120000' } }, 'special_file'],
    ['an executable', { 'docs/run.md': { content: '#!/bin/sh\n', mode: '100755' } }, 'executable_mode'],
    ['a file outside of the scenario', { 'src/a.ts': 'x\n' }, 'no_scenario'],
  ] as const)('%s', async (_, files, code) => {
    const pull = await openGreenPull(stage.double, stage.repo, { branch: 'trick', files });
    await expectRefusal(code, attempt({}, undefined, pull));
  });
});

test('somebody who merges through a lowered field is told of, loudly', async () => {
  stage.repo.state.classicRules = [];
  protectFor({ rung: 'lower-field', kind: 'classic' }, stage);
  const other = await openGreenPull(stage.double, stage.repo, { branch: 'other', files: { 'docs/b.md': 'b\n' } });
  const client = await clientOf(stage);
  const ports = portsOf(client, stage);
  const request: MergeRequest = { pull: stage.pull.number, trigger: { kind: 'checks' }, headSha: null };
  const planned = await planPull(request, { ...ports, client, merger: { kind: 'unknown' } });
  const task = planned.kind === 'planned' ? taskOf(planned.plan, RUN, 'reviewer') : undefined;
  if (task === undefined) throw new Error(JSON.stringify(planned));
  expect(task.rung.name).toBe('lower-field');
  const run = async (): Promise<void> => {
    const author = rawClient(stage.double.url, stage.double.token('author'));
    await author('PUT', `/repos/acme/obs/pulls/${other.number}/merge`, {});
  };
  const route = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
  stage.double.faults.add({ route, fault: { do: 'hook', when: 'before', run } });
  const report = await runMerge(task, ports, NEVER);
  expect(other.mergedBy).toBe('author');
  expect(report).toMatchObject({ outcome: 'error', restore: 'restored' });
  expect(report.reasons.map(({ code }) => code)).toContain('window_used');
});

describe('hostile names', () => {
  const NAME = `docs/$(touch x) "q" 'a' \u202egpj.\u{1f600} @everyone <img src=x> [l](javascript:1) \`b\`.md`;

  test('reach neither the comment nor the summary with a meaning', async () => {
    const pull = await openGreenPull(stage.double, stage.repo, {
      branch: 'odd-$(id)',
      title: 'x\n::set-output name=a::b <!-- obsgate:merge --> @everyone',
      files: { [NAME]: 'x\n', 'src/$(id).ts': 'x\n' },
    });
    const { plan } = await attempt({}, undefined, pull);
    const text = renderMergeMarkdown({ plan, report: null, dryRun: false });
    expect(text).not.toMatch(/\u202e/);
    // What stands in a code span is text and nothing else.
    const outside = text.replaceAll(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, 'code');
    expect(outside).not.toMatch(/@everyone|<img|(?<!\\)\]\(javascript/);
    expect(plan.outcome).toBe('fail');
  });
});

test('no secret is printed or left behind: keys and tokens are masked, and the minted token is revoked', async () => {
  const job = await startJob(stage, { event: 'pull_request', payload: labelled(stage, 'auto-relax-merge') });
  try {
    const run = await job.step('main');
    expect(run.code).toBe(0);
    const said =
      run.stdout.replaceAll(/^::add-mask::.*$/gm, '') + run.stderr + run.summary + JSON.stringify(run.outputs);
    const minted = stage.double.requests.flatMap(({ token }) => (token?.startsWith('ghs_') === true ? [token] : []));
    for (const secret of [...new Set(minted), stage.privateKey.slice(40, 100), 'a seal key']) {
      expect(said).not.toContain(secret);
    }
    expect(stage.double.requests.at(-1)).toMatchObject({ method: 'DELETE', route: '/installation/token' });
  } finally {
    await job.end();
  }
});
