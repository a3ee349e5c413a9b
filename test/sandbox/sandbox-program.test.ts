import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxStart } from '@obsgate/core/gate';
import { gitFiles, sandboxProgram } from '@obsgate/prometheus/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rules, servers, wanted } from './support.ts';

const GOOD = new Map([
  ['prometheus.yml', 'rule_files: [a.yml]\n'],
  ['a.yml', rules('- record: a\n  expr: vector(1)')],
]);
const request = { files: GOOD, config: 'prometheus.yml', features: [], deadlineMs: 20_000 };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'obsgate-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function script(text: string): Promise<string> {
  const path = join(await folder(), 'prometheus');
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

for (const tools of await servers()) {
  const start = async (files: ReadonlyMap<string, string>): Promise<SandboxStart> => {
    const sandbox = wanted(tools);
    if (sandbox.kind !== 'found') throw new Error('no Prometheus');
    return sandbox.program.start({ ...request, files });
  };

  describe(`a sandbox of Prometheus ${tools.version}`, () => {
    test('a freshly loaded rule has unknown health: nothing is proved until it was evaluated', async () => {
      const started = await start(GOOD);
      if (started.kind !== 'ready') throw new Error(JSON.stringify(started));
      const answer = await started.server.api.rules();
      await started.server.stop();
      const [rule] = answer.ok ? answer.value.flatMap((group) => group.rules) : [];
      expect([rule?.health, rule?.evaluated]).toEqual(['unknown', false]);
      expect(existsSync(started.server.directory)).toBe(false);
    });

    test('a bad rule file ends a cold start, and the cause is in its log', async () => {
      const started = await start(new Map([...GOOD, ['a.yml', rules('- record: a\n  expr: sum(')]]));
      expect(started.kind).toBe('refused');
      if (started.kind !== 'refused') return;
      // 2.x opens the database first and exits with 1; 3.x exits with 2 before.
      expect(started.exit).toBe(tools.version.startsWith('2.') ? 'exit code 1' : 'exit code 2');
      expect(
        started.log.some(
          ({ level, error, message }) => level === 'error' && `${error}${message}`.includes('parse error'),
        ),
      ).toBe(true);
      expect(existsSync(started.directory)).toBe(false);
    });
  });
}

describe('a Prometheus that does not become ready', () => {
  const reasonOf = async (prometheus: string, deadlineMs = 5000): Promise<string> => {
    const started = await sandboxProgram({ version: '0', prometheus }).start({ ...request, deadlineMs });
    return started.kind === 'failed' ? started.reason.code : started.kind;
  };

  test('is ended at the deadline', async () => {
    expect(await reasonOf(await script('sleep 60'), 300)).toBe('deadline_exceeded');
  });

  test('is missing', async () => {
    expect(await reasonOf(join(await folder(), 'nothing'))).toBe('tool_failed');
  });

  test('finds its port taken, again and again', async () => {
    const line =
      '{"level":"error","err":"listen tcp 127.0.0.1:1: bind: address already in use","msg":"Unable to start web listener"}';
    expect(await reasonOf(await script(`echo '${line}' >&2; exit 1`))).toBe('port_in_use');
  });
});

describe('files of a git ref', () => {
  test('are read as they were, below a folder of the working tree', async () => {
    const root = await folder();
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', root, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
        encoding: 'utf8',
      });
    git('init', '-q', '-b', 'main');
    await mkdir(join(root, 'in side'));
    await writeFile(join(root, 'in side', 'ü.yml'), 'old\n');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    await writeFile(join(root, 'in side', 'ü.yml'), 'new\n');
    const files = await gitFiles(join(root, 'in side'), 'main');
    expect(await files.list()).toEqual(['ü.yml']);
    expect(await files.read('ü.yml')).toEqual({ kind: 'text', text: 'old\n' });
    expect(await files.read('other.yml')).toMatchObject({ kind: 'unreadable', reason: 'missing' });
    await expect(gitFiles(root, 'nowhere')).rejects.toThrow('is not a commit that this clone has');
    await expect(gitFiles(root, '--help')).rejects.toThrow('is not a commit that this clone has');
  });

  test('need a repository', async () => {
    await expect(gitFiles(await folder(), 'main')).rejects.toThrow('no git repository');
  });
});
