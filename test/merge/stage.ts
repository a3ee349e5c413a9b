import { generateKeyPairSync } from 'node:crypto';
import {
  climb,
  runMerge,
  type LadderInput,
  type MergePorts,
  type MergeReport,
  type MergeTask,
} from '@obsgate/core/merge';
import type { LedgerPort } from '@obsgate/core/ledger';
import { connect, type GitHubClient } from '@obsgate/github/client';
import { leasePort } from '@obsgate/github/lease';
import { pullPort } from '@obsgate/github/merge';
import { protectionPort } from '@obsgate/github/protection';
import { startDouble, type Double, type RepoHandle } from '../github-double/index.ts';

export const SEAL_KEY = 'a seal key that is long enough for the tests of the merge';
export const RUN = { id: 4711, attempt: 1 };

/** Making a key takes longer than a merge: all stages of a test file share one. */
const KEYS = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

type Pull = Awaited<ReturnType<RepoHandle['pull']>>;

/** A repository with a pull request that is green and labelled, and an App that may merge it. */
export type Stage = {
  readonly double: Double;
  readonly repo: RepoHandle;
  readonly pull: Pull;
  readonly app: { readonly id: number; readonly slug: string };
  /** The App's key in PEM. */
  readonly privateKey: string;
  /** A fresh installation token of the App. */
  readonly token: () => string;
};

export type Kind = 'classic' | 'ruleset';
export type RungCase = { readonly rung: MergeReport['rung']; readonly kind: Kind };

export const LABELS = ['change:safe', 'auto-relax-merge'];
export const CHECK = 'obs-lint / verdict';

export const RULEPACK = `scenario: safe-docs
allow_paths: ['docs/**']
required_contexts: ['${CHECK}']
relaxable: true
relax: field
`;

export const RUNG_CASES: readonly RungCase[] = (['classic', 'ruleset'] as const).flatMap((kind) =>
  (['plain', 'existing-bypass', 'add-bypass', 'lower-field'] as const).map((rung) => ({ rung, kind })),
);

export async function startStage(options: Parameters<typeof startDouble>[0] = {}): Promise<Stage> {
  const double = await startDouble({ ...options });
  double.org('acme', ['boss']);
  const repo = double.seed({
    owner: 'acme',
    name: 'obs',
    files: { 'README.md': 'obs\n', 'rulepack/safe-docs.yml': RULEPACK },
    collaborators: { author: 'write', reviewer: 'write', admin: 'admin', reader: 'read' },
  });
  const app = double.app({
    slug: 'obsgate',
    publicKey: KEYS.publicKey,
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
  const pull = await openGreenPull(double, repo);
  return {
    double,
    repo,
    pull,
    app: { id: app.id, slug: app.slug },
    privateKey: KEYS.privateKey,
    token: () => double.installationToken(installation),
  };
}

export async function openGreenPull(
  double: Double,
  repo: RepoHandle,
  spec: Parameters<RepoHandle['pull']>[0] = {},
): Promise<Pull> {
  const pull = await repo.pull({ author: 'author', files: { 'docs/guide.md': 'text\n' }, ...spec });
  double.clock.advance(5);
  for (const label of LABELS) repo.label(pull, label, 'reviewer');
  repo.check(pull.headSha, CHECK, { workflow: { path: '.github/workflows/obs-lint.yml', event: 'pull_request' } });
  return pull;
}

/** Protection that leaves exactly this rung as the least invasive way. */
export function protectFor({ rung, kind }: RungCase, { repo, app }: Stage): void {
  const count = rung === 'plain' ? 0 : 1;
  const ours = rung === 'existing-bypass';
  if (kind === 'classic') {
    repo.protect('main', {
      enforceAdmins: true,
      checks: [CHECK],
      conversationResolution: true,
      reviews: {
        count,
        dismissStale: true,
        dismissal: { users: ['boss'] },
        bypass: { users: ['boss'], apps: ours ? [app.slug] : [] },
      },
    });
    return;
  }
  const others = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }] as const;
  const own = [{ actor_id: app.id, actor_type: 'Integration', bypass_mode: 'always' }] as const;
  repo.ruleset({
    name: 'main rules',
    bypassActors: ours ? [...others, ...own] : [...others],
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: count,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_review_thread_resolution: true,
          allowed_merge_methods: ['merge', 'squash', 'rebase'],
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          do_not_enforce_on_create: false,
          required_status_checks: [{ context: CHECK }],
        },
      },
    ],
  });
}

export const noLedger: LedgerPort = {
  append: async () => ({ kind: 'appended', entries: [] }),
  readMonth: async () => ({ kind: 'ok', text: undefined }),
};

export async function clientOf(stage: Stage, options: { readonly timeoutMs?: number } = {}): Promise<GitHubClient> {
  return connect({
    apiUrl: stage.double.url,
    token: stage.token(),
    owner: 'acme',
    repo: 'obs',
    timeoutMs: options.timeoutMs ?? 5000,
    sleep: async () => undefined,
  });
}

export type PortOptions = { readonly run?: typeof RUN; readonly ledger?: LedgerPort; readonly now?: () => number };

export function portsOf(client: GitHubClient, stage: Stage, options: PortOptions = {}): MergePorts {
  const { run = RUN, ledger = noLedger, now = Date.now } = options;
  return {
    protection: protectionPort(client, { now }),
    lease: leasePort(client, { repositoryId: stage.repo.state.id, run, sealKey: SEAL_KEY, now }),
    ledger,
    pull: pullPort(client),
    clock: { now, sleep: async () => undefined },
  };
}

/** What the gates and the ladder would hand over for a stage's pull request, with the protection as it is now. */
export async function taskFor(
  stage: Stage,
  ports: MergePorts,
  { rung, kind }: RungCase,
  more: Partial<MergeTask> = {},
): Promise<MergeTask> {
  const { repo, pull, app } = stage;
  // As the gates do: it makes GitHub compute the trial merge that what lands is compared with.
  await ports.pull.read(pull.number);
  const read = await ports.protection.read('main');
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.reasons));
  const from = kind === 'classic' ? { kind } : { kind, rulesetId: read.snapshot.rulesets[0]?.id ?? 0 };
  const causes = [{ need: 'approvals', from, message: '1 approval is missing' }] as const;
  const input: LadderInput = {
    snapshot: read.snapshot,
    cause: rung === 'plain' ? { kind: 'none' } : { kind: 'review', causes },
    merger: { kind: 'app', ...app },
    defaultBranch: 'main',
    method: 'squash',
    approvals: 0,
    relaxable: true,
    relax: 'field',
  };
  const decision = rung === 'lower-field' ? withoutBypass(input) : climb(input);
  if (decision.kind === 'stop' || decision.rung.name !== rung) throw new Error(JSON.stringify(decision));
  return {
    repositoryId: repo.state.id,
    pull: pull.number,
    headSha: pull.headSha,
    branch: 'main',
    method: 'squash',
    rung: decision.rung,
    snapshot: read.snapshot,
    merger: input.merger,
    labels: LABELS,
    checks: [],
    files: [{ path: 'docs/guide.md', status: 'added' }],
    scenario: 'safe-docs',
    actor: 'author',
    run: RUN,
    ...more,
  };
}

/** A person's token can stand on no bypass list by itself, which leaves the last rung. */
function withoutBypass(input: LadderInput): ReturnType<typeof climb> {
  const decision = climb({ ...input, merger: { kind: 'unknown' } });
  return decision;
}

export async function mergeOnce(
  stage: Stage,
  rung: RungCase,
  stop: AbortSignal = new AbortController().signal,
): Promise<MergeReport> {
  const ports = portsOf(await clientOf(stage), stage);
  const task = await taskFor(stage, ports, rung);
  stage.double.clearRequests();
  stage.double.faults.resetCounter();
  return runMerge(task, ports, stop);
}
