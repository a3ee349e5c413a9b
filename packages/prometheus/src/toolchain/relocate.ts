import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolName } from './model.ts';

// Debian builds Alertmanager to read its templates from here instead of from within itself, and it does not start
// without them. https://sources.debian.org/src/prometheus-alertmanager/ (debian/patches)
const BUILT_IN = '/usr/share/prometheus/alertmanager';
// A folder that the launcher opens; of the same length as the path it stands for, because it takes its place.
const DESCRIPTOR = 9;
const OPENED = `/proc/self/fd/${DESCRIPTOR}`.padEnd(BUILT_IN.length, '/');

const LAUNCHER = `#!/bin/sh
# This build looks for its templates in a folder of the system; here they lie beside it.
exec ${DESCRIPTOR}<"\${0%/*}/share"
exec "\${0%/*}/alertmanager.bin" "$@"
`;

/**
 * Makes an unpacked executable work outside the folders it was packaged for. Answers with the file to start and what
 * must lie beside it. Only Alertmanager needs it; the others start from anywhere.
 */
export async function relocated(
  name: ToolName,
  root: string,
  file: string,
): Promise<{ executable: string; beside: string[] }> {
  const unchanged = { executable: file, beside: [] };
  const data = join(root, BUILT_IN);
  if (name !== 'alertmanager' || process.platform !== 'linux' || !(await exists(join(data, 'default.tmpl')))) {
    return unchanged;
  }
  const binary = await readFile(file);
  if (!replaceAll(binary, BUILT_IN, OPENED)) return unchanged;
  const folder = dirname(dirname(file));
  const program = join(folder, 'alertmanager.bin');
  await writeFile(program, binary, { mode: 0o755 });
  const share = join(folder, 'share', 'alertmanager-templates', 'share');
  await cp(data, share, { recursive: true });
  const launcher = join(folder, 'launcher');
  await writeFile(launcher, LAUNCHER, { mode: 0o755 });
  return { executable: launcher, beside: [program, share] };
}

function replaceAll(bytes: Buffer, from: string, to: string): boolean {
  let found = false;
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + to.length)) {
    bytes.write(to, at, 'latin1');
    found = true;
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
