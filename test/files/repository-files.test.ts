import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { ConfigError } from '@obsgate/core/kernel';
import { repositoryFiles } from '@obsgate/prometheus/files';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'obsgate-files-'));
  root = join(base, 'repository');
  await mkdir(join(root, 'rules'), { recursive: true });
});

afterEach(async () => {
  await chmod(join(root, 'rules'), 0o755).catch(() => undefined);
  await rm(base, { recursive: true, force: true });
});

test('text is read as it stands, byte order mark included', async () => {
  await writeFile(join(root, 'rules/a.yml'), '\uFEFFgroups: []\r\n');
  expect(await repositoryFiles(root).read('rules/a.yml')).toEqual({ kind: 'text', text: '\uFEFFgroups: []\r\n' });
});

test('what cannot be read says why', async () => {
  await writeFile(join(root, 'binary'), 'a\nb\0');
  await writeFile(join(root, 'latin1'), Buffer.from([0x61, 0x0a, 0x62, 0xe4, 0x62, 0x0a]));
  await writeFile(join(root, 'cut'), Buffer.from([0x61, 0xe2, 0x82]));
  await writeFile(join(root, 'large'), 'x'.repeat(11));
  await symlink('loop-b', join(root, 'loop-a'));
  await symlink('loop-a', join(root, 'loop-b'));
  await symlink('nowhere', join(root, 'broken'));
  const files = repositoryFiles(root, 10);
  const reasons = async (path: string): Promise<string> => {
    const read = await files.read(path);
    return read.kind === 'text' ? 'text' : `${read.reason} ${read.detail}`.trim();
  };
  expect({
    missing: await reasons('absent.yml'),
    belowFile: await reasons('binary/x'),
    directory: await reasons('rules'),
    root: await reasons(''),
    binary: await reasons('binary'),
    latin1: await reasons('latin1'),
    cut: await reasons('cut'),
    large: await reasons('large'),
    loop: await reasons('loop-a'),
    broken: await reasons('broken'),
    nul: await reasons('a\0b'),
  }).toMatchInlineSnapshot(`
    {
      "belowFile": "missing",
      "binary": "binary a NUL byte in line 2",
      "broken": "missing a symbolic link to nowhere",
      "cut": "encoding in line 1",
      "directory": "directory",
      "large": "too_large 11 bytes, more than 10",
      "latin1": "encoding in line 2",
      "loop": "loop",
      "missing": "missing",
      "nul": "missing the path has a NUL character",
      "root": "directory",
    }
  `);
});

test('nothing outside of the root is read, by name or through a link', async () => {
  await writeFile(join(base, 'secret'), 'secret');
  await symlink('../secret', join(root, 'link'));
  await symlink('..', join(root, 'up'));
  await symlink(join(base, 'secret'), join(root, 'rules/absolute'));
  const files = repositoryFiles(root);
  for (const path of ['../secret', '/etc/hostname', 'rules/../../secret', 'link', 'up/secret', 'rules/absolute']) {
    expect([path, await files.read(path)]).toEqual([path, expect.objectContaining({ reason: 'outside' })]);
  }
});

test('a sibling directory whose name begins like the root is outside', async () => {
  await mkdir(`${root}-other`);
  await writeFile(join(`${root}-other`, 'a'), 'a');
  await symlink('../repository-other', join(root, 'sibling'));
  const files = repositoryFiles(root);
  expect(await files.read('sibling/a')).toMatchObject({ reason: 'outside' });
  expect(await files.list()).toEqual(['sibling']);
});

test('the list has every file, follows links inside, and keeps links that lead nowhere', async () => {
  await mkdir(join(root, '.git'));
  await mkdir(join(root, 'node_modules/x'), { recursive: true });
  await writeFile(join(root, '.git/config'), '');
  await writeFile(join(root, 'node_modules/x/a.yml'), '');
  await writeFile(join(root, 'rules/b.yml'), '');
  await writeFile(join(root, 'rules/.hidden.yml'), '');
  await symlink('rules', join(root, 'alias'));
  await symlink('..', join(root, 'rules/up'));
  await symlink('loop', join(root, 'loop'));
  await symlink('/nowhere', join(root, 'broken'));
  await symlink('rules/b.yml', join(root, 'c.yml'));
  expect(await repositoryFiles(root).list()).toEqual([
    'alias/.hidden.yml',
    'alias/b.yml',
    'broken',
    'c.yml',
    'loop',
    'rules/.hidden.yml',
    'rules/b.yml',
  ]);
});

test('directories that link to each other end in a bounded list', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const name of names) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'x.yml'), '');
    for (const other of names) await symlink(`../${other}`, join(root, name, `to-${other}`));
  }
  expect((await repositoryFiles(root).list()).length).toBeLessThan(100);
});

test('a pipe is refused, not waited for', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  expect(await repositoryFiles(root).read('pipe')).toMatchObject({ reason: 'denied' });
});

test.skipIf(process.getuid?.() === 0)('a file without read permission is denied', async () => {
  await writeFile(join(root, 'rules/a.yml'), 'a', { mode: 0o000 });
  expect(await repositoryFiles(root).read('rules/a.yml')).toMatchObject({ reason: 'denied' });
});

test('a root that is no directory is the fault of whoever names it', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(repositoryFiles(join(root, 'file')).list()).rejects.toThrow(ConfigError);
  await expect(repositoryFiles(join(root, 'absent')).list()).rejects.toThrow(/ENOENT/);
});
