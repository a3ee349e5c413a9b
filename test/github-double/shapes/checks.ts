import { readCommit } from '../git/commits.ts';
import { nodeId } from '../ids.ts';
import type { Schema } from '../schema.ts';
import type { CheckRun, CheckSuite, CommitStatus, Workflow, WorkflowRun } from '../state/checks.ts';
import type { Repo, World } from '../state.ts';
import { findRepo, fullName } from '../state.ts';
import { accountOf, integrationById, user } from './account.ts';
import { simpleCommit } from './git.ts';
import { pullMinimal } from './pull.ts';
import { htmlUrl, minimalRepo, repoUrl } from './repo.ts';

/** Open pull requests of this repository at that head; GitHub lists no pull requests from forks here. */
export function pullsAt(world: World, repo: Repo, sha: string): Schema<'pull-request-minimal'>[] {
  return [...repo.pulls.values()]
    .filter((pull) => pull.headSha === sha && pull.mergedAt === null && pull.headRepo === fullName(repo))
    .filter((pull) => repo.issues.get(pull.number)?.state === 'open')
    .map((pull) => pullMinimal(world, repo, pull));
}

export function checkRun(world: World, repo: Repo, run: CheckRun): Schema<'check-run'> {
  const url = `${repoUrl(world, repo)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', `${fullName(repo)}:${run.id}`),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${htmlUrl(repo)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: integrationById(world, run.appId),
    pull_requests: pullsAt(world, repo, run.headSha),
  };
}

const WORST: readonly NonNullable<CheckRun['conclusion']>[] = [
  'action_required',
  'timed_out',
  'failure',
  'cancelled',
  'success',
  'neutral',
  'skipped',
];

function suiteOutcome(runs: readonly CheckRun[]): { status: CheckRun['status']; conclusion: CheckRun['conclusion'] } {
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const conclusion = WORST.find((each) => runs.some((run) => run.conclusion === each)) ?? null;
  return { status: 'completed', conclusion };
}

export function checkSuite(world: World, repo: Repo, suite: CheckSuite): Schema<'check-suite'> {
  const url = `${repoUrl(world, repo)}/check-suites/${suite.id}`;
  const runs = [...repo.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id);
  const head = readCommit(repo.gitDir, suite.headSha);
  const outcome = suiteOutcome(runs);
  return {
    id: suite.id,
    node_id: nodeId('CS', `${fullName(repo)}:${suite.id}`),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...outcome,
    url,
    before: head?.parents[0] ?? null,
    after: suite.headSha,
    pull_requests: pullsAt(world, repo, suite.headSha),
    app: integrationById(world, suite.appId),
    repository: minimalRepo(world, repo),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    head_commit: head ? simpleCommit(head) : (null as unknown as Schema<'simple-commit'>),
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

export function status(world: World, repo: Repo, each: CommitStatus): Schema<'status'> {
  return {
    url: `${repoUrl(world, repo)}/statuses/${each.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${accountOf(world, each.creator).id}?v=4`,
    id: each.id,
    node_id: nodeId('SC', `${fullName(repo)}:${each.id}`),
    state: each.state,
    description: each.description,
    target_url: each.targetUrl,
    context: each.context,
    created_at: each.createdAt,
    updated_at: each.createdAt,
    creator: user(world, each.creator),
  };
}

export function simpleStatus(world: World, repo: Repo, each: CommitStatus): Schema<'simple-commit-status'> {
  const { creator: _creator, ...rest } = status(world, repo, each);
  return rest;
}

export function workflow(world: World, repo: Repo, each: Workflow): Schema<'workflow'> {
  return {
    id: each.id,
    node_id: nodeId('W', `${fullName(repo)}:${each.id}`),
    name: each.name,
    path: each.path,
    state: 'active',
    created_at: each.createdAt,
    updated_at: each.createdAt,
    url: `${repoUrl(world, repo)}/actions/workflows/${each.id}`,
    html_url: `${htmlUrl(repo)}/blob/${repo.defaultBranch}/${each.path}`,
    badge_url: `${htmlUrl(repo)}/workflows/${encodeURIComponent(each.name)}/badge.svg`,
  };
}

export function workflowRun(world: World, repo: Repo, run: WorkflowRun): Schema<'workflow-run'> {
  const url = `${repoUrl(world, repo)}/actions/runs/${run.id}`;
  const flow = repo.workflows.get(run.workflowId);
  const [owner = '', name = ''] = run.headRepo.split('/');
  const head = readCommit(repo.gitDir, run.headSha);
  return {
    id: run.id,
    name: flow?.name ?? null,
    node_id: nodeId('WFR', `${fullName(repo)}:${run.id}`),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: flow?.path ?? '',
    display_title: head?.message.split('\n')[0] ?? '',
    run_number: run.runNumber,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CS', `${fullName(repo)}:${run.suiteId}`),
    url,
    html_url: `${htmlUrl(repo)}/actions/runs/${run.id}`,
    pull_requests: pullsAt(world, repo, run.headSha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: user(world, run.actor),
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: run.createdAt,
    triggering_actor: user(world, run.actor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl(world, repo)}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repoUrl(world, repo)}/actions/workflows/${run.workflowId}`,
    head_commit: head ? simpleCommit(head) : null,
    repository: minimalRepo(world, repo),
    head_repository: minimalRepo(world, findRepo(world, owner, name) ?? repo),
  };
}
