import { nodeId } from '../ids.ts';
import type { CheckRun, CommitStatus } from '../state/checks.ts';
import type { Repo } from '../state.ts';
import { fullName } from '../state.ts';
import { actor, appById } from './actors.ts';
import { connection } from './connection.ts';
import type { Context, Node } from './context.ts';

export function checkRunNode(context: Context, repo: Repo, run: CheckRun): Node {
  const { world } = context;
  return {
    __typename: 'CheckRun',
    id: nodeId('CR', `${fullName(repo)}:${run.id}`),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    detailsUrl: run.detailsUrl,
    url: `https://github.com/${fullName(repo)}/runs/${run.id}`,
    externalId: run.externalId,
    title: run.output.title,
    summary: run.output.summary,
    text: run.output.text,
    isRequired: false,
    checkSuite: () => suiteNode(context, repo, run.suiteId),
    repository: null,
    app: appById(world, run.appId),
  };
}

function suiteNode({ world }: Context, repo: Repo, id: number): Node {
  const suite = repo.checkSuites.get(id);
  const run = [...repo.workflowRuns.values()].find(({ suiteId }) => suiteId === id);
  const workflow = run && repo.workflows.get(run.workflowId);
  return {
    __typename: 'CheckSuite',
    id: nodeId('CS', `${fullName(repo)}:${id}`),
    databaseId: id,
    app: appById(world, suite?.appId ?? null),
    workflowRun: run
      ? {
          __typename: 'WorkflowRun',
          id: nodeId('WFR', `${fullName(repo)}:${run.id}`),
          databaseId: run.id,
          event: run.event,
          runNumber: run.runNumber,
          url: `https://github.com/${fullName(repo)}/actions/runs/${run.id}`,
          file: { id: nodeId('WFF', run.id), path: workflow?.path ?? '' },
          workflow: { id: nodeId('W', run.workflowId), databaseId: run.workflowId, name: workflow?.name ?? '' },
        }
      : null,
  };
}

function statusNode({ world }: Context, repo: Repo, status: CommitStatus): Node {
  return {
    __typename: 'StatusContext',
    id: nodeId('SC', `${fullName(repo)}:${status.id}`),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: status.createdAt,
    creator: actor(world, status.creator),
    isRequired: false,
  };
}

function worst(states: readonly string[]): string {
  return ['FAILURE', 'PENDING', 'SUCCESS'].find((each) => states.includes(each)) ?? 'SUCCESS';
}

function runState(run: CheckRun): string {
  if (run.status !== 'completed') return 'PENDING';
  return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'SUCCESS' : 'FAILURE';
}

/** Checks and statuses of a commit together, the latest of each name; `null` when there are none. */
export function rollup(context: Context, repo: Repo, sha: string): Node | null {
  const runs = new Map(
    [...repo.checkRuns.values()]
      .filter(({ headSha }) => headSha === sha)
      .map((run) => [`${run.suiteId}/${run.name}`, run]),
  );
  const statuses = new Map(repo.statuses.filter((each) => each.sha === sha).map((each) => [each.context, each]));
  if (runs.size + statuses.size === 0) return null;
  const states = [
    ...[...runs.values()].map(runState),
    ...[...statuses.values()].map(({ state }) => (state === 'error' ? 'FAILURE' : state.toUpperCase())),
  ];
  const nodes = [
    ...[...runs.values()].map((run) => checkRunNode(context, repo, run)),
    ...[...statuses.values()].map((status) => statusNode(context, repo, status)),
  ];
  return {
    __typename: 'StatusCheckRollup',
    id: nodeId('SCR', `${fullName(repo)}:${sha}`),
    state: worst(states),
    contexts: (args: unknown) => connection('contexts', nodes, args, (node) => node),
  };
}
