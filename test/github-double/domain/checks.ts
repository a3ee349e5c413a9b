import type {
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  CommitStatus,
  Workflow,
  WorkflowRun,
} from '../state/checks.ts';
import { listRefs } from '../git/refs.ts';
import type { Repo, World } from '../state.ts';
import { newId, nowIso } from '../state.ts';

export function ensureSuite(world: World, repo: Repo, headSha: string, appId: number): CheckSuite {
  const known = [...repo.checkSuites.values()].find((each) => each.headSha === headSha && each.appId === appId);
  return known ?? addSuite(world, repo, headSha, appId);
}

export function addSuite(world: World, repo: Repo, headSha: string, appId: number): CheckSuite {
  const now = nowIso(world);
  const branch = listRefs(repo.gitDir, 'refs/heads/')
    .find(({ sha }) => sha === headSha)
    ?.name.slice('refs/heads/'.length);
  const suite: CheckSuite = {
    id: newId(world),
    headSha,
    headBranch: branch ?? null,
    appId,
    createdAt: now,
    updatedAt: now,
  };
  repo.checkSuites.set(suite.id, suite);
  return suite;
}

export type NewCheckRun = {
  readonly name: string;
  readonly headSha: string;
  readonly appId: number;
  readonly suiteId?: number;
  readonly status?: CheckStatus;
  readonly conclusion?: CheckConclusion | null;
  readonly byRequest?: boolean;
};

/** A given conclusion means completed. */
export function addCheckRun(world: World, repo: Repo, spec: NewCheckRun): CheckRun {
  const now = nowIso(world);
  const conclusion = spec.conclusion ?? null;
  const status = conclusion === null ? (spec.status ?? 'queued') : 'completed';
  const id = newId(world);
  const run: CheckRun = {
    id,
    name: spec.name,
    headSha: spec.headSha,
    appId: spec.appId,
    suiteId: spec.suiteId ?? ensureSuite(world, repo, spec.headSha, spec.appId).id,
    status,
    conclusion,
    startedAt: now,
    completedAt: status === 'completed' ? now : null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    byRequest: spec.byRequest ?? false,
    externalId: '',
    detailsUrl: `https://github.com/${repo.owner}/${repo.name}/runs/${id}`,
  };
  repo.checkRuns.set(id, run);
  return run;
}

export type NewStatus = Pick<CommitStatus, 'sha' | 'context' | 'state' | 'creator'> &
  Partial<Pick<CommitStatus, 'description' | 'targetUrl'>>;

export function addStatus(world: World, repo: Repo, spec: NewStatus): CommitStatus {
  const status: CommitStatus = {
    description: null,
    targetUrl: null,
    ...spec,
    id: newId(world),
    createdAt: nowIso(world),
  };
  repo.statuses.push(status);
  return status;
}

export function ensureWorkflow(world: World, repo: Repo, path: string, name?: string): Workflow {
  const known = [...repo.workflows.values()].find((each) => each.path === path);
  if (known) return known;
  const workflow: Workflow = { id: newId(world), path, name: name ?? path, createdAt: nowIso(world) };
  repo.workflows.set(workflow.id, workflow);
  return workflow;
}

export type NewWorkflowRun = {
  readonly path: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepo: string;
  readonly actor: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly suiteId: number;
};

export function addWorkflowRun(world: World, repo: Repo, spec: NewWorkflowRun): WorkflowRun {
  const { path, ...rest } = spec;
  const workflow = ensureWorkflow(world, repo, path);
  const before = [...repo.workflowRuns.values()].filter(({ workflowId }) => workflowId === workflow.id).length;
  const now = nowIso(world);
  const run: WorkflowRun = {
    status: 'completed',
    conclusion: 'success',
    ...rest,
    id: newId(world),
    workflowId: workflow.id,
    runNumber: before + 1,
    attempt: 1,
    createdAt: now,
    updatedAt: now,
  };
  repo.workflowRuns.set(run.id, run);
  return run;
}
