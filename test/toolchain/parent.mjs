// Run as a process of its own by process.test.ts: holds a temporary folder and a child with a grandchild, and waits.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess, withTempDir } from '../../packages/prometheus/src/process/index.ts';

const [dir, mode] = process.argv.slice(2);
await withTempDir('obsgate-parent', async (temp) => {
  const pidFile = join(temp, 'pid');
  const running = runProcess('/bin/sh', [
    '-c',
    `sleep 600 & echo $! > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; wait`,
  ]);
  while (!existsSync(pidFile)) await new Promise((resolve) => setTimeout(resolve, 10));
  writeFileSync(join(dir, 'part'), JSON.stringify({ temp, grandchild: Number(readFileSync(pidFile, 'utf8')) }));
  renameSync(join(dir, 'part'), join(dir, 'ready'));
  if (mode === 'exit') process.exit(0);
  await running;
});
