import { ConfigError } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import { renderMergeJson, renderMergeMarkdown, renderMergeText, type MergeView } from '@obsgate/core/report/merge';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';

type MergeFlags = { readonly repo?: string; readonly format: string };

const EXITS = { pass: EXIT.pass, fail: EXIT.fail, hold: EXIT.undecided, error: EXIT.undecided } as const;
const RENDERERS = { text: renderMergeText, json: renderMergeJson, markdown: renderMergeMarkdown } as const;

/** `obsgate merge plan PR`: whether and how a pull request would be merged, and why not otherwise. Changes nothing. */
export function addMergeCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const merge = program.command('merge').description('merges that policy calls safe');
  merge
    .command('plan')
    .description('whether and how a pull request would be merged; nothing is changed')
    .argument('<pr>', 'number of the pull request')
    .option('--repo <owner/name>', 'repository (default: GITHUB_REPOSITORY)')
    .option('--format <format>', 'text, json or markdown', 'text')
    .addHelpText(
      'after',
      '\nGITHUB_TOKEN holds a token that may read protection (Administration: read).\nWith OBSGATE_APP_ID and OBSGATE_APP_PRIVATE_KEY it plans as the App itself.\n',
    )
    .action(async (pr: string, flags: MergeFlags) => finish(await plan(pr, flags, io)));
}

async function plan(pr: string, { format, repo }: MergeFlags, io: CliIo): Promise<number> {
  const render = Object.entries(RENDERERS).find(([name]) => name === format)?.[1];
  if (render === undefined)
    throw new ConfigError(
      `unknown format ${JSON.stringify(format)} Known: ${Object.keys(RENDERERS).join(', ')}`,
      '--format',
    );
  const view = await planned(pullNumber(pr), repo, io);
  if (typeof view === 'string') {
    io.err(`${view}\n`);
    return EXIT.undecided;
  }
  io.out(render(view));
  return EXITS[view.plan.outcome];
}

/** The plan, or why there is none. */
async function planned(pull: number, named: string | undefined, { env }: CliIo): Promise<MergeView | string> {
  const [owner = '', repo = '', ...rest] = (named ?? env['GITHUB_REPOSITORY'] ?? '').split('/');
  if (owner === '' || repo === '' || rest.length > 0)
    throw new ConfigError('name the repository as owner/name, by --repo or GITHUB_REPOSITORY', '--repo');
  const { credentialsFrom, openSession } = await import('@obsgate/github/auth');
  const credentials = credentialsFrom({
    token: given(env['GITHUB_TOKEN']),
    appId: given(env['OBSGATE_APP_ID']),
    appPrivateKey: given(env['OBSGATE_APP_PRIVATE_KEY']),
  });
  const apiUrl = given(env['GITHUB_API_URL']);
  const where = { owner, repo, ...(apiUrl === undefined ? {} : { apiUrl }) };
  const opened = await openSession(credentials, READ_ONLY, { ...where, mask: () => undefined });
  if (opened.kind === 'refused') return opened.reasons.map(({ message }) => message).join('\n');
  const { client, app, close } = opened.session;
  try {
    const { planPull, pullPort, readDefaultConfig } = await import('@obsgate/github/merge');
    const { protectionPort } = await import('@obsgate/github/protection');
    const { ledgerPort } = await import('@obsgate/github/ledger');
    const config = await readDefaultConfig(client, '.obsgate.yml');
    if (config.kind === 'refused') return config.reasons.map(({ message }) => message).join('\n');
    const run = { id: 0, attempt: 1, url: '' };
    // The labels that are there are the request: nobody in particular asks.
    const request = { pull, trigger: { kind: 'checks' }, headSha: null } as const;
    const result = await planPull(request, {
      client,
      protection: protectionPort(client),
      ledger: ledgerPort(client, { branch: config.config.ledger.branch, actor: 'obsgate', run }),
      pull: pullPort(client),
      clock: { now: Date.now, sleep: async (ms) => new Promise((resolve) => void setTimeout(resolve, ms)) },
      merger: app === undefined ? { kind: 'unknown' } : { kind: 'app', ...app },
    });
    if (result.kind === 'refused') return result.reasons.map(({ message }) => message).join('\n');
    return { plan: result.plan, report: null, dryRun: true };
  } finally {
    await close();
  }
}

/** GitHub shows bypass lists only to those who may write them: with less, a plan says so. */
const READ_ONLY = {
  administration: 'write',
  contents: 'read',
  pull_requests: 'read',
  issues: 'read',
  checks: 'read',
  statuses: 'read',
  actions: 'read',
} as const;

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function pullNumber(text: string): number {
  const number = Number(text.replace(/^#/, ''));
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new ConfigError(`${JSON.stringify(text)} is no number of a pull request`, 'PR');
}
