import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { defaultCacheDir } from '@obsgate/prometheus/toolchain';
import { withTempDir } from '@obsgate/prometheus/process';
import * as z from 'zod';
import { root } from '../static/workflow-files.ts';

const EVENT = z.looseObject({
  jobID: z.string().optional(),
  jobResult: z.string().optional(),
  stepID: z.array(z.string()).optional(),
  stepResult: z.string().optional(),
  stage: z.string().optional(),
  command: z.string().optional(),
  name: z.string().optional(),
  arg: z.string().optional(),
  kvPairs: z.record(z.string(), z.string()).optional(),
  msg: z.string().default(''),
});

/** One line of the runner's log. */
export type ActEvent = z.output<typeof EVENT>;

/** A Go program on the PATH, or where `go install` puts it; undefined where it is not installed. */
export function goProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go/bin')];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Calls the workflow as another repository would. */
const CALLER = `name: caller
on: pull_request
permissions: {}
jobs:
  call:
    permissions: { contents: read }
    uses: ./.github/workflows/obs-lint.yml
    with: { working-directory: docs/example, realm: prod }
`;

/** Stands in for the upload: the artifact's files must be there and hold something. */
const UPLOAD = `name: upload
description: Stands in for actions/upload-artifact, which is out of reach.
inputs:
  name: { description: Name., required: true }
  path: { description: Files., required: true }
runs:
  using: composite
  steps:
    - shell: bash
      env: { NAME: '\${{ inputs.name }}', PATHS: '\${{ inputs.path }}' }
      run: |
        while read -r path; do
          if [[ -n $path ]]; then test -s "$path" && echo "kept $NAME $(basename "$path")"; fi
        done <<< "$PATHS"
`;

/**
 * Runs obs-lint.yml in act's runner, in the host's own processes, on a copy of this repository in which `change` has
 * been made by the second commit: on a pull request, or called by a workflow. The runner knows no `$/` yet: in the copy it is `./`, the same folder here.
 */
export async function runObsLint(
  act: string,
  by: 'pull_request' | 'workflow_call',
  change: (repository: string) => Promise<void>,
): Promise<{ code: number | null; events: ActEvent[]; errors: string }> {
  return withTempDir('obsgate-act', async (folder) => {
    const repository = join(folder, 'repository');
    const upload = join(folder, 'upload');
    await mkdir(upload);
    await writeFile(join(upload, 'action.yml'), UPLOAD);
    const workflow = await copyRepository(repository);
    commit(repository, 'base');
    await change(repository);
    commit(repository, 'change');
    const artifact = /actions\/upload-artifact@[0-9a-f]{40}/.exec(workflow)?.[0] ?? '';
    await writeFile(join(repository, '.github/workflows/caller.yml'), CALLER);
    const name = by === 'workflow_call' ? 'caller' : 'obs-lint';
    const args = ['pull_request', '--json', '--workflows', `.github/workflows/${name}.yml`];
    args.push('--platform', 'ubuntu-24.04=-self-hosted', '--no-cache-server', '--action-offline-mode');
    args.push('--use-new-action-cache', '--local-repository', `${artifact}=${upload}`);
    args.push('--env', `OBSGATE_CACHE=${defaultCacheDir(process.env)}`);
    return run(act, args, repository, join(folder, 'home'));
  });
}

async function copyRepository(to: string): Promise<string> {
  for (const name of ['.github', 'actions', 'dist', 'docs/example', 'package.json'])
    await cp(join(root, name), join(to, name), {
      recursive: true,
      filter: (path) => !/\/(node_modules|lib)(\/|$)/.test(path.slice(root.length)),
    });
  const path = join(to, '.github/workflows/obs-lint.yml');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll('uses: $/', 'uses: ./'));
  return text;
}

function commit(folder: string, message: string): void {
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`git ${args[0] ?? ''}: ${stderr}`);
  };
  if (!existsSync(join(folder, '.git'))) git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
}

function run(
  act: string,
  args: readonly string[],
  cwd: string,
  home: string,
): Promise<{ code: number | null; events: ActEvent[]; errors: string }> {
  return new Promise((resolve, reject) => {
    // The runner keeps its own settings and caches in the home folder: a fresh one, so that nobody's are used.
    const env = {
      ...process.env,
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_CONFIG_HOME: join(home, '.config'),
    };
    const child = spawn(act, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code, events: lines.map((line) => EVENT.parse(JSON.parse(line))), errors: stderr });
    });
  });
}
