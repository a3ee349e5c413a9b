import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasNode24, runProgram } from './run-program.ts';

let folder = '';
let env: NodeJS.ProcessEnv = {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'action-kit-'));
  env = {};
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']) {
    env[name] = join(folder, name);
    writeFileSync(join(folder, name), '');
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string): string {
  return readFileSync(join(folder, name), 'utf8').replace(/ghadelimiter_[0-9a-f-]+/g, 'DELIMITER');
}

describe.skipIf(!hasNode24)("an action over the runner's files (skipped without test/runtimes/node24)", () => {
  test('writes outputs, state and summary, masks secrets, and says nothing else', async () => {
    const ended = await runProgram('action.ts', 'main', { ...env, INPUT_TOKEN: 's3cret', INPUT_LOUD: 'true' });
    expect(ended).toEqual({ code: 1, out: '::add-mask::s3cret\n', err: '' });
    expect(written('GITHUB_OUTPUT')).toBe(
      'outcome<<DELIMITER\nfail\nDELIMITER\nbreaches<<DELIMITER\n[{"slo":"errors"}]\nDELIMITER\n',
    );
    expect(written('GITHUB_STATE')).toBe('lease<<DELIMITER\na\nb\nDELIMITER\n');
    expect(written('GITHUB_STEP_SUMMARY')).toContain('## Summary\n');
  });

  test('refuses wrong inputs before it does anything', async () => {
    const ended = await runProgram('action.ts', 'main', { ...env, INPUT_TOKN: 'x', INPUT_LOUD: 'ja' });
    expect(ended.code).toBe(2);
    expect(ended.out).toMatchInlineSnapshot(`
      "::error::input "token" is required: A token.%0Ainput "loud" is "ja": expected true or false%0Aunknown input "tokn"; did you mean "token"?
      "
    `);
    expect(written('GITHUB_OUTPUT') + written('GITHUB_STATE') + written('GITHUB_STEP_SUMMARY')).toBe('');
  });

  test('works outside of a runner, where there are no files to write to', async () => {
    expect(await runProgram('action.ts', 'main', { INPUT_TOKEN: 'x' })).toEqual({
      code: 0,
      out: '::add-mask::x\n',
      err: '',
    });
  });

  test('the post step reads what main kept', async () => {
    const given = { INPUT_TOKEN: 'x' };
    expect((await runProgram('action.ts', 'post', { ...given, STATE_lease: 'a\nb' })).out).toContain('lease: a\nb\n');
    expect((await runProgram('action.ts', 'post', given)).out).toContain('lease: none\n');
  });

  test('the post step warns, and does not fail, when its inputs are wrong', async () => {
    const ended = await runProgram('action.ts', 'post', {});
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/^::warning::the post step did not finish: input "token" is required/);
  });
});
