import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startProcess, tempDir } from '@obsgate/prometheus/process';
import type { Tool } from '@obsgate/prometheus/toolchain';
import { toolsForTests } from '../stand/tools.ts';

const { servers, pushgateway, alertmanager, missing } = await toolsForTests();
for (const line of missing) console.warn(`skipped: ${line}`);

let dir = '';
let removeDir: () => Promise<void>;
beforeEach(async () => {
  const temp = await tempDir('obsgate-real-tools');
  dir = temp.dir;
  removeDir = temp.remove;
});
afterEach(() => removeDir());

/** Starts the tool in `dir` and waits until its log says that it is up. */
async function startsWith(tool: Tool, args: readonly string[], ready: RegExp): Promise<void> {
  const started = startProcess(tool.path, args, { cwd: dir });
  let log = '';
  const collect = (chunk: Buffer): void => void (log += chunk.toString('utf8'));
  started.child.stdout?.on('data', collect);
  started.child.stderr?.on('data', collect);
  const deadline = Date.now() + 30_000;
  let ended = false;
  void started.exited.then(() => (ended = true));
  const settled = (): boolean => ready.test(log) || ended || Date.now() > deadline;
  while (!settled()) await new Promise((resolve) => setTimeout(resolve, 20));
  await started.stop();
  expect(log).toMatch(ready);
}

describe.skipIf(servers.length === 0)('every server that was found', () => {
  test.each(servers.map(({ version, prometheus }) => ({ version, prometheus })))(
    'Prometheus $version becomes ready',
    async ({ prometheus }) => {
      await writeFile(join(dir, 'prometheus.yml'), 'global: {scrape_interval: 15s}\n');
      const flags = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--web.listen-address=127.0.0.1:0'];
      await startsWith(prometheus, flags, /Server is ready to receive web requests/);
    },
  );

  test('is named by a promtool of the same version', () => {
    for (const { version, promtool, prometheus } of servers) {
      expect([promtool.versionText, prometheus.versionText]).toEqual([version, version]);
    }
  });
});

test.skipIf(pushgateway === undefined)('the Pushgateway starts', async () => {
  if (pushgateway === undefined) return;
  await startsWith(pushgateway, ['--web.listen-address=127.0.0.1:0'], /Listening on/);
});

test.skipIf(alertmanager === undefined)('the Alertmanager starts with its templates, from any folder', async () => {
  if (alertmanager === undefined) return;
  await writeFile(join(dir, 'am.yml'), 'route: {receiver: a}\nreceivers: [{name: a}]\n');
  const flags = ['--config.file=am.yml', '--storage.path=data', '--web.listen-address=127.0.0.1:0'];
  await startsWith(alertmanager, [...flags, '--cluster.listen-address='], /Listening on/);
});
