import { must, repository, within, type Go } from './traveller.ts';

/** Variables, dispatches, checks, statuses, people and the rest of what a repository has. */
export async function tourRepository(go: Go): Promise<void> {
  const main = within(await go('person', 'GET', `${repository}/git/ref/heads/main`), 'object')['sha'];
  await tourVariables(go);
  await tourChecks(go, must(main));
  await go('person', 'POST', `${repository}/dispatches`, { event_type: 'obsgate', client_payload: { merge: 1 } });
  await go('person', 'PATCH', repository, { delete_branch_on_merge: true, allow_auto_merge: false });
  await go('person', 'GET', `${repository}/activity`);
  await go('person', 'GET', `${repository}/codeowners/errors`);
  await go('person', 'GET', `${repository}/collaborators`);
  await go('person', 'GET', `${repository}/collaborators/dev`);
  await go('person', 'GET', `${repository}/commits/${must(main)}/pulls`);
  await go('person', 'POST', `${repository}/git/refs`, { ref: 'refs/heads/side', sha: main });
  const file = await go('person', 'PUT', `${repository}/contents/side.md`, {
    message: 'Side',
    content: 'eA==',
    branch: 'side',
  });
  await go('person', 'POST', `${repository}/merges`, { base: 'main', head: 'side' });
  const removal = { message: 'Remove', sha: within(file, 'content')['sha'], branch: 'side' };
  await go('person', 'DELETE', `${repository}/contents/side.md`, removal);
}

async function tourVariables(go: Go): Promise<void> {
  const variables = `${repository}/actions/variables`;
  await go('person', 'POST', variables, { name: 'OBSGATE_FREEZE', value: 'off' });
  await go('person', 'GET', variables);
  await go('person', 'GET', `${variables}/OBSGATE_FREEZE`);
  await go('person', 'PATCH', `${variables}/OBSGATE_FREEZE`, { value: 'on' });
  await go('person', 'DELETE', `${variables}/OBSGATE_FREEZE`);
}

async function tourChecks(go: Go, sha: string | number): Promise<void> {
  const annotation = { path: 'README.md', start_line: 1, end_line: 1, annotation_level: 'warning', message: 'Look' };
  const output = { title: 'Found', summary: 'One', annotations: [annotation] };
  const run = await go('installation', 'POST', `${repository}/check-runs`, {
    name: 'obs-lint',
    head_sha: sha,
    conclusion: 'failure',
    output,
  });
  await go('person', 'GET', `${repository}/check-runs/${must(run['id'])}/annotations`);
  const suite = `${repository}/check-suites/${must(within(run, 'check_suite')['id'])}`;
  await go('person', 'GET', suite);
  await go('person', 'GET', `${suite}/check-runs`);
  await go('installation', 'POST', `${repository}/check-suites`, { head_sha: sha });
  await go('person', 'POST', `${repository}/statuses/${sha}`, {
    state: 'success',
    context: 'ci',
    description: 'Fine',
    target_url: 'https://ci.example/1',
  });
  await go('person', 'GET', `${repository}/commits/main/status`);
  await go('person', 'GET', `${repository}/commits/main/statuses`);
}

/** What GitHub Actions has of a run that the seeds made. */
export async function tourActions(go: Go, run: number, workflow: number): Promise<void> {
  await go('person', 'GET', `${repository}/actions/runs`);
  for (const part of ['', '/jobs', '/artifacts']) await go('person', 'GET', `${repository}/actions/runs/${run}${part}`);
  await go('person', 'GET', `${repository}/actions/artifacts`);
  await go('person', 'GET', `${repository}/actions/workflows`);
  await go('person', 'GET', `${repository}/actions/workflows/${workflow}`);
  await go('person', 'GET', `${repository}/actions/workflows/${workflow}/runs`);
  await go('person', 'POST', `${repository}/actions/workflows/${workflow}/dispatches`, {
    ref: 'main',
    inputs: { dry: 'true' },
  });
}
