import { describe, expect, test } from 'vitest';
import { hasNode24, runProgram, type Ended } from './run-program.ts';

function end(
  how: string,
  env: NodeJS.ProcessEnv = {},
  signals: readonly [string, NodeJS.Signals][] = [],
): Promise<Ended> {
  return runProgram('end.ts', how, env, signals);
}

describe.skipIf(!hasNode24)('an action as a process (skipped without test/runtimes/node24)', () => {
  test('sets the exit code that main resolves to, and says nothing', async () => {
    expect(await end('pass')).toEqual({ code: 0, out: '', err: '' });
    expect(await end('fail')).toEqual({ code: 1, out: '', err: '' });
  });

  test('shows the fault of the user as one line at its place, without a stack', async () => {
    expect(await end('wrong')).toEqual({
      code: 2,
      out: '::error file=a%2Cb.yml,line=3,col=5::a,b.yml:3:5: unknown key "x"\n',
      err: '',
    });
    expect((await end('wrong-twice')).out).toBe(
      '::error file=a.yml,line=3,col=5::a.yml:3:5: unknown key\n::error file=b.yml,line=7::b.yml:7: expected text\n',
    );
  });

  test('shows a defect of its own with its causes, and stacks only when debugged', async () => {
    const quiet = await end('crash');
    expect(quiet).toEqual({
      code: 70,
      out: '::error title=Internal error::Error: outer%0Acaused by: TypeError: inner%0AThis is a defect of Obsgate: please report it.\n',
      err: '',
    });
    const debugged = await end('crash', { RUNNER_DEBUG: '1' });
    expect(debugged.code).toBe(70);
    expect(debugged.out).toMatch(/::debug::Error: outer%0A {4}at .*end\.ts/);
    expect(debugged.out).toMatch(/::debug::TypeError: inner%0A {4}at /);
  });

  test.each([
    ['text', 'only a text'],
    ['late-crash', 'from a timer'],
    ['rejection', 'nobody waits for this'],
  ])('catches %s too', async (how, message) => {
    const { code, out, err } = await end(how);
    expect({ code, err }).toEqual({ code: 70, err: '' });
    expect(out).toContain(message);
  });

  test('is no success when main never settles', async () => {
    expect((await end('never')).code).not.toBe(0);
  });

  test('ends with its exit code although something was left running', async () => {
    expect(await end('held')).toEqual({
      code: 1,
      out: '::warning::finished, but something was left running: ended\n',
      err: '',
    });
  });

  test('lets main clean up through SIGINT and SIGTERM, then ends as cancelled', async () => {
    const { code, out } = await end('cancel', {}, [
      ['ready\n', 'SIGINT'],
      ['cleaning up\n', 'SIGTERM'],
    ]);
    expect({ code, out }).toEqual({
      code: 130,
      out: 'ready\ncleaning up\ncleaned up\n::warning::cancelled before it could judge\n',
    });
  });

  test('ends at once when the same signal comes again', async () => {
    const { code, out } = await end('cancel', {}, [
      ['ready\n', 'SIGINT'],
      ['cleaning up\n', 'SIGINT'],
    ]);
    expect({ code, cleaned: out.includes('cleaned up') }).toEqual({ code: 130, cleaned: false });
  });

  test('warns of a failed post step, and fails only when something was left open', async () => {
    expect(await end('post-done')).toEqual({ code: 0, out: '', err: '' });
    expect(await end('post-throws')).toEqual({
      code: 0,
      out: '::warning::the post step did not finish: no network\n',
      err: '',
    });
    expect(await end('post-left-open')).toEqual({
      code: 1,
      out: '::error title=Left open - act now::protection of main is off\n',
      err: '',
    });
  });
});
