import { isRecord, show } from '../http/body.ts';
import type { Call, Route } from '../http/router.ts';
import { covers } from '../permissions.ts';
import { created, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { installationToken } from '../seed/accounts.ts';
import { accountOf, appPermissions, integration, user } from '../shapes/account.ts';
import { repository } from '../shapes/repo.ts';
import type { App, Grants, Installation, Level, Repo, Scope, World } from '../state.ts';
import { findRepo, fullName, nowMs } from '../state.ts';

function appOf({ caller }: Call): App {
  return caller.kind === 'app' ? caller.app : refuse(401, 'A JSON web token could not be decoded');
}

function showInstallation(world: World, each: Installation): Record<string, unknown> {
  const app = world.apps.get(each.appId) ?? notFound();
  const { id, type } = accountOf(world, each.account);
  return {
    id: each.id,
    client_id: app.clientId,
    account: user(world, each.account),
    repository_selection: each.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.baseUrl}/app/installations/${each.id}/access_tokens`,
    repositories_url: `${world.baseUrl}/installation/repositories`,
    html_url: `https://github.com/settings/installations/${each.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: id,
    target_type: type,
    permissions: { metadata: 'read', ...each.permissions },
    events: [],
    created_at: each.createdAt,
    updated_at: each.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: each.suspendedAt,
  };
}

function ownInstallation(call: Call): Installation {
  const app = appOf(call);
  const found = call.world.installations.get(Number(call.params['installation_id']));
  return found?.appId === app.id ? found : notFound();
}

function repoInstallation(call: Call): Reply {
  const { world, params } = call;
  const app = appOf(call);
  const repo = findRepo(world, params['owner'] ?? '', params['repo'] ?? '') ?? notFound();
  const found = [...world.installations.values()].find(
    (each) => each.appId === app.id && each.account === repo.owner && covers(each.repositories, repo),
  );
  return found ? ok(showInstallation(world, found)) : notFound();
}

const RANK: Record<Level, number> = { read: 1, write: 2 };

/** A token can have less than its installation, never more. */
function subset(installation: Installation, wanted: unknown): Grants {
  if (wanted === undefined) return installation.permissions;
  if (!isRecord(wanted))
    return refuse(422, `Invalid request.\n\nFor 'properties/permissions', ${show(wanted)} is not an object.`);
  const grants: Grants = {};
  for (const [scope, level] of Object.entries(wanted)) {
    const have = scope === 'metadata' ? 'read' : installation.permissions[scope as Scope];
    if ((level !== 'read' && level !== 'write') || have === undefined || RANK[level] > RANK[have]) {
      return refuse(422, 'The permissions requested are not granted to this installation.');
    }
    grants[scope as Scope] = level;
  }
  return grants;
}

function chosenRepos(call: Call, installation: Installation): Repo[] | null {
  const { world, body } = call;
  const names: unknown = body['repositories'];
  const ids: unknown = body['repository_ids'];
  if (!Array.isArray(names) && !Array.isArray(ids)) return null;
  const mine = [...world.repos.values()].filter(
    (repo) => repo.owner === installation.account && covers(installation.repositories, repo),
  );
  const byName = (Array.isArray(names) ? (names as unknown[]) : []).map((name) =>
    mine.find((repo) => repo.name === name),
  );
  const byId = (Array.isArray(ids) ? (ids as unknown[]) : []).map((id) => mine.find((repo) => repo.id === id));
  return [...byName, ...byId].map(
    (repo) =>
      repo ??
      refuse(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      ),
  );
}

function mint(call: Call): Reply {
  const { world } = call;
  const installation = ownInstallation(call);
  if (installation.suspendedAt) refuse(403, 'This installation has been suspended');
  const grants = subset(installation, call.body['permissions']);
  const repos = chosenRepos(call, installation);
  const repositories = repos && new Set(repos.map((repo) => fullName(repo).toLowerCase()));
  const token = installationToken(world, installation, { grants, ...(repositories ? { repositories } : {}) });
  return created({
    token,
    expires_at: `${new Date(nowMs(world) + 3_600_000).toISOString().slice(0, 19)}Z`,
    permissions: { metadata: 'read', ...grants },
    repository_selection: repos || installation.repositories !== 'all' ? 'selected' : 'all',
    ...(repos ? { repositories: repos.map((repo) => repository(world, repo)) } : {}),
  });
}

function revoke({ world, caller }: Call): Reply {
  if (caller.kind !== 'installation')
    return refuse(403, 'You must authenticate with an installation access token in order to revoke it.');
  world.tokens.delete(caller.token);
  return noContent;
}

function getApp({ world, params }: Call): Reply {
  const found = [...world.apps.values()].find(({ slug }) => slug === params['app_slug']);
  return found ? ok(integration(world, found)) : notFound();
}

function getSelf(call: Call): Reply {
  const app = appOf(call);
  const count = [...call.world.installations.values()].filter(({ appId }) => appId === app.id).length;
  return ok({ ...integration(call.world, app), permissions: appPermissions(app), installations_count: count });
}

const jwt = { kind: 'app-jwt' } as const;

export const appRoutes: readonly Route[] = [
  { method: 'GET', path: '/app', need: jwt, handle: getSelf },
  {
    method: 'GET',
    path: '/app/installations/{installation_id}',
    need: jwt,
    handle: (call) => ok(showInstallation(call.world, ownInstallation(call))),
  },
  { method: 'POST', path: '/app/installations/{installation_id}/access_tokens', need: jwt, handle: mint },
  { method: 'GET', path: '/apps/{app_slug}', need: { kind: 'none' }, handle: getApp },
  { method: 'DELETE', path: '/installation/token', need: { kind: 'token' }, handle: revoke },
  { method: 'GET', path: '/repos/{owner}/{repo}/installation', need: jwt, handle: repoInstallation },
];
