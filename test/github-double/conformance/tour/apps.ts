import { must, repository, type Go } from './traveller.ts';

/** What an App does about itself and its installation. The last request ends the token. */
export async function tourApps(go: Go): Promise<void> {
  await go('jwt', 'GET', '/app');
  const installation = await go('jwt', 'GET', `${repository}/installation`);
  const at = `/app/installations/${must(installation['id'])}`;
  await go('jwt', 'GET', at);
  await go('jwt', 'POST', `${at}/access_tokens`, {
    repositories: ['rules'],
    permissions: { contents: 'write', administration: 'read' },
  });
  await go('jwt', 'POST', `${at}/access_tokens`);
  await go('person', 'GET', '/apps/obsgate');
  await go('installation', 'GET', '/installation/repositories');
  await go('installation', 'GET', '/rate_limit');
}

export async function endToken(go: Go): Promise<void> {
  await go('installation', 'DELETE', '/installation/token');
}
