import { first, must, repository, type Go } from './traveller.ts';

const rules = [
  { type: 'deletion' },
  { type: 'non_fast_forward' },
  { type: 'required_linear_history' },
  {
    type: 'pull_request',
    parameters: {
      required_approving_review_count: 0,
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
      allowed_merge_methods: ['squash', 'rebase'],
    },
  },
  {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: 'obs-lint', integration_id: 15368 }],
    },
  },
];

/** Rulesets of the repository and of its organization, their history, and the suites that pushes leave behind. */
export async function tourRulesets(go: Go): Promise<void> {
  await tourLevel(go, repository, { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } });
  const everywhere = {
    repository_name: { include: ['~ALL'], exclude: [] },
    ref_name: { include: ['refs/heads/main'], exclude: [] },
  };
  await tourLevel(go, '/orgs/acme', everywhere);
}

async function tourLevel(go: Go, level: string, conditions: unknown): Promise<void> {
  const bypass = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }];
  const body = { name: 'guard', target: 'branch', enforcement: 'active', bypass_actors: bypass, conditions, rules };
  const made = await go('person', 'POST', `${level}/rulesets`, body);
  const at = `${level}/rulesets/${must(made['id'])}`;
  await go('person', 'GET', `${level}/rulesets`);
  await go('person', 'GET', at);
  await go('person', 'GET', `${repository}/rules/branches/main`);
  await go('person', 'PUT', at, { ...body, bypass_actors: [], enforcement: 'evaluate' });
  await go('person', 'PUT', at, { ...body, enforcement: 'active', rules: [{ type: 'deletion' }] });
  const history = await go('person', 'GET', `${at}/history`);
  await go('person', 'GET', `${at}/history/${must(first(history['list'])['version_id'])}`);
  const content = Buffer.from('x').toString('base64');
  await go('person', 'PUT', `${repository}/contents/pushed-under-${must(made['id'])}.md`, { message: 'Push', content });
  const suites = await go('person', 'GET', `${level}/rulesets/rule-suites`);
  await go('person', 'GET', `${level}/rulesets/rule-suites/${must(first(suites['list'])['id'])}`);
  await go('person', 'DELETE', at);
}
