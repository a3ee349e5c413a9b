import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToolchain } from '@obsgate/prometheus/toolchain';

let bin = '';

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'obsgate-docker-'));
  // An engine that answers, and an image that holds promtool 2.53.3 whatever its name says.
  const docker =
    '#!/bin/sh\ncase "$1" in version) echo linux;; *) echo "promtool, version 2.53.3 (branch: x)";; esac\n';
  await writeFile(join(bin, 'docker'), docker);
  await chmod(join(bin, 'docker'), 0o755);
});

afterAll(() => rm(bin, { recursive: true, force: true }));

const dead = { OBSGATE_RELEASES: 'http://127.0.0.1:9' };

test('an image that holds another version than the one asked for is not taken for it', async () => {
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before}`;
  try {
    const cacheDir = join(bin, 'cache');
    const env = { ...process.env, ...dead, PATH: `${bin}:/usr/bin:/bin` };
    const { find } = createToolchain({ env, cacheDir, etc: join(bin, 'no-etc') });
    const wrong = await find('promtool', { version: 'v2.54.1', image: 'registry.example/prometheus@sha256:0' });
    expect(wrong).toMatchObject({ kind: 'unavailable' });
    expect(JSON.stringify(wrong)).toContain('it holds promtool 2.53.3');
    const right = await find('promtool', { version: '2.53', image: 'registry.example/prometheus@sha256:0' });
    expect(right).toMatchObject({ kind: 'found', tool: { versionText: '2.53.3', source: 'container' } });
  } finally {
    process.env['PATH'] = before;
  }
});
