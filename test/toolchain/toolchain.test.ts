import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempDir } from '@obsgate/prometheus/process';
import {
  createToolchain,
  explainUnavailable,
  type FindResult,
  findServerTools,
  type Toolchain,
  type ToolchainOptions,
} from '@obsgate/prometheus/toolchain';
import { executable, releaseServer, type ReleaseServer, versionScript } from './fake-tools.ts';

let dir = '';
let removeDir: () => Promise<void>;
let server: ReleaseServer | undefined;

beforeEach(async () => {
  const temp = await tempDir('obsgate-toolchain-test');
  dir = temp.dir;
  removeDir = temp.remove;
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await removeDir();
});

// Nothing listens there, and fetch does not forbid the port by itself.
const DEAD = 'http://127.0.0.1:47';

/** A toolchain that sees nothing of this machine: no PATH but what sh needs, no apt sources, an empty cache. */
function isolated(env: NodeJS.ProcessEnv = {}, options: ToolchainOptions = {}): Toolchain {
  return createToolchain({
    env: { PATH: join(dir, 'nothing-here'), OBSGATE_RELEASES: DEAD, ...env },
    cacheDir: join(dir, 'cache'),
    etc: join(dir, 'etc'),
    ...options,
  });
}

const tool = (folder: string, name: string, version: string): Promise<string> =>
  executable(join(dir, folder), name, versionScript(name, version));

function foundAt(result: FindResult): string {
  if (result.kind === 'unavailable') return `${result.message}: ${JSON.stringify(result.tried)}`;
  return `${result.tool.versionText} ${result.tool.source}`;
}

test('the given path comes first, then OBSGATE_TOOLS, then PATH', async () => {
  const given = await tool('given', 'promtool', '2.50.0');
  await tool('listed', 'promtool', '2.51.0');
  await tool('path', 'promtool', '2.52.0');
  const toolchain = isolated({ OBSGATE_TOOLS: join(dir, 'listed'), PATH: join(dir, 'path') });
  expect(foundAt(await toolchain.find('promtool', { path: given }))).toBe('2.50.0 given');
  expect(foundAt(await toolchain.find('promtool'))).toBe('2.51.0 OBSGATE_TOOLS');
  expect(foundAt(await toolchain.find('promtool', { version: '2.52.0', path: given }))).toBe('2.52.0 PATH');
});

test('OBSGATE_TOOLS may hold a folder per version and the names that Debian uses', async () => {
  await tool('tools/2.53.1', 'promtool', '2.53.1');
  await tool('tools/2.53.10', 'promtool', '2.53.10');
  await executable(join(dir, 'deb'), 'prometheus-pushgateway', versionScript('pushgateway', '1.11.0+ds'));
  const toolchain = isolated({ OBSGATE_TOOLS: [join(dir, 'tools'), join(dir, 'deb')].join(delimiter) });
  expect(foundAt(await toolchain.find('promtool', { version: '2.53' }))).toBe('2.53.10 OBSGATE_TOOLS');
  expect(foundAt(await toolchain.find('promtool', { version: 'v2.53.1' }))).toBe('2.53.1 OBSGATE_TOOLS');
  expect(foundAt(await toolchain.find('pushgateway'))).toBe('1.11.0 OBSGATE_TOOLS');
});

test('a given path that is no promtool is refused with its own answer, and nothing else is taken instead', async () => {
  await tool('path', 'promtool', '2.52.0');
  const impostor = await executable(dir, 'promtool', '#!/bin/sh\necho "hello"\n');
  const result = await isolated({ PATH: join(dir, 'path') }).find('promtool', { path: impostor });
  expect(result).toMatchObject({ kind: 'unavailable', reason: 'tool_unavailable' });
  expect(foundAt(result)).toContain('answers --version with \\"hello\\" (exit code 0)');
  const other = await tool('other', 'prometheus', '2.52.0');
  expect(foundAt(await isolated().find('promtool', { path: other }))).toContain('is prometheus, not promtool');
});

test('a given path that is missing, not executable or a folder is refused', async () => {
  const plain = join(dir, 'plain');
  await writeFile(plain, 'text');
  await chmod(plain, 0o644);
  for (const path of [join(dir, 'absent'), plain]) {
    expect(foundAt(await isolated().find('promtool', { path }))).toContain('cannot be used: not executable');
  }
  expect(foundAt(await isolated().find('promtool', { path: dir }))).toContain('cannot be used');
});

test('a promtool that is older than what is supported is taken only by its version or its path', async () => {
  const path = await tool('path', 'promtool', '2.24.1');
  const toolchain = isolated({ PATH: join(dir, 'path') });
  expect(foundAt(await toolchain.find('promtool'))).toContain('is 2.24.1, older than 2.42.0');
  expect(foundAt(await toolchain.find('promtool', { version: '2.24.1' }))).toBe('2.24.1 PATH');
  expect(foundAt(await toolchain.find('promtool', { path }))).toBe('2.24.1 given');
});

test('a file that is another machine’s binary is passed over', async () => {
  await executable(join(dir, 'broken'), 'promtool', '\u007fELF not really');
  await tool('path', 'promtool', '2.52.0');
  const result = await isolated({ OBSGATE_TOOLS: join(dir, 'broken'), PATH: join(dir, 'path') }).find('promtool');
  expect(foundAt(result)).toBe('2.52.0 PATH');
  expect(result.tried[0]?.where).toContain('OBSGATE_TOOLS');
});

test('everything that was tried is listed when a version cannot be had', async () => {
  await tool('path', 'promtool', '2.52.0');
  const env = { OBSGATE_TOOLS: join(dir, 'absent'), PATH: join(dir, 'path') };
  const result = await isolated(env).find('promtool', { version: 'v2.54.1' });
  expect(result).toMatchObject({ kind: 'unavailable', message: 'promtool 2.54.1 cannot be had on this machine' });
  const text = result.tried.map(({ where, result: why }) => `${where}: ${why}`.replaceAll(dir, 'DIR'));
  expect(text).toContain('OBSGATE_TOOLS DIR/absent: does not exist');
  expect(text).toContain('PATH DIR/path/promtool: is 2.52.0, not 2.54.1');
  expect(text).toContain('cache DIR/cache/promtool: no promtool');
  expect(text).toContain(`release ${DEAD}/prometheus/releases/download/v2.54.1: ECONNREFUSED`);
  expect(text).toContain('package archive: no apt sources on this machine');
  expect(text.at(-1)).toMatch(/^container: /);
});

test('the nearest version is taken and named when drift is allowed', async () => {
  await tool('path', 'promtool', '2.52.0');
  await tool('tools/3.5.0', 'promtool', '3.5.0');
  const env = { OBSGATE_TOOLS: join(dir, 'tools'), PATH: join(dir, 'path') };
  const result = await isolated(env).find('promtool', { version: 'v2.54.1', allowVersionDrift: true });
  expect(result).toMatchObject({ kind: 'found', drift: { wanted: '2.54.1', got: '2.52.0' } });
});

test('a version that cannot be read is the user’s mistake', async () => {
  await expect(isolated().find('promtool', { version: 'newest' })).rejects.toThrow('"newest" is not a version');
});

test('a release is downloaded, verified, kept in the cache with its sister, and not fetched again', async () => {
  server = await releaseServer(join(dir, 'releases'), ['2.53.0', '2.53.1', '3.1.0']);
  const lines: string[] = [];
  const env = { OBSGATE_RELEASES: server.base, PATH: process.env['PATH'] };
  const options: ToolchainOptions = { progress: (line) => lines.push(line) };
  expect(foundAt(await isolated(env, options).find('promtool', { version: 'v2.53.1' }))).toBe('2.53.1 release');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`fetching ${server.base}/prometheus/releases/download/v2.53.1/prometheus-2.53.1.`);
  const asked = server.requests.length;
  expect(foundAt(await isolated(env).find('prometheus', { version: 'v2.53.1' }))).toBe('2.53.1 cache');
  expect(server.requests).toHaveLength(asked);
  expect(await readdir(join(dir, 'cache/tmp'))).toEqual([]);
});

test('a partial version means its newest patch and latest the newest release, although older ones are here', async () => {
  server = await releaseServer(join(dir, 'releases'), ['2.53.0', '2.53.1', '3.1.0']);
  await tool('path', 'promtool', '2.53.0');
  const env = { OBSGATE_RELEASES: server.base, PATH: `${join(dir, 'path')}${delimiter}${process.env['PATH']}` };
  const toolchain = isolated(env);
  expect(foundAt(await toolchain.find('promtool', { version: '2.53' }))).toBe('2.53.1 release');
  expect(foundAt(await toolchain.find('promtool', { version: 'latest' }))).toBe('3.1.0 release');
  expect(foundAt(await toolchain.find('promtool', { version: '3' }))).toBe('3.1.0 cache');
  expect(foundAt(await toolchain.find('promtool'))).toBe('2.53.0 PATH');
});

test('out of reach of upstream, latest and a partial version are the newest that is here', async () => {
  await tool('path', 'promtool', '2.53.0');
  await tool('tools/2.53.4', 'promtool', '2.53.4');
  const env = { OBSGATE_TOOLS: join(dir, 'tools'), PATH: join(dir, 'path') };
  expect(foundAt(await isolated(env).find('promtool', { version: 'latest' }))).toBe('2.53.4 OBSGATE_TOOLS');
  expect(foundAt(await isolated({ PATH: env.PATH }).find('promtool', { version: '2.53' }))).toBe('2.53.0 PATH');
});

test.each(['truncated', 'tampered'] as const)(
  'a %s archive is an error that names both checksums and leaves the cache as it was',
  async (upload) => {
    server = await releaseServer(join(dir, 'releases'), ['2.53.1']);
    server.upload = upload;
    const env = { OBSGATE_RELEASES: server.base, PATH: process.env['PATH'] };
    const result = await isolated(env).find('promtool', { version: 'v2.53.1', allowVersionDrift: true });
    expect(result.kind).toBe('unavailable');
    expect(foundAt(result)).toMatch(/its SHA-256 is [0-9a-f]{64} \(\d+ bytes\), sha256sums.txt says [0-9a-f]{64}/);
    expect(await readdir(join(dir, 'cache')).then((names) => names.filter((name) => name === 'promtool'))).toEqual([]);
    expect(await readdir(join(dir, 'cache/tmp'))).toEqual([]);
    server.upload = 'whole';
    expect(foundAt(await isolated(env).find('promtool', { version: 'v2.53.1' }))).toBe('2.53.1 release');
  },
);

test('concurrent searches download once and both find the tool', async () => {
  server = await releaseServer(join(dir, 'releases'), ['2.53.1']);
  const env = { OBSGATE_RELEASES: server.base, PATH: process.env['PATH'] };
  const results = await Promise.all([1, 2, 3].map(() => isolated(env).find('promtool', { version: 'v2.53.1' })));
  expect(results.map(({ kind }) => kind)).toEqual(['found', 'found', 'found']);
  expect(server.requests.filter((line) => line.endsWith('.tar.gz'))).toHaveLength(1);
});

test('a release that does not exist is said so and a damaged cache entry is replaced', async () => {
  server = await releaseServer(join(dir, 'releases'), ['2.53.1']);
  const env = { OBSGATE_RELEASES: server.base, PATH: process.env['PATH'] };
  expect(foundAt(await isolated(env).find('promtool', { version: 'v2.53.9' }))).toContain('no such release');
  await isolated(env).find('promtool', { version: 'v2.53.1' });
  await writeFile(join(dir, 'cache/promtool/2.53.1/promtool'), 'cut');
  expect(foundAt(await isolated(env).find('promtool', { version: 'v2.53.1' }))).toBe('2.53.1 release');
});

test('a lock whose owner has died does not stop a download', async () => {
  server = await releaseServer(join(dir, 'releases'), ['2.53.1']);
  const lock = join(dir, 'cache/locks/release-prometheus-2.53.1');
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, 'owner'), '4194304');
  const env = { OBSGATE_RELEASES: server.base, PATH: process.env['PATH'] };
  expect(foundAt(await isolated(env).find('promtool', { version: 'v2.53.1' }))).toBe('2.53.1 release');
});

test('a server that did not answer is not asked again in the run', async () => {
  const toolchain = isolated();
  await toolchain.find('promtool', { version: 'v2.53.1' });
  const second = await toolchain.find('prometheus', { version: 'v2.53.2' });
  // The place is the project, not the address of a file: no request was made.
  expect(second.tried).toContainEqual({ where: `release ${DEAD}/prometheus`, result: 'ECONNREFUSED' });
});

test('a mirror that is out of reach is said once and no other suite is asked', async () => {
  await mkdir(join(dir, 'etc/apt'), { recursive: true });
  await writeFile(join(dir, 'etc/os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\n');
  await writeFile(join(dir, 'etc/apt/sources.list'), `deb ${DEAD}/debian bookworm main\n`);
  const result = await isolated({ PATH: process.env['PATH'] }).find('promtool', { version: 'v2.53.1' });
  const archive = result.tried.filter(({ where }) => where.startsWith('package archive'));
  expect(archive).toHaveLength(1);
  expect(archive[0]?.where).toBe(`package archive ${DEAD}/debian unstable`);
});

test('only this machine is asked when told so', async () => {
  const result = await isolated({}, { reach: 'local' }).find('promtool', { version: 'v2.53.1' });
  expect(result.tried.map(({ where }) => where.split(' ')[0])).toEqual(['PATH', 'cache']);
});

test('a server and its promtool are of one version, even if the first promtool has no server', async () => {
  await tool('path', 'promtool', '2.52.0');
  await tool('path', 'prometheus', '2.53.3');
  await tool('tools', 'promtool', '2.53.3');
  const both = isolated({ PATH: [join(dir, 'path'), join(dir, 'tools')].join(delimiter) });
  expect(await findServerTools(both)).toMatchObject({
    kind: 'found',
    version: '2.53.3',
    promtool: { versionText: '2.53.3' },
    prometheus: { versionText: '2.53.3' },
  });
  const wanted = await findServerTools(both, { version: '2.52.0' });
  expect(wanted).toMatchObject({ kind: 'unavailable', name: 'prometheus' });
  expect(wanted.kind === 'unavailable' && explainUnavailable(wanted).split('\n')[0]).toBe(
    'prometheus 2.52.0 cannot be had on this machine; tried:',
  );
});
