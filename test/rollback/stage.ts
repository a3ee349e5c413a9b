import { finishOpenLeases } from '@obsgate/core/guard';
import type { LedgerPort } from '@obsgate/core/ledger';
import type { Clock, MergePorts } from '@obsgate/core/merge';
import {
  runRollback,
  type RecoveryPort,
  type RollbackReport,
  type RollbackRequest,
  type ThreeWayPort,
} from '@obsgate/core/rollback';
import { connect, type GitHubClient } from '@obsgate/github/client';
import { leasePort } from '@obsgate/github/lease';
import { ledgerPort } from '@obsgate/github/ledger';
import { pullPort } from '@obsgate/github/merge';
import { protectionPort } from '@obsgate/github/protection';
import { rollbackPorts } from '@obsgate/github/rollback';
import { startCheckedDouble } from '../github-double/checked-double.ts';
import { at, client } from '../github-double/client.ts';
import type { Double, RepoHandle } from '../github-double/index.ts';

type Pull = Awaited<ReturnType<RepoHandle['pull']>>;
type Method = 'squash' | 'merge' | 'rebase';

export const CHECK = 'obs-lint / verdict';
const SEAL_KEY = 'a seal key that is long enough for the tests of the rollback';

/** A repository with an App that may take merges back. */
export type Stage = {
  readonly double: Double;
  readonly repo: RepoHandle;
  readonly app: { readonly id: number; readonly slug: string };
  readonly token: () => string;
};

export const FILES = {
  'docs/guide.md': 'one\ntwo\nthree\n',
  'docs/old-name.md': 'a\nb\nc\nd\ne\nf\n',
  'docs/gone.md': 'here\n',
};

export async function startStage(
  options: { readonly config?: string; readonly pack?: string } & Parameters<typeof startCheckedDouble>[0] = {},
): Promise<Stage> {
  const { config, pack, ...rest } = options;
  const double = await startCheckedDouble(rest);
  double.org('acme', ['boss']);
  const repo = double.seed({
    owner: 'acme',
    name: 'obs',
    collaborators: { author: 'write', reviewer: 'write', boss: 'admin' },
    files: {
      ...FILES,
      '.obsgate.yml': config ?? '{}\n',
      ...(pack === undefined ? {} : { 'rulepack/revert.yml': pack }),
    },
  });
  const app = double.app({
    slug: 'obsgate',
    permissions: {
      contents: 'write',
      pull_requests: 'write',
      administration: 'write',
      checks: 'read',
      statuses: 'read',
      actions: 'read',
      issues: 'write',
      actions_variables: 'read',
    },
  });
  const installation = double.install(app, 'acme');
  return { double, repo, app: { id: app.id, slug: app.slug }, token: () => double.installationToken(installation) };
}

/** Opens a pull request and merges it as a person would, past nothing: before protection is set. */
export async function mergedPull(
  stage: Stage,
  method: Method = 'squash',
  spec: Parameters<RepoHandle['pull']>[0] = {},
): Promise<{ readonly pull: Pull; readonly sha: string }> {
  const { double, repo } = stage;
  const pull = await repo.pull({ author: 'author', files: { 'docs/guide.md': 'one\nbad\nthree\n' }, ...spec });
  return { pull, sha: await mergeNow(stage, pull, method, double.token('boss')) };
}

export async function mergeNow({ double, repo }: Stage, pull: Pull, method: Method, token: string): Promise<string> {
  const call = client(double.url, token);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the first answer is that GitHub has not worked it out yet
    const answer = await call('PUT', `/repos/${repo.fullName}/pulls/${pull.number}/merge`, { merge_method: method });
    if (answer.status === 200) return String(at(answer.body, 'sha'));
  }
  throw new Error(`#${pull.number} could not be merged`);
}

export const noWait: Clock = { now: Date.now, sleep: () => Promise.resolve() };

export type RunOptions = {
  readonly runId?: number;
  readonly client?: GitHubClient;
  readonly mode?: RollbackRequest['mode'];
  readonly scenario?: string;
  readonly threeWay?: ThreeWayPort;
  readonly recovery?: RecoveryPort;
  readonly now?: () => number;
  readonly ledger?: (ledger: LedgerPort) => LedgerPort;
};

export function connectTo({ double, token }: Stage, timeoutMs = 5000): Promise<GitHubClient> {
  const sleep = () => Promise.resolve();
  return connect({ apiUrl: double.url, token: token(), owner: 'acme', repo: 'obs', timeoutMs, sleep });
}

export function mergePortsOf(github: GitHubClient, stage: Stage, options: RunOptions = {}): MergePorts {
  const { runId = 1, now = Date.now, ledger: wrap = (ledger) => ledger } = options;
  const run = { id: runId, attempt: 1 };
  const url = `https://github.test/runs/${runId}`;
  return {
    protection: protectionPort(github, { now }),
    lease: leasePort(github, { repositoryId: stage.repo.state.id, run, sealKey: SEAL_KEY, now }),
    ledger: wrap(ledgerPort(github, { actor: 'obsgate', run: { ...run, url }, now, sleep: () => Promise.resolve() })),
    pull: pullPort(github),
    clock: { ...noWait, now },
  };
}

/** What the action does: finishes open leases first, then takes the merge back. */
export async function rollBack(
  stage: Stage,
  merged: { readonly pull: Pull; readonly sha: string },
  options: RunOptions = {},
): Promise<RollbackReport> {
  const { runId = 1, mode = 'live', scenario = null, threeWay = null, recovery = null } = options;
  const github = options.client ?? (await connectTo(stage));
  const merge = mergePortsOf(github, stage, options);
  const { ledger, clock } = merge;
  if (mode === 'live')
    await finishOpenLeases({
      protection: merge.protection,
      leases: merge.lease,
      ledger,
      sleep: () => Promise.resolve(),
    });
  const login = `${stage.app.slug}[bot]`;
  const ports = rollbackPorts(github, { merge, ledger, clock, login, threeWay, recovery });
  const request: RollbackRequest = {
    pull: merged.pull.number,
    mergeSha: merged.sha,
    reason: 'errors: 0.021 > 0.003',
    scenario,
    metrics: ['errors'],
    verdict: 'sha256:0000',
    mode,
  };
  const merger = { kind: 'app', ...stage.app } as const;
  return runRollback(request, ports, { merger, run: { id: runId, attempt: 1 }, stop: new AbortController().signal });
}

/** How many commits on main take the merge back. */
export function revertsOnMain({ repo }: Stage, merged: { readonly pull: Pull }): number {
  return [...repo.state.pulls.values()].filter(
    ({ headRef, mergedAt }) => mergedAt !== null && headRef.startsWith(`obsgate/revert-${merged.pull.number}-`),
  ).length;
}
