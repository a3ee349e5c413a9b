// An action's main and post as a process of its own; the first argument says how it ends.
import { run, runPost } from '@obsgate/action-kit';
import { ConfigError } from '@obsgate/core/kernel';

const ways: Readonly<Record<string, () => Promise<void>>> = {
  pass: () => run(async () => 0),
  fail: () => run(async () => 1),
  wrong: () => run(() => Promise.reject(new ConfigError('unknown key "x"', 'a,b.yml:3:5'))),
  'wrong-twice': () => run(() => Promise.reject(new ConfigError('a.yml:3:5: unknown key\nb.yml:7: expected text'))),
  crash: () => run(() => Promise.reject(new Error('outer', { cause: new TypeError('inner') }))),
  text: () => run(() => Promise.reject('only a text')),
  'late-crash': () =>
    run(async () => {
      setTimeout(() => {
        throw new Error('from a timer');
      }, 1);
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      return 0;
    }),
  rejection: () =>
    run(async () => {
      void Promise.reject(new Error('nobody waits for this'));
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      return 0;
    }),
  held: () =>
    run(async () => {
      setInterval(() => undefined, 1000);
      return 1;
    }),
  never: () => run(() => new Promise(() => undefined)),
  cancel: () =>
    run(async ({ signal }) => {
      const alive = setInterval(() => undefined, 1000);
      process.stdout.write('ready\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      process.stdout.write('cleaning up\n');
      await new Promise((resolve) => process.once('SIGTERM', resolve));
      clearInterval(alive);
      process.stdout.write('cleaned up\n');
      signal.throwIfAborted();
      return 0;
    }),
  'post-done': () => runPost(async () => ({ kind: 'done' })),
  'post-throws': () => runPost(() => Promise.reject(new Error('no network'))),
  'post-left-open': () => runPost(async () => ({ kind: 'left-open', message: 'protection of main is off' })),
};

await ways[process.argv[2] ?? '']?.();
