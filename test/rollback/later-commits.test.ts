import { cloneThreeWay, gitEnvironment } from '@obsgate/github/rollback';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { client } from '../github-double/client.ts';
import { FILES, mergedPull, mergeNow, revertsOnMain, rollBack, startStage, type Stage } from './stage.ts';
import type { ThreeWayPort } from '@obsgate/core/rollback';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.double.close());

function clone(): ThreeWayPort {
  return cloneThreeWay({ url: stage.repo.gitDir, token: null, env: process.env });
}

function headFile(number: number | null, path: string): string | null {
  const pull = [...stage.repo.state.pulls.values()].find((each) => each.number === number);
  return stage.repo.file(pull?.headSha ?? '', path);
}

test.each(['squash', 'merge', 'rebase'] as const)(
  'a %s merge below later commits is reverted three-way, for checks to decide',
  async (method) => {
    const merged = await mergedPull(stage, method, {
      files: { 'docs/guide.md': 'one\nbad\nthree\n', 'docs/added.md': 'x\n', 'docs/gone.md': null },
    });
    await stage.repo.push('main', {
      'docs/later.md': 'later\n',
      'docs/guide.md': 'one\nbad\nthree\nfour\nfive\nsix\n',
    });
    const report = await rollBack(stage, merged, { threeWay: clone() });
    expect(report).toMatchObject({ outcome: 'hold', reverted: false, plan: { way: 'three-way', land: 'ask' } });
    expect(report.reasons.map(({ code }) => code)).toEqual(['revert_unproven']);
    const { revertPull } = report;
    expect(headFile(revertPull, 'docs/guide.md')).toBe('one\ntwo\nthree\nfour\nfive\nsix\n');
    expect(headFile(revertPull, 'docs/added.md')).toBeNull();
    expect(headFile(revertPull, 'docs/gone.md')).toBe(FILES['docs/gone.md']);
    expect(headFile(revertPull, 'docs/later.md')).toBe('later\n');
    expect(stage.repo.state.issues.get(revertPull ?? 0)?.labels).toEqual([
      'obsgate:revert',
      'change:safe',
      'auto-relax-merge',
    ]);
    expect(revertsOnMain(stage, merged)).toBe(0);
  },
);

test('renames are followed back', async () => {
  const merged = await mergedPull(stage, 'squash', {
    files: { 'docs/old-name.md': null, 'docs/new-name.md': FILES['docs/old-name.md'] },
  });
  await stage.repo.push('main', { 'docs/new-name.md': 'a\nb\nc\nd\ne\nf\ng\n' });
  const { revertPull } = await rollBack(stage, merged, { threeWay: clone() });
  expect(headFile(revertPull, 'docs/old-name.md')).toBe('a\nb\nc\nd\ne\nf\ng\n');
  expect(headFile(revertPull, 'docs/new-name.md')).toBeNull();
});

test('a conflict stops with the files and an issue, and makes no branch', async () => {
  const merged = await mergedPull(stage);
  await stage.repo.push('main', { 'docs/guide.md': 'one\nworse\nthree\n' });
  const report = await rollBack(stage, merged, { threeWay: clone() });
  expect(report).toMatchObject({ outcome: 'fail', revertPull: null });
  const conflict = report.reasons.find(({ code }) => code === 'revert_conflict');
  expect(conflict?.message).toContain('"docs/guide.md"');
  const issue = stage.repo.state.issues.get(report.incident ?? 0);
  expect(issue?.labels).toEqual(['obsgate:incident']);
  expect(issue?.body).toContain('docs/guide.md');
  expect(stage.repo.state.pulls.size).toBe(1);
});

test('without git GitHub itself reverts, and the pull request is found again', async () => {
  const merged = await mergedPull(stage);
  await stage.repo.push('main', { 'docs/later.md': 'later\n' });
  const report = await rollBack(stage, merged);
  expect(report).toMatchObject({ outcome: 'hold', reverted: false });
  expect(headFile(report.revertPull, 'docs/guide.md')).toBe(FILES['docs/guide.md']);
  const again = await rollBack(stage, merged, { runId: 2, threeWay: clone() });
  expect(again.revertPull).toBe(report.revertPull);
  expect(stage.repo.state.pulls.size).toBe(2);
});

test('a clone that cannot be had leaves it to GitHub', async () => {
  const merged = await mergedPull(stage);
  await stage.repo.push('main', { 'docs/later.md': 'later\n' });
  const threeWay = cloneThreeWay({ url: `${stage.repo.gitDir}-gone`, token: null, env: process.env });
  expect((await rollBack(stage, merged, { threeWay })).revertPull).not.toBeNull();
});

test('a base branch that moves between the plan and the merge is not merged onto', async () => {
  const merged = await mergedPull(stage);
  stage.double.faults.add({
    method: 'POST',
    route: '/repos/{owner}/{repo}/pulls',
    fault: {
      do: 'hook',
      when: 'after',
      run: async () => void (await stage.repo.push('main', { 'docs/later.md': 'x\n' })),
    },
  });
  const report = await rollBack(stage, merged);
  expect(report).toMatchObject({ outcome: 'hold', reverted: false });
  expect(report.reasons.map(({ code }) => code)).toEqual(['base_modified']);
  expect(revertsOnMain(stage, merged)).toBe(0);
  expect(await rollBack(stage, merged, { runId: 2 })).toMatchObject({ outcome: 'hold', revertPull: report.revertPull });
});

test('a base branch that moves in the instant of the merge is told of: the tree is not the proven one', async () => {
  const merged = await mergedPull(stage);
  stage.double.faults.add({
    method: 'PUT',
    route: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    fault: { do: 'hook', run: async () => void (await stage.repo.push('main', { 'docs/later.md': 'x\n' })) },
  });
  const report = await rollBack(stage, merged);
  expect(report).toMatchObject({ outcome: 'error', reverted: true });
  expect(report.reasons.map(({ code }) => code)).toContain('landed_differs');
});

test('a deleted head branch is no matter', async () => {
  stage.repo.state.settings.deleteBranchOnMerge = true;
  const merged = await mergedPull(stage);
  expect(stage.repo.tip(merged.pull.headRef)).toBeNull();
  expect(await rollBack(stage, merged)).toMatchObject({ outcome: 'pass', reverted: true });
});

test('a deleted base branch is refused', async () => {
  await stage.repo.push('release', { 'docs/release.md': 'x\n' });
  const merged = await mergedPull(stage, 'squash', { base: 'release' });
  const gone = client(stage.double.url, stage.double.token('boss'));
  expect((await gone('DELETE', '/repos/acme/obs/git/refs/heads/release')).status).toBe(204);
  const report = await rollBack(stage, merged);
  expect(report.outcome).toBe('fail');
  expect(report.reasons.map(({ code }) => code)).toContain('base_not_allowed');
});

test.each(['squash', 'merge', 'rebase'] as const)(
  'several commits, merged by %s, are taken back together',
  async (method) => {
    const before = stage.repo.file('main', 'docs/guide.md');
    const pull = await stage.repo.pull({ author: 'author', files: { 'docs/guide.md': 'one\nbad\nthree\n' } });
    await stage.repo.pushTo(pull, { 'docs/guide.md': 'worse\n', 'docs/more.md': 'x\n' });
    await stage.repo.pushTo(pull, { 'docs/gone.md': null });
    const sha = await mergeNow(stage, pull, method, stage.double.token('boss'));
    const report = await rollBack(stage, { pull, sha });
    expect(report.reasons).toEqual([]);
    expect(report).toMatchObject({ outcome: 'pass', reverted: true, plan: { way: 'tree' } });
    expect(stage.repo.file('main', 'docs/guide.md')).toBe(before);
    expect(stage.repo.file('main', 'docs/gone.md')).toBe(FILES['docs/gone.md']);
    expect(stage.repo.file('main', 'docs/more.md')).toBeNull();
  },
);

test('the token is in no argument and on no disk, and inputs of the action are not handed to git', () => {
  const env = gitEnvironment('https://github.com', 'secret', {
    PATH: '/bin',
    INPUT_TOKEN: 'a',
    GIT_DIR: '/x',
    HOME: undefined,
  });
  expect(env).toMatchObject({
    PATH: '/bin',
    GIT_CONFIG_KEY_4: 'http.https://github.com/.extraheader',
    GIT_CONFIG_COUNT: '5',
  });
  expect(Object.keys(env)).not.toContain('INPUT_TOKEN');
  expect(Object.keys(env)).not.toContain('GIT_DIR');
  expect(Object.values(env).join(' ')).not.toContain('secret');
});
