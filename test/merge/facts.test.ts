import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentsDocument } from '../../packages/github/src/facts/contents.ts';
import { foldersDocument } from '../../packages/github/src/facts/folders.ts';
import { validateGraphql } from '../github-double/conformance/graphql.ts';
import { factsStage, openGreen, RULES, told, type FactsStage } from './facts-stage.ts';

const CHANGE = { 'prometheus/rules/a.yml': RULES.replace('sum(up)', 'sum(up) by (job)') };

let stage: FactsStage;
beforeEach(async () => {
  stage = await factsStage();
});
afterEach(() => stage.double.close());

describe('the facts of a pull request', () => {
  test('are enough for the gates to see that only the approval is missing, in at most 14 requests', async () => {
    const pull = await openGreen(stage, CHANGE);
    await stage.read(pull.number); // GitHub works out whether it conflicts when it is first asked
    const before = stage.client.requests.length;
    const evaluation = await stage.judge(pull.number);
    expect(told(evaluation)).toEqual([]);
    expect(evaluation.outcome).toBe('pass');
    expect(evaluation.pack?.scenario).toBe('observability-only');
    expect(evaluation.singleCause).toMatchObject({
      kind: 'review',
      causes: [{ need: 'approvals', from: { kind: 'classic' } }],
    });
    const sent = stage.client.requests.slice(before).map(({ request }) => request.slice(request.lastIndexOf('/') + 1));
    // One list of jobs for each of the four workflow runs; the protection takes a branch and a GraphQL request.
    const jobs = Array.from({ length: 4 }, () => 'jobs');
    expect(sent.toSorted()).toEqual([
      'activity',
      'files',
      'graphql',
      'graphql',
      'graphql',
      ...jobs,
      'permission',
      '{branch}',
    ]);
    expect(sent.length).toBeLessThanOrEqual(14);
  });

  test('hold both sides of every file with its mode', async () => {
    const pull = await openGreen(stage, {
      ...CHANGE,
      'docs/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
      'docs/link': { content: '../.github', mode: '120000' },
    });
    const { files } = await stage.read(pull.number);
    expect(files.kind).toBe('complete');
    const seen = files.files.map(({ path, before, after }) => [path, before?.mode ?? null, after?.mode ?? null]);
    expect(seen.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['docs/link', null, '120000'],
      ['docs/run.sh', null, '100755'],
      ['prometheus/rules/a.yml', '100644', '100644'],
    ]);
    const rules = files.files.find(({ path }) => path.endsWith('a.yml'));
    expect(rules?.before?.content).toEqual({ kind: 'text', text: RULES });
    expect(rules?.after?.content).toEqual({ kind: 'text', text: CHANGE['prometheus/rules/a.yml'] });
  });

  test('take rulepacks and configuration from the base, whatever the head says', async () => {
    const lax = 'scenario: all\nallow_paths: ["**"]\nrelaxable: true\nrequired_contexts: [x]\npriority: 1000\n';
    const pull = await openGreen(stage, {
      ...CHANGE,
      'rulepack/all.yml': lax,
      '.obsgate.yml': 'merge: { labels: [x] }\n',
    });
    const evaluation = await stage.judge(pull.number);
    expect(evaluation.match.verdicts.map(({ pack }) => pack.scenario)).not.toContain('all');
    expect(told(evaluation)).toContain('path-policy forbidden_path rulepack/all.yml');
    expect(told(evaluation)).toContain('path-policy forbidden_path .obsgate.yml');
  });

  test('name who pushed last and when, by the activity of the branch', async () => {
    const pull = await openGreen(stage, CHANGE);
    stage.double.clock.advance(60);
    const state = stage.repo.state.pulls.get(pull.number);
    if (state === undefined) throw new Error('no pull request');
    const sha = await stage.repo.pushTo(state, { 'docs/more.md': 'more\n' }, { by: 'reviewer' });
    const { push, labels } = await stage.read(pull.number);
    expect(push).toMatchObject({ kind: 'known', after: sha, by: { login: 'reviewer' } });
    expect(labels.map(({ name }) => name).toSorted()).toEqual(['auto-relax-merge', 'change:safe']);
    expect(told(await stage.judge(pull.number))).toContain('labels label_stale change:safe');
  });

  test('know when the base branch was changed', async () => {
    const pull = await openGreen(stage, CHANGE);
    await stage.repo.push('next', { 'docs/next.md': 'x\n' }, { by: 'author' });
    stage.double.clock.advance(60);
    for (const base of ['next', 'main']) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      const changed = await fetch(`${stage.double.url}/repos/acme/obs/pulls/${pull.number}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${stage.double.token('author')}` },
        body: JSON.stringify({ base }),
      });
      expect(changed.status).toBe(200);
    }
    expect((await stage.read(pull.number)).pull.base.changedAt).not.toBeNull();
    expect(told(await stage.judge(pull.number))).toContain('labels label_stale change:safe');
  });

  test('tell a job of a workflow from a check run that a token made under its name', async () => {
    const pull = await stage.repo.pull({ author: 'author', files: CHANGE });
    stage.repo.check(pull.headSha, 'other', {
      workflow: { path: '.github/workflows/obs-lint.yml', event: 'pull_request' },
    });
    const forged = stage.repo.actionsToken({ checks: 'write', contents: 'read' });
    const response = await fetch(`${stage.double.url}/repos/acme/obs/check-runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${forged}`, accept: 'application/vnd.github+json' },
      body: JSON.stringify({ name: 'obs-lint', head_sha: pull.headSha, status: 'completed', conclusion: 'success' }),
    });
    expect(response.status).toBe(201);
    const { checks } = await stage.read(pull.number);
    const made = checks.checks.find(({ name }) => name === 'obs-lint');
    expect(made).toMatchObject({ kind: 'check_run', appId: 15_368, conclusion: 'success', run: { job: 'no_job' } });
    expect(told(await stage.judge(pull.number))).toContain('checks check_unbound obs-lint');
  });

  test('see a comment as it is now, not as the event says', async () => {
    const pull = await openGreen(stage, CHANGE);
    stage.double.clock.advance(2);
    const state = stage.repo.state.pulls.get(pull.number);
    if (state === undefined) throw new Error('no pull request');
    const comment = stage.repo.comment(state, '/auto-merge', 'author');
    const facts = await stage.read(pull.number);
    const actor = facts.pull.author;
    if (actor === null) throw new Error('no author');
    const trigger = { kind: 'comment', id: comment.id, actor, sha: null } as const;
    expect((await stage.read(pull.number, trigger)).comment).toMatchObject({
      body: '/auto-merge',
      author: { login: 'author' },
    });
    expect(told(await stage.judge(pull.number, trigger))).toEqual([]);
    expect((await stage.read(pull.number, { ...trigger, id: comment.id + 999 })).comment).toBeNull();
  });

  test('carry hostile names as values', async () => {
    const name = 'docs/$(touch x)`"\'${{ github.token }} \u{1F600}.md';
    const pull = await openGreen(stage, { ...CHANGE, [name]: 'text\n', 'docs/a\u202Eb.md': 'x\n' });
    await stage.read(pull.number);
    const evaluation = await stage.judge(pull.number);
    expect(evaluation.pack?.scenario).toBe('observability-only');
    expect(told(evaluation)).toEqual(['path-policy unsafe_path docs/a\u202Eb.md']);
    expect(evaluation.refusals[0]?.message).not.toContain('\u202E');
  });

  test('see a new file that is one with another where letter case does not count', async () => {
    const pull = await openGreen(stage, { 'Prometheus/new.yml': RULES, 'readme.md': 'x\n' });
    const { folders } = await stage.read(pull.number);
    expect(folders.find(({ path }) => path === '')?.names).toContain('prometheus');
    const codes = told(await stage.judge(pull.number));
    expect(codes).toContain('path-policy unsafe_path Prometheus/new.yml');
    expect(codes).toContain('path-policy unsafe_path readme.md');
  });

  test('say that a fork is one', async () => {
    stage.double.seed({ owner: 'stranger', ownerType: 'User', name: 'obs', forkOf: 'acme/obs' });
    const pull = await stage.repo.pull({ author: 'stranger', fromFork: 'stranger/obs', files: { 'docs/a.md': 'a\n' } });
    const codes = told(await stage.judge(pull.number));
    expect(codes).toContain('origin fork_head');
    expect(codes).toContain('origin author_untrusted stranger');
  });

  test('know of a second pull request with the same head and another base', async () => {
    const pull = await openGreen(stage, CHANGE);
    await stage.repo.push('lax', { '.github/workflows/obs-lint.yml': 'on: pull_request\n' }, { by: 'author' });
    const { pulls } = stage.repo.state;
    const branch = pulls.get(pull.number)?.headRef ?? '';
    const opened = await fetch(`${stage.double.url}/repos/acme/obs/pulls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.double.token('author')}` },
      body: JSON.stringify({ title: 'twin', head: branch, base: 'lax' }),
    });
    expect(opened.status).toBe(201);
    expect((await stage.read(pull.number)).pull.twins).toMatchObject([{ base: 'lax' }]);
    expect(told(await stage.judge(pull.number))).toContain('checks check_unbound obs-lint');
  });
});

describe('what stops all merges', () => {
  test('is a variable, an open issue with the label, or not being able to tell', async () => {
    const frozen = await factsStage({ '.obsgate.yml': 'merge: { freeze: { variable: FREEZE, label: freeze } }\n' });
    try {
      const pull = await openGreen(frozen, CHANGE);
      expect((await frozen.read(pull.number)).freeze).toEqual({ kind: 'none' });
      const issue = frozen.repo.issue({ title: 'Sale', user: 'admin', labels: ['freeze'] });
      expect((await frozen.read(pull.number)).freeze).toEqual({
        kind: 'frozen',
        by: `issue #${issue.number} with the label "freeze"`,
      });
      frozen.repo.variable('FREEZE', 'yes');
      expect((await frozen.read(pull.number)).freeze).toEqual({ kind: 'frozen', by: 'the variable FREEZE' });
      expect(told(await frozen.judge(pull.number))).toContain('base frozen');
    } finally {
      await frozen.double.close();
    }
  });
});

test('the documents that are put together by number of files are ones that GitHub knows', () => {
  for (const count of [0, 2]) expect(validateGraphql(foldersDocument(count))).toEqual([]);
  for (const first of [true, false])
    for (const freeze of [true, false])
      for (const base of [0, 1, 3])
        for (const head of [0, 2]) expect(validateGraphql(contentsDocument({ base, head, first, freeze }))).toEqual([]);
});
