import { createVerify } from 'node:crypto';
import type { App, Grants, Level, Repo, Role, Scope, World } from './state.ts';
import { fullName, nowMs } from './state.ts';
import { notFound, refuse } from './reply.ts';

/** Who is asking, and with what. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'user';
      readonly login: string;
      readonly token: string;
      /** `null`: a classic token, limited by the user's role alone (and by `scopes`). */
      readonly grants: Grants | null;
      readonly scopes: readonly string[];
      readonly repositories: 'all' | ReadonlySet<string>;
    }
  | {
      readonly kind: 'installation';
      /** `<slug>[bot]` */
      readonly login: string;
      readonly token: string;
      readonly app: App;
      readonly installationId: number;
      readonly account: string;
      readonly grants: Grants;
      readonly repositories: 'all' | ReadonlySet<string>;
    };

/** What a route asks of the caller, before its handler runs. */
export type Need =
  | { readonly kind: 'none' }
  | { readonly kind: 'app-jwt' }
  | { readonly kind: 'token' }
  /** `any`: one of these scopes is enough, as for issue labels (issues or pull_requests). */
  | { readonly kind: 'repo'; readonly any: readonly Scope[]; readonly level: Level };

export function needs(level: Level, ...any: Scope[]): Extract<Need, { kind: 'repo' }> {
  return { kind: 'repo', any, level };
}

const ROLE_ORDER: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function atLeast(role: Role, wanted: Role): boolean {
  return ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(wanted);
}

/** A person's role in a repository: the highest of owner, organization owner, collaborator, team, and public read. */
export function roleOf(world: World, repo: Repo, login: string): Role {
  const owner = world.accounts.get(repo.owner);
  if (repo.owner === login || owner?.owners.has(login)) return 'admin';
  const roles: Role[] = [repo.private ? 'none' : 'read', repo.collaborators.get(login) ?? 'none'];
  for (const [slug, role] of repo.teams) {
    if (world.teams.get(`${repo.owner}/${slug}`)?.members.has(login)) roles.push(role);
  }
  return roles.reduce((best, role) => (atLeast(role, best) ? role : best), 'none');
}

const TRIAGE_SCOPES: ReadonlySet<Scope> = new Set(['issues', 'pull_requests']);

/** The level a role gives on a scope, https://docs.github.com/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization */
export function roleLevel(role: Role, scope: Scope): Level | null {
  if (scope === 'administration') return role === 'admin' ? 'write' : null;
  if (scope === 'actions_variables') return atLeast(role, 'write') ? 'write' : null;
  if (atLeast(role, 'write')) return 'write';
  if (role === 'triage' && TRIAGE_SCOPES.has(scope)) return 'write';
  return atLeast(role, 'read') ? 'read' : null;
}

function enough(level: Level | null | undefined, wanted: Level): boolean {
  return level === 'write' || (level === 'read' && wanted === 'read');
}

export function covers(repositories: 'all' | ReadonlySet<string>, repo: Repo): boolean {
  return repositories === 'all' || repositories.has(fullName(repo).toLowerCase());
}

/** Whether this caller has a scope at a level in a repository. */
export function can(world: World, caller: Caller, repo: Repo, scope: Scope, level: Level): boolean {
  switch (caller.kind) {
    case 'anonymous':
    case 'app':
      return !repo.private && level === 'read' && scope !== 'administration' && scope !== 'actions_variables';
    case 'user': {
      if (!covers(caller.repositories, repo)) return false;
      const granted = caller.grants === null ? 'write' : scope === 'metadata' ? 'read' : caller.grants[scope];
      return enough(granted, level) && enough(roleLevel(roleOf(world, repo, caller.login), scope), level);
    }
    case 'installation': {
      const known = caller.account === repo.owner && covers(caller.repositories, repo);
      if (known && enough(scope === 'metadata' ? 'read' : caller.grants[scope], level)) return true;
      const open: readonly Scope[] = [
        'metadata',
        'contents',
        'pull_requests',
        'issues',
        'checks',
        'statuses',
        'actions',
      ];
      return !repo.private && level === 'read' && open.includes(scope);
    }
  }
}

/** Whether the caller may know that the repository exists. */
export function canSee(world: World, caller: Caller, repo: Repo): boolean {
  return can(world, caller, repo, 'metadata', 'read');
}

/** The account a write is attributed to. */
export function actorOf(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'ghost';
  return caller.kind === 'app' ? `${caller.app.slug}[bot]` : caller.login;
}

export function appIdOf(caller: Caller): number | null {
  return caller.kind === 'installation' ? caller.app.id : null;
}

/** Ends the request the way GitHub refuses: 401, 403 or, so as not to tell secrets, 404. */
export function demand(world: World, caller: Caller, repo: Repo, need: Extract<Need, { kind: 'repo' }>): void {
  if (!canSee(world, caller, repo)) notFound();
  if (need.any.some((scope) => can(world, caller, repo, scope, need.level))) {
    if (need.level === 'write' && repo.settings.archived) refuse(403, 'Repository was archived so is read-only.');
    return;
  }
  switch (caller.kind) {
    case 'anonymous':
      return refuse(401, 'Requires authentication');
    case 'app':
      return refuse(401, 'A JSON web token could not be decoded');
    case 'installation':
      return refuse(403, 'Resource not accessible by integration');
    case 'user': {
      const byRole = need.any.some((scope) => enough(roleLevel(roleOf(world, repo, caller.login), scope), need.level));
      if (byRole) return refuse(403, 'Resource not accessible by personal access token');
      // A person without the admin role gets 404 for settings: "not found" hides whether there is anything to find.
      if (need.any.every((scope) => scope === 'administration' || scope === 'actions_variables')) notFound();
      return refuse(403, 'Must have write access to repository.');
    }
  }
}

export function authenticate(world: World, header: string | undefined): Caller {
  if (header === undefined || header === '') return { kind: 'anonymous' };
  const match = /^(?:bearer|token)\s+(\S+)$/i.exec(header) ?? /^basic\s+(\S+)$/i.exec(header);
  let value = match?.[1] ?? '';
  if (/^basic/i.test(header)) value = Buffer.from(value, 'base64').toString().split(':').at(-1) ?? '';
  if (value.split('.').length === 3) return authenticateApp(world, value);
  const token = world.tokens.get(value);
  if (!token) return refuse(401, 'Bad credentials');
  if (token.kind === 'classic') {
    return { kind: 'user', login: token.login, token: value, grants: null, scopes: token.scopes, repositories: 'all' };
  }
  if (token.kind === 'fine-grained') {
    return {
      kind: 'user',
      login: token.login,
      token: value,
      grants: token.grants,
      scopes: [],
      repositories: token.repositories,
    };
  }
  const installation = world.installations.get(token.installationId);
  const app = installation && world.apps.get(installation.appId);
  if (!installation || !app || token.expiresAt <= nowMs(world)) return refuse(401, 'Bad credentials');
  if (installation.suspendedAt) return refuse(403, 'This installation has been suspended');
  const { account, id: installationId } = installation;
  const { grants, repositories } = token;
  return {
    kind: 'installation',
    login: `${app.slug}[bot]`,
    token: value,
    app,
    installationId,
    account,
    grants,
    repositories,
  };
}

type Claims = { readonly iss?: unknown; readonly exp?: unknown; readonly iat?: unknown };

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function authenticateApp(world: World, jwt: string): Caller {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  let claims: Claims;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  } catch {
    return refuse(401, 'A JSON web token could not be decoded');
  }
  const app = [...world.apps.values()].find(
    ({ id, clientId }) => String(claims.iss) === String(id) || claims.iss === clientId,
  );
  if (!app?.publicKey) return refuse(404, 'Integration not found');
  const verified = createVerify('RSA-SHA256')
    .update(`${head}.${payload}`)
    .verify(app.publicKey, signature, 'base64url');
  if (!verified) return refuse(401, 'A JSON web token could not be decoded');
  const now = nowMs(world) / 1000;
  if (typeof claims.exp !== 'number' || claims.exp <= now) {
    return refuse(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (claims.exp > now + 660) return refuse(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof claims.iat !== 'number' || claims.iat > now + 60) {
    return refuse(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return { kind: 'app', app };
}
