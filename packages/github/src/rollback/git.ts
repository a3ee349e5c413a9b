import { devNull } from 'node:os';

export type GitResult = { readonly code: number; readonly stdout: Buffer; readonly stderr: string };
export type Git = (args: readonly string[]) => Promise<GitResult>;

export type GitOptions = {
  /** Folder of the repository. */
  readonly folder: string;
  /** Origin that the token is for, such as `https://github.com`; null: none is sent. */
  readonly origin: string | null;
  readonly token: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Git in one folder, with nothing of this machine's configuration: no hooks, filters, drivers or helpers run. The token
 * stands in the child's environment alone, never in arguments or on disk
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT).
 */
export function gitIn({ folder, origin, token, env }: GitOptions): Git {
  const childEnv = gitEnvironment(origin, token, env);
  return async (args) => {
    const { exec } = await import('@actions/exec');
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const code = await exec('git', ['-C', folder, ...args], {
      silent: true,
      ignoreReturnCode: true,
      env: childEnv,
      listeners: { stdout: (data) => void out.push(data), stderr: (data) => void err.push(data) },
    });
    return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8').trim() };
  };
}

/** What git sees of the environment; inputs of the action, where secrets stand, are not among it. */
export function gitEnvironment(
  origin: string | null,
  token: string | null,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(GIT_|INPUT_|ACTIONS_|STATE_)/i.test(entry[0]),
  );
  const settings: [string, string][] = [
    // A connection that stands still ends by itself.
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '20'],
    ['credential.helper', ''],
    ['core.hooksPath', devNull],
  ];
  if (token !== null && origin !== null) {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    settings.push([`http.${origin}/.extraheader`, `AUTHORIZATION: basic ${basic}`]);
  }
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:file',
    GIT_AUTHOR_NAME: 'obsgate',
    GIT_AUTHOR_EMAIL: 'obsgate@localhost',
    GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
    GIT_COMMITTER_NAME: 'obsgate',
    GIT_COMMITTER_EMAIL: 'obsgate@localhost',
    GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.map(([key], index) => [`GIT_CONFIG_KEY_${index}`, key])),
    ...Object.fromEntries(settings.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value])),
  };
}
