import { repository, type Go } from './traveller.ts';

const at = `${repository}/branches/main/protection`;

/** Every sub-resource of classic protection, in the order that each finds what it reads. */
export async function tourProtection(go: Go): Promise<void> {
  await go('person', 'PUT', at, {
    required_status_checks: { strict: true, checks: [{ context: 'obs-lint', app_id: -1 }] },
    enforce_admins: true,
    required_pull_request_reviews: {
      dismiss_stale_reviews: true,
      required_approving_review_count: 1,
      dismissal_restrictions: { users: ['dev'], teams: ['observers'], apps: ['obsgate'] },
      bypass_pull_request_allowances: { users: ['dev'], teams: ['observers'], apps: ['obsgate'] },
    },
    restrictions: { users: ['dev'], teams: ['observers'], apps: ['obsgate'] },
    required_linear_history: true,
    required_conversation_resolution: true,
  });
  await go('person', 'GET', at);
  await go('person', 'GET', `${repository}/branches/main`);
  await tourToggles(go);
  await tourChecks(go);
  for (const [kind, name] of [
    ['users', 'owner'],
    ['teams', 'observers'],
    ['apps', 'obsgate'],
  ] as const) {
    await tourRestriction(go, kind, name);
  }
  await go('person', 'GET', `${at}/restrictions`);
  await go('person', 'DELETE', `${at}/restrictions`);
  await go('person', 'GET', at);
  await go('person', 'DELETE', at);
}

async function tourToggles(go: Go): Promise<void> {
  for (const toggle of ['enforce_admins', 'required_signatures']) {
    await go('person', 'POST', `${at}/${toggle}`);
    await go('person', 'GET', `${at}/${toggle}`);
    await go('person', 'DELETE', `${at}/${toggle}`);
  }
  const reviews = `${at}/required_pull_request_reviews`;
  await go('person', 'GET', reviews);
  await go('person', 'PATCH', reviews, { required_approving_review_count: 2, require_code_owner_reviews: true });
  await go('person', 'DELETE', reviews);
}

async function tourChecks(go: Go): Promise<void> {
  const checks = `${at}/required_status_checks`;
  await go('person', 'GET', checks);
  await go('person', 'PATCH', checks, {
    strict: false,
    checks: [{ context: 'obs-lint' }, { context: 'promql-unit', app_id: 15368 }],
  });
  await go('person', 'GET', `${checks}/contexts`);
  await go('person', 'POST', `${checks}/contexts`, { contexts: ['smoke'] });
  await go('person', 'PUT', `${checks}/contexts`, { contexts: ['smoke', 'other'] });
  await go('person', 'DELETE', `${checks}/contexts`, { contexts: ['other'] });
  await go('person', 'DELETE', checks);
}

async function tourRestriction(go: Go, kind: string, name: string): Promise<void> {
  const list = `${at}/restrictions/${kind}`;
  await go('person', 'GET', list);
  await go('person', 'POST', list, { [kind]: [name] });
  await go('person', 'PUT', list, { [kind]: [name] });
  await go('person', 'DELETE', list, { [kind]: [name] });
}
