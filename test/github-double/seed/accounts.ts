import { randomBytes } from 'node:crypto';
import type { Account, App, Grants, Installation, Team, World } from '../state.ts';
import { newId, nowIso, nowMs } from '../state.ts';

/** The App behind GITHUB_TOKEN and the checks of GitHub Actions. */
export const ACTIONS_APP_ID = 15_368;

export function ensureUser(world: World, login: string): Account {
  return ensure(world, login, 'User');
}

export function ensureOrg(world: World, login: string, owners: readonly string[] = []): Account {
  const org = ensure(world, login, 'Organization');
  for (const owner of owners) {
    ensureUser(world, owner);
    org.owners.add(owner);
  }
  return org;
}

function ensure(world: World, login: string, type: Account['type']): Account {
  const known = world.accounts.get(login);
  if (known) return known;
  const account: Account = { id: newId(world), login, type, owners: new Set() };
  world.accounts.set(login, account);
  return account;
}

export function addTeam(world: World, org: string, slug: string, members: readonly string[]): Team {
  ensureOrg(world, org);
  for (const login of members) ensureUser(world, login);
  const team: Team = { id: newId(world), org, slug, members: new Set(members) };
  world.teams.set(`${org}/${slug}`, team);
  return team;
}

export type AppSpec = {
  readonly slug: string;
  readonly id?: number;
  readonly owner?: string;
  readonly permissions?: Grants;
  /** PEM of the key that verifies this App's JWTs. */
  readonly publicKey?: string;
};

export function addApp(world: World, spec: AppSpec): App {
  const id = spec.id ?? newId(world);
  const owner = spec.owner ?? 'github';
  ensureOrg(world, owner);
  const app: App = {
    id,
    slug: spec.slug,
    name: spec.slug,
    owner,
    clientId: `Iv1.${id.toString(16).padStart(16, '0')}`,
    publicKey: spec.publicKey ?? null,
    permissions: spec.permissions ?? {},
    createdAt: nowIso(world),
  };
  world.apps.set(id, app);
  return app;
}

export type InstallSpec = { readonly permissions?: Grants; readonly repositories?: readonly string[] };

/** Installs an App on an account, with the App's own permissions unless others are given. */
export function installApp(world: World, app: App, account: string, spec: InstallSpec = {}): Installation {
  const installation: Installation = {
    id: newId(world),
    appId: app.id,
    account,
    permissions: spec.permissions ?? app.permissions,
    repositories: spec.repositories ? new Set(spec.repositories.map((name) => name.toLowerCase())) : 'all',
    suspendedAt: null,
    createdAt: nowIso(world),
  };
  world.installations.set(installation.id, installation);
  return installation;
}

function secret(prefix: string): string {
  return `${prefix}${randomBytes(18).toString('hex')}`;
}

/** A classic token: the person's role is its only limit. Empty `scopes` stand for all. */
export function classicToken(world: World, login: string, scopes: readonly string[] = []): string {
  ensureUser(world, login);
  const value = secret('ghp_');
  world.tokens.set(value, { kind: 'classic', login, scopes });
  return value;
}

export function fineGrainedToken(
  world: World,
  login: string,
  grants: Grants,
  repositories: 'all' | readonly string[] = 'all',
): string {
  ensureUser(world, login);
  const value = secret('github_pat_');
  const limit = repositories === 'all' ? ('all' as const) : new Set(repositories.map((name) => name.toLowerCase()));
  world.tokens.set(value, { kind: 'fine-grained', login, grants, repositories: limit });
  return value;
}

export type InstallationTokenSpec = {
  readonly grants?: Grants;
  readonly repositories?: ReadonlySet<string>;
  readonly lifetimeMs?: number;
};

export function installationToken(world: World, installation: Installation, spec: InstallationTokenSpec = {}): string {
  const value = secret('ghs_');
  world.tokens.set(value, {
    kind: 'installation',
    installationId: installation.id,
    grants: spec.grants ?? installation.permissions,
    repositories: spec.repositories ?? installation.repositories,
    expiresAt: nowMs(world) + (spec.lifetimeMs ?? 3_600_000),
  });
  return value;
}

/** What `permissions:` of a workflow gives its GITHUB_TOKEN. There is no `administration` and no `workflows` among them. */
export function actionsToken(
  world: World,
  account: string,
  grants: Omit<Grants, 'administration' | 'workflows'>,
): string {
  const app = world.apps.get(ACTIONS_APP_ID) ?? addApp(world, { slug: 'github-actions', id: ACTIONS_APP_ID });
  const known = [...world.installations.values()].find((each) => each.appId === app.id && each.account === account);
  const permissions: Grants = {
    contents: 'write',
    pull_requests: 'write',
    issues: 'write',
    checks: 'write',
    statuses: 'write',
    actions: 'write',
  };
  return installationToken(world, known ?? installApp(world, app, account, { permissions }), { grants });
}

export function seedBuiltIns(world: World): void {
  ensureOrg(world, 'github');
  world.accounts.set('web-flow', { id: 19_864_447, login: 'web-flow', type: 'User', owners: new Set() });
  addApp(world, {
    slug: 'github-actions',
    id: ACTIONS_APP_ID,
    permissions: {
      actions: 'write',
      checks: 'write',
      contents: 'write',
      issues: 'write',
      pull_requests: 'write',
      statuses: 'write',
    },
  });
}
