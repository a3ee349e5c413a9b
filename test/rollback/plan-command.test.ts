import { afterEach, expect, test } from 'vitest';
import { runCli } from '../../packages/cli/src/run-cli.ts';
import { mergedPull, startStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.double.close());

async function plan(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(['rollback', 'plan', ...args], {
    cwd: process.cwd(),
    env: { GITHUB_REPOSITORY: 'acme/obs', GITHUB_TOKEN: stage.token(), GITHUB_API_URL: stage.double.url },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    color: false,
    progress: false,
    signal: new AbortController().signal,
    home: new URL('../../', import.meta.url),
  });
  return { code, out, err };
}

test('obsgate rollback plan prints what would be done, and does nothing', async () => {
  stage = await startStage();
  const merged = await mergedPull(stage);
  const { code, out } = await plan([String(merged.pull.number)]);
  expect(out.replaceAll(merged.sha, '<sha>')).toMatchInlineSnapshot(`
    "pull request  #1, merged as <sha>
    outcome       pass
    plan          the tree from before the merge, on the merge, merged by the proof of the trees
    mode          shadow: nothing was changed
    "
  `);
  expect(code).toBe(0);
  expect(stage.repo.state.pulls.size).toBe(1);
});

test('obsgate rollback plan refuses what is not merged', async () => {
  stage = await startStage();
  const pull = await stage.repo.pull();
  const { code, err } = await plan([String(pull.number)]);
  expect(code).toBe(2);
  expect(err).toContain(`#${pull.number} is not merged`);
});
