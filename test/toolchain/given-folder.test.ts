import { createToolchain } from '@obsgate/prometheus/toolchain';
import { withTempDir } from '@obsgate/prometheus/process';
import { expect, test } from 'vitest';
import { executable, versionScript } from './fake-tools.ts';

test('a given folder is searched for the tool, and nothing else is taken in its place', async () => {
  await withTempDir('obsgate-given', async (folder) => {
    await executable(folder, 'promtool', versionScript('promtool', '2.53.3'));
    const toolchain = createToolchain({ env: { PATH: '' }, cacheDir: `${folder}/cache`, reach: 'local' });
    const found = await toolchain.find('promtool', { path: folder });
    expect(found).toMatchObject({ kind: 'found', tool: { versionText: '2.53.3', path: `${folder}/promtool` } });
    const none = await toolchain.find('prometheus', { path: folder });
    expect(none).toMatchObject({ kind: 'unavailable' });
  });
});
