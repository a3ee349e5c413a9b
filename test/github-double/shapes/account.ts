import { nodeId } from '../ids.ts';
import type { Schema } from '../schema.ts';
import type { Account, App, Repo, World } from '../state.ts';

type User = Schema<'simple-user'>;

/** People who left are shown as `ghost` on GitHub. */
export function accountOf(world: World, login: string): Account {
  const known = world.accounts.get(login);
  if (known) return known;
  if (login.endsWith('[bot]')) {
    const app = [...world.apps.values()].find(({ slug }) => `${slug}[bot]` === login);
    return { id: 41_898_000 + (app?.id ?? 282), login, type: 'Bot', owners: new Set() };
  }
  return { id: 10_137, login, type: 'User', owners: new Set() };
}

export function user(world: World, login: string): User {
  const { id, type } = accountOf(world, login);
  const url = `${world.baseUrl}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type === 'Organization' ? 'O' : type === 'Bot' ? 'BOT' : 'U', login),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url:
      type === 'Bot' ? `https://github.com/apps/${login.replace(/\[bot\]$/, '')}` : `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** How an actor relates to the repository, as far as it can be told without events. */
export function association(world: World, repo: Repo, login: string): Schema<'author-association'> {
  if (repo.owner === login) return 'OWNER';
  if (world.accounts.get(repo.owner)?.owners.has(login)) return 'MEMBER';
  return repo.collaborators.has(login) ? 'COLLABORATOR' : 'NONE';
}

export function appPermissions(app: App): Record<string, string> {
  return { metadata: 'read', ...app.permissions };
}

export function integration(world: World, app: App): NonNullable<Schema<'integration'>> {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: user(world, app.owner),
    name: app.name,
    description: '',
    external_url: `https://example.invalid/${app.slug}`,
    html_url: `https://github.com/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: appPermissions(app),
    events: [],
  };
}

export function integrationById(world: World, id: number | null): NonNullable<Schema<'integration'>> | null {
  const app = id === null ? undefined : world.apps.get(id);
  return app ? integration(world, app) : null;
}

export function team(world: World, org: string, slug: string): Schema<'team'> {
  const id = world.teams.get(`${org}/${slug}`)?.id ?? 0;
  const url = `${world.baseUrl}/organizations/${accountOf(world, org).id}/team/${id}`;
  return {
    id,
    node_id: nodeId('T', `${org}/${slug}`),
    url,
    html_url: `https://github.com/orgs/${org}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: accountOf(world, org).id,
    parent: null,
  };
}
