import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../packages/cli/src/run-cli.ts';
import { protectFor, startStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.double.close());

async function plan(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(['merge', 'plan', ...args], {
    cwd: '/',
    env: {
      GITHUB_REPOSITORY: stage.repo.fullName,
      GITHUB_API_URL: stage.double.url,
      OBSGATE_APP_ID: String(stage.app.id),
      OBSGATE_APP_PRIVATE_KEY: stage.privateKey,
    },
    out: (text) => (out += text),
    err: (text) => (err += text),
    color: false,
    progress: false,
    signal: new AbortController().signal,
    home: new URL('../../', import.meta.url),
  });
  return { code, out, err };
}

/** What changes from run to run. */
function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, '<sha>')
    .replace(/\(\d+\)/g, '(<id>)')
    .replace(/BPR_\w+|[\w-]+={0,2}(?=")/g, (id) => (id.startsWith('BPR') ? '<rule>' : id));
}

test('a plan tells every gate, the way, and what would be written and taken back', async () => {
  protectFor({ rung: 'add-bypass', kind: 'classic' }, stage);
  const { code, out, err } = await plan(String(stage.pull.number));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(steady(out)).toMatchInlineSnapshot(`
    "#1 would be merged (add-bypass); this is a dry run, nothing was changed
      <sha> into main at <sha>, safe-docs, squash

      path-policy  pass
        safe-docs: every changed file fits, and no other scenario that fits has a higher priority (<id>)
      origin       pass
        written by "author" (<id>), pushed by "author" (<id>)
      actor        pass
        asked for by "reviewer" (<id>)
      labels       pass
      checks       pass
        2 required checks are green
      base         pass

      plain            refused
        reviews_missing: branch protection asks for 1 approvals; there are 0
      existing-bypass  refused
        reviews_missing: branch protection asks for 1 approvals; there are 0; the app "obsgate" may not bypass it by the bypass list of the branch rule
      add-bypass       taken
        classic.reviews.bypassAllowances.apps: [] -> ["obsgate"] -> back

    outcome: pass
    "
  `);
});

test('a plan of what is not to be merged says all that is missing, and ends with 1', async () => {
  stage.repo.unlabel(stage.pull, 'change:safe', 'reviewer');
  const json = JSON.parse((await plan(String(stage.pull.number), '--format', 'json')).out) as {
    reasons: { code: string }[];
  };
  const { code } = await plan(String(stage.pull.number));
  expect(code).toBe(1);
  expect(json).toMatchObject({ schema: 'obsgate.merge/1', outcome: 'fail', merged: false, dry_run: true });
  expect(json.reasons.map((reason) => reason.code)).toContain('label_missing');
});

test('what is no number, and what is not there, are said', async () => {
  expect(await plan('seven')).toMatchObject({ code: 2, err: 'PR: "seven" is no number of a pull request\n' });
  expect(await plan('999')).toMatchObject({ code: 3 });
});
