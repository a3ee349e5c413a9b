import { isRecord, optionalText, text } from '../http/body.ts';
import { pagedUnder } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { branchTip } from '../domain/resolve.ts';
import { nodeId } from '../ids.ts';
import { actorOf, needs } from '../permissions.ts';
import { noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { workflow, workflowRun } from '../shapes/checks.ts';
import { htmlUrl, repoUrl } from '../shapes/repo.ts';
import type { CheckRun, Workflow, WorkflowRun } from '../state/checks.ts';
import { nowIso } from '../state.ts';

const read = needs('read', 'actions');
const variables = needs('read', 'actions_variables');
const writeVariables = needs('write', 'actions_variables');

/** By number or by file name, as in the API. */
function needWorkflow({ repo, params }: RepoCall): Workflow {
  const key = params['workflow_id'] ?? '';
  const found = [...repo.workflows.values()].find(({ id, path }) => String(id) === key || path.endsWith(`/${key}`));
  return found ?? notFound();
}

function filterRuns({ query }: RepoCall, runs: readonly WorkflowRun[]): WorkflowRun[] {
  const wanted = (key: string, value: string): boolean => (query.get(key) ?? value) === value;
  return runs
    .filter((run) => wanted('head_sha', run.headSha) && wanted('branch', run.headBranch) && wanted('event', run.event))
    .filter((run) => wanted('actor', run.actor) && wanted('check_suite_id', String(run.suiteId)))
    .filter((run) => query.get('status') === null || [run.status, run.conclusion].includes(query.get('status')))
    .toReversed();
}

function listRuns(call: RepoCall, runs: readonly WorkflowRun[]): Reply {
  return pagedUnder(call, 'workflow_runs', filterRuns(call, runs), (run) => workflowRun(call.world, call.repo, run));
}

function needRun({ repo, params }: RepoCall): WorkflowRun {
  return repo.workflowRuns.get(Number(params['run_id'])) ?? notFound();
}

/** A job of a run is the check run of the same name in its suite. */
function job(call: RepoCall, run: WorkflowRun, check: CheckRun): Record<string, unknown> {
  const { world, repo } = call;
  const base = repoUrl(world, repo);
  return {
    id: check.id,
    run_id: run.id,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: nodeId('CR', check.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    url: `${base}/actions/jobs/${check.id}`,
    html_url: `${htmlUrl(repo)}/actions/runs/${run.id}/job/${check.id}`,
    status: check.status,
    conclusion: check.conclusion,
    created_at: run.createdAt,
    started_at: check.startedAt ?? run.createdAt,
    completed_at: check.completedAt,
    name: check.name,
    steps: [],
    check_run_url: `${base}/check-runs/${check.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: repo.workflows.get(run.workflowId)?.name ?? null,
  };
}

function jobs(call: RepoCall): Reply {
  const run = needRun(call);
  const checks = [...call.repo.checkRuns.values()].filter(
    ({ suiteId, byRequest }) => suiteId === run.suiteId && !byRequest,
  );
  return pagedUnder(call, 'jobs', checks, (check) => job(call, run, check));
}

function dispatchWorkflow(call: RepoCall): Reply {
  const { repo, caller, body } = call;
  const found = needWorkflow(call);
  const ref = text(body, 'ref').replace(/^refs\/heads\//, '');
  if (branchTip(repo, ref) === null) refuse(422, `No ref found for: ${ref}`);
  const inputs = isRecord(body['inputs']) ? body['inputs'] : {};
  repo.dispatches.push({ kind: 'workflow', workflow: found.path, ref, inputs, actor: actorOf(caller) });
  return noContent;
}

function dispatchRepository({ repo, caller, body }: RepoCall): Reply {
  const payload = body['client_payload'] ?? {};
  if (isRecord(payload) && Object.keys(payload).length > 10)
    refuse(422, 'No more than 10 properties are allowed; 11 were supplied.');
  repo.dispatches.push({ kind: 'repository', eventType: text(body, 'event_type'), payload, actor: actorOf(caller) });
  return noContent;
}

function needVariable({ repo, params }: RepoCall): NonNullable<ReturnType<typeof repo.variables.get>> {
  return repo.variables.get((params['name'] ?? '').toUpperCase()) ?? notFound();
}

function showVariable(call: RepoCall): Record<string, unknown> {
  const { name, value, createdAt, updatedAt } = needVariable(call);
  return { name, value, created_at: createdAt, updated_at: updatedAt };
}

function postVariable({ world, repo, body }: RepoCall): Reply {
  const name = text(body, 'name').toUpperCase();
  if (repo.variables.has(name)) refuse(409, `Already exists - Variable already exists`);
  const now = nowIso(world);
  repo.variables.set(name, { name, value: text(body, 'value'), createdAt: now, updatedAt: now });
  return { status: 201, body: {} };
}

function patchVariable(call: RepoCall): Reply {
  const { world, repo, body } = call;
  const variable = needVariable(call);
  const name = (optionalText(body, 'name') ?? variable.name).toUpperCase();
  repo.variables.delete(variable.name);
  Object.assign(variable, { name, value: optionalText(body, 'value') ?? variable.value, updatedAt: nowIso(world) });
  repo.variables.set(name, variable);
  return noContent;
}

function listVariables(call: RepoCall): Reply {
  const sized = new URLSearchParams(call.query);
  if (!sized.has('per_page')) sized.set('per_page', '10'); // this list alone pages by ten
  const all = [...call.repo.variables.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return pagedUnder({ ...call, query: sized }, 'variables', all, ({ name, value, createdAt, updatedAt }) => {
    return { name, value, created_at: createdAt, updated_at: updatedAt };
  });
}

const base = '/repos/{owner}/{repo}';
const actions = `${base}/actions`;

export const actionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${actions}/runs`,
    need: read,
    repo: (call) => listRuns(call, [...call.repo.workflowRuns.values()]),
  },
  {
    method: 'GET',
    path: `${actions}/runs/{run_id}`,
    need: read,
    repo: (call) => ok(workflowRun(call.world, call.repo, needRun(call))),
  },
  { method: 'GET', path: `${actions}/runs/{run_id}/jobs`, need: read, repo: jobs },
  {
    method: 'GET',
    path: `${actions}/runs/{run_id}/artifacts`,
    need: read,
    repo: (call) => (needRun(call), pagedUnder(call, 'artifacts', [], () => null)),
  },
  {
    method: 'GET',
    path: `${actions}/artifacts`,
    need: read,
    repo: (call) => pagedUnder(call, 'artifacts', [], () => null),
  },
  {
    method: 'GET',
    path: `${actions}/workflows`,
    need: read,
    repo: (call) =>
      pagedUnder(call, 'workflows', [...call.repo.workflows.values()], (each) => workflow(call.world, call.repo, each)),
  },
  {
    method: 'GET',
    path: `${actions}/workflows/{workflow_id}`,
    need: read,
    repo: (call) => ok(workflow(call.world, call.repo, needWorkflow(call))),
  },
  {
    method: 'GET',
    path: `${actions}/workflows/{workflow_id}/runs`,
    need: read,
    repo: (call) => {
      const { id } = needWorkflow(call);
      return listRuns(
        call,
        [...call.repo.workflowRuns.values()].filter(({ workflowId }) => workflowId === id),
      );
    },
  },
  {
    method: 'POST',
    path: `${actions}/workflows/{workflow_id}/dispatches`,
    need: needs('write', 'actions'),
    repo: dispatchWorkflow,
  },
  { method: 'POST', path: `${base}/dispatches`, need: needs('write', 'contents'), repo: dispatchRepository },
  { method: 'GET', path: `${actions}/variables`, need: variables, repo: listVariables },
  { method: 'POST', path: `${actions}/variables`, need: writeVariables, repo: postVariable },
  { method: 'GET', path: `${actions}/variables/{name}`, need: variables, repo: (call) => ok(showVariable(call)) },
  { method: 'PATCH', path: `${actions}/variables/{name}`, need: writeVariables, repo: patchVariable },
  {
    method: 'DELETE',
    path: `${actions}/variables/{name}`,
    need: writeVariables,
    repo: (call) => {
      call.repo.variables.delete(needVariable(call).name);
      return noContent;
    },
  },
];
