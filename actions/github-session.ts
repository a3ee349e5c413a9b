import { maskSecret } from '@obsgate/action-kit';
import { ConfigError, type Reason } from '@obsgate/core/kernel';
import type { Clock, Merger } from '@obsgate/core/merge';
import { credentialsFrom, openSession, type Permissions } from '@obsgate/github/auth';
import type { GitHubClient } from '@obsgate/github/client';

type CredentialValues = {
  readonly 'github-token': string | undefined;
  readonly 'app-id': string | undefined;
  readonly 'app-private-key': string | undefined;
};

/** One job's access to its repository. */
export type GitHubJob = {
  readonly client: GitHubClient;
  readonly merger: Merger;
  readonly repositoryId: number;
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string };
  /** For git alone, in its environment. */
  readonly gitToken: string;
  /** Login of the account that writes: `<slug>[bot]` of the App; undefined with a token. */
  readonly login: string | undefined;
  /** Revokes what was minted. */
  close(): Promise<void>;
};

export type OpenedJob =
  | { readonly kind: 'open'; readonly job: GitHubJob }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/**
 * Opens the repository of the job with the given credentials.
 * @throws ConfigError when credentials or the runner's variables are missing
 */
export async function openJob(
  inputs: CredentialValues,
  permissions: Permissions,
  env: NodeJS.ProcessEnv,
): Promise<OpenedJob> {
  const credentials = credentialsFrom({
    token: inputs['github-token'],
    appId: inputs['app-id'],
    appPrivateKey: inputs['app-private-key'],
  });
  const [owner = '', repo = ''] = required(env, 'GITHUB_REPOSITORY').split('/');
  const apiUrl = env['GITHUB_API_URL'] ?? '';
  const where = { owner, repo, ...(apiUrl === '' ? {} : { apiUrl }) };
  const opened = await openSession(credentials, permissions, { ...where, mask: maskSecret });
  if (opened.kind === 'refused') return opened;
  const { client, token, app, close } = opened.session;
  const id = number(env, 'GITHUB_RUN_ID');
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const job: GitHubJob = {
    client,
    merger: app === undefined ? { kind: 'unknown' } : { kind: 'app', id: app.id, slug: app.slug },
    repositoryId: number(env, 'GITHUB_REPOSITORY_ID'),
    run: { id, attempt: number(env, 'GITHUB_RUN_ATTEMPT'), url: `${server}/${owner}/${repo}/actions/runs/${id}` },
    gitToken: token,
    login: app === undefined ? undefined : `${app.slug}[bot]`,
    close,
  };
  return { kind: 'open', job };
}

export const clock: Clock = {
  now: Date.now,
  sleep: (ms, stop) =>
    new Promise((resolve) => {
      if (stop?.aborted === true) return resolve();
      const timer = setTimeout(resolve, ms);
      stop?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    }),
};

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name] ?? '';
  if (value === '') throw new ConfigError(`${name} is not set: this action runs in GitHub Actions`);
  return value;
}

function number(env: NodeJS.ProcessEnv, name: string): number {
  const value = Number(required(env, name));
  if (!Number.isSafeInteger(value) || value < 0) throw new ConfigError(`${name} is no whole number`);
  return value;
}
