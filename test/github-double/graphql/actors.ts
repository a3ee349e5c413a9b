import { nodeId } from '../ids.ts';
import { accountOf } from '../shapes/account.ts';
import type { App, World } from '../state.ts';
import type { Node } from './context.ts';

export function actor(world: World, login: string): Node {
  const { id, type } = accountOf(world, login);
  // A bot's login has no `[bot]` in GraphQL.
  const name = type === 'Bot' ? login.replace(/\[bot\]$/, '') : login;
  const kind = type === 'Organization' ? 'O' : type === 'Bot' ? 'BOT' : 'U';
  return {
    __typename: type,
    id: nodeId(kind, login),
    databaseId: id,
    login: name,
    name: null,
    url: `https://github.com/${name}`,
    resourcePath: `/${name}`,
    avatarUrl: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    isViewer: false,
  };
}

export function appNode(app: App): Node {
  return {
    __typename: 'App',
    id: nodeId('A', app.id),
    databaseId: app.id,
    slug: app.slug,
    name: app.name,
    url: `https://github.com/apps/${app.slug}`,
    createdAt: app.createdAt,
    updatedAt: app.createdAt,
  };
}

export function teamNode(org: string, slug: string, world: World): Node {
  const id = world.teams.get(`${org}/${slug}`)?.id ?? 0;
  return {
    __typename: 'Team',
    id: nodeId('T', `${org}/${slug}`),
    databaseId: id,
    slug,
    name: slug,
    combinedSlug: `${org}/${slug}`,
    url: `https://github.com/orgs/${org}/teams/${slug}`,
  };
}

export function appById(world: World, id: number | null): Node | null {
  const app = id === null ? undefined : world.apps.get(id);
  return app ? appNode(app) : null;
}
