import { ConfigError, type Reason } from '@obsgate/core/kernel';
import * as z from 'zod';
import { connect, reasonOf, type ConnectOptions, type GitHubClient } from '../client/index.ts';
import { appJwt } from './app-jwt.ts';

export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string };

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** The App behind a session. */
export type AppIdentity = { readonly id: number; readonly slug: string };

export type Session = {
  readonly client: GitHubClient;
  /** For git, which takes it from its environment. Masked already. */
  readonly token: string;
  /** Undefined with a plain token, of which the App behind it is not known. */
  readonly app: AppIdentity | undefined;
  /** Revokes the token that was minted for the session; a token that was given is left alone. */
  close(): Promise<void>;
};

export type SessionResult =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

type SessionOptions = Omit<ConnectOptions, 'token'> & {
  /** Called with every secret before it is used, so that logs hide it. */
  readonly mask: (secret: string) => void;
};

const installationAnswer = z.looseObject({
  id: z.int(),
  app_id: z.int(),
  app_slug: z.string(),
  permissions: z.record(z.string(), z.string()),
});
const tokenAnswer = z.looseObject({ token: z.string().min(1) });

/**
 * Opens a session on one repository: with an App, a token is minted that has `permissions` on this repository alone.
 * Three requests with an App (one of them on closing), none with a token.
 * @throws ConfigError when the App's key can not be read.
 */
export async function openSession(
  credentials: Credentials,
  permissions: Permissions,
  options: SessionOptions,
): Promise<SessionResult> {
  if (credentials.kind === 'token') {
    options.mask(credentials.token);
    const client = await connect({ ...options, token: credentials.token });
    const { token } = credentials;
    return { kind: 'open', session: { client, token, app: undefined, close: async () => undefined } };
  }
  const jwt = appJwt(credentials.appId, credentials.privateKey, (options.now ?? Date.now)());
  options.mask(jwt);
  const asApp = await connect({ ...options, token: jwt });
  const installation = await asApp.call({ route: 'GET /repos/{owner}/{repo}/installation' }, installationAnswer);
  const where = `${options.owner}/${options.repo}`;
  if (installation.kind === 'failed') {
    return refused(reasonOf(installation.failure, `App ${credentials.appId} is not installed on ${where}`));
  }
  const lacking = missingPermissions(installation.value.permissions, permissions);
  if (lacking.length > 0) {
    return { kind: 'refused', reasons: lacking.map((name) => permissionMissing(installation.value.app_slug, name)) };
  }
  const minted = await asApp.call(
    {
      route: 'POST /app/installations/{installation_id}/access_tokens',
      params: { installation_id: installation.value.id, repositories: [options.repo], permissions },
    },
    tokenAnswer,
  );
  if (minted.kind === 'failed') return refused(reasonOf(minted.failure, `no token could be had for ${where}`));
  options.mask(minted.value.token);
  const client = await connect({ ...options, token: minted.value.token });
  const app = { id: installation.value.app_id, slug: installation.value.app_slug };
  // A token that could not be revoked ends by itself within the hour.
  const close = async (): Promise<void> => void (await client.send({ route: 'DELETE /installation/token' }));
  return { kind: 'open', session: { client, token: minted.value.token, app, close } };
}

/** The credentials out of an action's inputs: a token, or an App's id and key, not both halves of neither. */
export function credentialsFrom(inputs: {
  readonly token: string | undefined;
  readonly appId: string | undefined;
  readonly appPrivateKey: string | undefined;
}): Credentials {
  const { token, appId, appPrivateKey } = inputs;
  if (appId !== undefined && appPrivateKey !== undefined) return { kind: 'app', appId, privateKey: appPrivateKey };
  if (appId !== undefined) throw new ConfigError('app-id is given without app-private-key', 'app-private-key');
  if (appPrivateKey !== undefined) throw new ConfigError('app-private-key is given without app-id', 'app-id');
  if (token !== undefined) return { kind: 'token', token };
  throw new ConfigError('give app-id and app-private-key, or github-token', 'github-token');
}

function missingPermissions(granted: Readonly<Record<string, string>>, wanted: Permissions): string[] {
  return Object.entries(wanted)
    .filter(([name, level]) => granted[name] !== 'write' && granted[name] !== level)
    .map(([name, level]) => `${name}: ${level}`);
}

function permissionMissing(slug: string, permission: string): Reason {
  return {
    code: 'permission_missing',
    message: `the App "${slug}" is installed without the permission "${permission}"; grant it in the App's settings and accept it for the installation`,
    subject: permission,
  };
}

function refused(reason: Reason): SessionResult {
  return { kind: 'refused', reasons: [reason] };
}
