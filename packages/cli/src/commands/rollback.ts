import { ConfigError } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import { renderRollbackText, requestOf, shadowRollback, type RollbackReport } from '@obsgate/core/rollback';
import type { GitHubClient } from '@obsgate/github/client';
import type { Command } from 'commander';
import * as z from 'zod';
import type { CliIo } from '../io.ts';

type RollbackFlags = {
  readonly repo?: string;
  readonly mergeSha?: string;
  readonly scenario?: string;
  readonly format: string;
};

const EXITS = { pass: EXIT.pass, fail: EXIT.fail, hold: EXIT.undecided, error: EXIT.fail } as const;

/** `obsgate rollback plan PR`: what a rollback of this merge would do, and why not more. Nothing is changed. */
export function addRollbackCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const rollback = program.command('rollback').description('merges that are taken back');
  rollback
    .command('plan')
    .description('what a rollback of a merged pull request would do; nothing is changed')
    .argument('<pr>', 'number of the merged pull request')
    .option('--repo <owner/name>', 'repository (default: GITHUB_REPOSITORY)')
    .option('--merge-sha <sha>', 'the commit that it was merged as (default: what GitHub says)')
    .option('--scenario <name>', 'scenario that it was merged under, for its cooldown')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', '\nGITHUB_TOKEN holds the token; it needs to read only.\n')
    .action(async (pr: string, flags: RollbackFlags) => finish(await plan(pr, flags, io)));
}

async function plan(pr: string, flags: RollbackFlags, io: CliIo): Promise<number> {
  const { format } = flags;
  if (format !== 'text' && format !== 'json')
    throw new ConfigError(`unknown format ${JSON.stringify(format)} Known: text, json`, '--format');
  const report = await reportOf(pullNumber(pr), flags, io);
  if (typeof report === 'string') {
    io.err(`${report}\n`);
    return EXIT.undecided;
  }
  io.out(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderRollbackText(report));
  return EXITS[report.outcome];
}

/** The plan, or why there is none. */
async function reportOf(pr: number, flags: RollbackFlags, { env }: CliIo): Promise<RollbackReport | string> {
  const [owner = '', repo = '', ...rest] = (flags.repo ?? env['GITHUB_REPOSITORY'] ?? '').split('/');
  if (owner === '' || repo === '' || rest.length > 0)
    throw new ConfigError('name the repository as owner/name, by --repo or GITHUB_REPOSITORY', '--repo');
  const token = env['GITHUB_TOKEN'] ?? '';
  if (token === '') throw new ConfigError('GITHUB_TOKEN is not set', 'GITHUB_TOKEN');
  const { connect } = await import('@obsgate/github/client');
  const apiUrl = env['GITHUB_API_URL'] ?? '';
  const client = await connect({ token, owner, repo, ...(apiUrl === '' ? {} : { apiUrl }) });
  const sha = flags.mergeSha ?? (await mergeShaOf(client, pr));
  const { readDefaultConfig } = await import('@obsgate/github/merge');
  const config = await readDefaultConfig(client, '.obsgate.yml');
  if (config.kind === 'refused') return config.reasons.map(({ message }) => message).join('\n');
  const { ledgerPort } = await import('@obsgate/github/ledger');
  const { readRollbackFacts } = await import('@obsgate/github/rollback');
  const run = { id: 0, attempt: 1, url: '' };
  const ledger = ledgerPort(client, { branch: config.config.ledger.branch, actor: 'obsgate', run });
  const scenario = flags.scenario ?? null;
  const request = requestOf(
    { pr, merge_sha: sha, scenario, metrics: [], verdict: '' },
    'obsgate rollback plan',
    'shadow',
  );
  const read = await readRollbackFacts(client, request, { ledger, now: Date.now });
  if (read.kind === 'refused') return read.reasons.map(({ message }) => message).join('\n');
  return shadowRollback(read.facts, request);
}

const pullAnswer = z.looseObject({ merged: z.boolean(), merge_commit_sha: z.string().nullable() });

async function mergeShaOf(client: GitHubClient, pr: number): Promise<string> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const answer = await client.call({ route, params: { pull_number: pr } }, pullAnswer);
  if (answer.kind === 'failed') throw new ConfigError(`#${pr} could not be read: ${answer.failure.message}`, 'PR');
  const { merged, merge_commit_sha: sha } = answer.value;
  if (!merged || sha === null) throw new ConfigError(`#${pr} is not merged`, 'PR');
  return sha;
}

function pullNumber(text: string): number {
  const number = Number(text.replace(/^#/, ''));
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new ConfigError(`${JSON.stringify(text)} is no number of a pull request`, 'PR');
}
