import { readdirSync, readFileSync } from 'node:fs';
import { evaluateGates, type Evaluation, type MergeFacts, type MergeRequest, type Trigger } from '@obsgate/core/merge';
import { connect, type GitHubClient } from '@obsgate/github/client';
import { readMergeFacts } from '@obsgate/github/facts';
import { protectionPort } from '@obsgate/github/protection';
import { startCheckedDouble } from '../github-double/checked-double.ts';
import type { Double, Files, RepoHandle } from '../github-double/index.ts';

const examples = new URL('../../docs/example/rulepack/', import.meta.url);

export const LABELS = ['change:safe', 'auto-relax-merge'];
export const RULES = 'groups:\n  - name: g\n    rules:\n      - { record: "job:up:sum", expr: "sum(up)" }\n';

/** The rulepacks that are shipped, as files of a repository. */
export function shippedRulepacks(): Files {
  return Object.fromEntries(
    readdirSync(examples).map((name) => [`rulepack/${name}`, readFileSync(new URL(name, examples), 'utf8')]),
  );
}

export type FactsStage = {
  readonly double: Double;
  readonly repo: RepoHandle;
  readonly client: GitHubClient;
  read(pull: number, trigger?: Trigger): Promise<MergeFacts>;
  judge(pull: number, trigger?: Trigger): Promise<Evaluation>;
};

/** A repository with the shipped rulepacks, protected by one approval and one check, and an App that may read it all. */
export async function factsStage(files: Files = {}): Promise<FactsStage> {
  const double = await startCheckedDouble();
  const repo = double.seed({
    owner: 'acme',
    name: 'obs',
    files: { 'README.md': '# obs\n', 'prometheus/rules/a.yml': RULES, ...shippedRulepacks(), ...files },
    collaborators: { author: 'write', reviewer: 'write', admin: 'admin', triager: 'triage', reader: 'read' },
  });
  repo.protect('main', { checks: ['obs-lint'], reviews: { count: 1 } });
  const app = double.app({
    slug: 'obsgate',
    permissions: {
      contents: 'write',
      pull_requests: 'write',
      issues: 'write',
      checks: 'read',
      statuses: 'read',
      actions: 'read',
      administration: 'write',
      actions_variables: 'read',
    },
  });
  const token = double.installationToken(double.install(app, 'acme'));
  const client = await connect({ apiUrl: double.url, token, owner: 'acme', repo: 'obs', sleep: async () => undefined });
  return { double, repo, client, ...readers(client) };
}

function readers(client: GitHubClient): Pick<FactsStage, 'read' | 'judge'> {
  const ports = { readProtection: protectionPort(client).read, now: Date.now };
  const readAll = async (
    pull: number,
    trigger: Trigger,
  ): Promise<{ request: MergeRequest; all: Awaited<ReturnType<typeof readMergeFacts>> }> => {
    const request = { pull, trigger, headSha: null };
    return { request, all: await readMergeFacts(client, request, ports) };
  };
  return {
    read: async (pull, trigger = { kind: 'checks' }) => {
      const { all } = await readAll(pull, trigger);
      if (all.kind === 'refused') throw new Error(JSON.stringify(all.reasons));
      return all.facts;
    },
    judge: async (pull, trigger = { kind: 'checks' }) => {
      const { all, request } = await readAll(pull, trigger);
      if (all.kind === 'refused') throw new Error(JSON.stringify(all.reasons));
      return evaluateGates(all.facts, all.rulepacks, all.config, request);
    },
  };
}

/** Opens a pull request, and a second later labels it and lets the checks of the observability scenario pass. */
export async function openGreen(
  { double, repo }: FactsStage,
  files: Files,
): Promise<{ number: number; headSha: string }> {
  const pull = await repo.pull({ author: 'author', files });
  double.clock.advance(2);
  for (const label of LABELS) repo.label(pull, label, 'author');
  for (const name of ['obs-lint', 'promql-unit', 'sandbox-smoke-60s', 'error-budget-burn-ok']) {
    const path = name === 'obs-lint' ? '.github/workflows/obs-lint.yml' : '.github/workflows/live-gates.yml';
    repo.check(pull.headSha, name, { workflow: { path, event: 'pull_request' } });
  }
  return pull;
}

/** The refusals as `gate code subject`, for a table. */
export function told({ refusals }: Evaluation): string[] {
  return refusals.map(({ gate, code, subject }) =>
    [gate, code, subject].filter((part) => part !== undefined).join(' '),
  );
}
