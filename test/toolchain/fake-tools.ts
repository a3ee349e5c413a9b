import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runProcess } from '@obsgate/prometheus/process';

/** A shell script that answers `--version` as the tool of that name and version does. */
export function versionScript(name: string, version: string): string {
  return `#!/bin/sh\necho "${name}, version ${version} (branch: HEAD, revision: 0)"\n`;
}

/** Writes an executable file and answers with its path. */
export async function executable(dir: string, name: string, text: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, name);
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

export type Upload = 'whole' | 'truncated' | 'tampered';

/** A server of releases on the loopback, in the layout of upstream's. */
export type ReleaseServer = {
  readonly base: string;
  /** Every path that was asked for, in order. */
  readonly requests: string[];
  /** How the archive of the next requests arrives. */
  upload: Upload;
  readonly close: () => Promise<void>;
};

/** Serves archives of `prometheus` in these versions; each holds scripts named prometheus and promtool. */
export async function releaseServer(dir: string, versions: readonly string[]): Promise<ReleaseServer> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const archives = new Map<string, Buffer>();
  for (const version of versions) {
    const stem = `prometheus-${version}.${process.platform}-${arch}`;
    for (const tool of ['prometheus', 'promtool']) {
      await executable(join(dir, stem), tool, versionScript(tool, version));
    }
    await runProcess('tar', ['-czf', `${stem}.tar.gz`, stem], { cwd: dir });
    archives.set(`v${version}/${stem}.tar.gz`, await readFile(join(dir, `${stem}.tar.gz`)));
  }
  const state: { upload: Upload } = { upload: 'whole' };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const path = request.url ?? '';
    if (path === '/prometheus/releases/latest') {
      return response.writeHead(302, { location: `/prometheus/releases/tag/v${versions.at(-1)}` }).end();
    }
    const file = path.replace('/prometheus/releases/download/', '');
    const sum = [...archives].find(([name]) => file === `${name.split('/')[0]}/sha256sums.txt`);
    if (sum !== undefined) {
      const digest = createHash('sha256').update(sum[1]).digest('hex');
      return response.end(`${digest}  ${sum[0].split('/')[1]}\n`);
    }
    const archive = archives.get(file);
    if (archive === undefined) return response.writeHead(404).end();
    return response.end(uploaded(archive, state.upload));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return Object.assign(state, { base: `http://127.0.0.1:${port}`, requests, close });
}

function uploaded(archive: Buffer, upload: Upload): Buffer {
  if (upload === 'truncated') return archive.subarray(0, archive.length - 10);
  if (upload === 'whole') return archive;
  const changed = Buffer.from(archive);
  changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 0xff;
  return changed;
}
