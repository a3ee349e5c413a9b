import type { CheckFacts, ChecksFacts, WorkflowRunFacts } from '@obsgate/core/merge';
import { ACTIONS_APP_ID } from '@obsgate/core/rulepack';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { accountOf } from './account.ts';
import { whyFailed } from './failed.ts';
import {
  MORE_CHECKS_QUERY,
  moreChecksAnswer,
  type ContextAnswer,
  type ContextsAnswer,
  type PullFactsAnswer,
} from './pull-query.ts';

/** Runs whose jobs are asked for, one request each: more workflows than these do not report required checks anywhere. */
const MAX_RUNS = 6;
const MAX_PAGES = 5;

/**
 * All check runs and statuses of the head commit. For those that `isDemanded` names and that claim to be jobs of GitHub Actions,
 * the runs' own lists of jobs are asked, because a job's token can make check runs that look the same.
 */
export async function readChecks(
  client: GitHubClient,
  { pullRequest }: PullFactsAnswer,
  isDemanded: (name: string) => boolean,
): Promise<ChecksFacts> {
  const sha = pullRequest.headRefOid;
  const commit = pullRequest.commits.nodes[0]?.commit;
  if (commit?.oid !== sha) {
    const why = `the last commit of the pull request is ${commit?.oid ?? 'unknown'}, its head ${sha}`;
    return { kind: 'incomplete', checks: [], why };
  }
  const first = commit.statusCheckRollup?.contexts;
  const all = first === undefined ? { nodes: [], why: undefined } : await allContexts(client, sha, first);
  const runs = await readJobs(client, all.nodes, isDemanded);
  const checks = all.nodes.map((node) => checkOf(node, sha, runs));
  const why = all.why ?? runs.why;
  return why === undefined ? { kind: 'complete', checks } : { kind: 'incomplete', checks, why };
}

type All = { readonly nodes: readonly ContextAnswer[]; readonly why: string | undefined };

async function allContexts(client: GitHubClient, sha: string, first: ContextsAnswer): Promise<All> {
  const nodes = [...first.nodes];
  let { pageInfo } = first;
  for (let page = 1; pageInfo.hasNextPage; page++) {
    if (page >= MAX_PAGES) return { nodes, why: `there are more than ${nodes.length}` };
    const variables = { owner: client.owner, repo: client.repo, sha, after: pageInfo.endCursor };
    // oxlint-disable-next-line no-await-in-loop -- the cursor is known after the page before
    const answer = await client.graphql({ text: MORE_CHECKS_QUERY, kind: 'read', variables }, moreChecksAnswer);
    if (answer.kind === 'failed') return { nodes, why: whyFailed(answer, 'a page of them') };
    const contexts = answer.value.repository.object?.statusCheckRollup?.contexts;
    if (contexts === undefined) return { nodes, why: 'a page of them was empty' };
    nodes.push(...contexts.nodes);
    ({ pageInfo } = contexts);
  }
  return { nodes, why: undefined };
}

type Jobs = {
  readonly byRun: ReadonlyMap<number, readonly z.infer<typeof jobSchema>[]>;
  readonly why: string | undefined;
};

const jobSchema = z.looseObject({ id: z.int(), head_sha: z.string(), head_branch: z.string().nullable() });
const jobsSchema = z.looseObject({ total_count: z.int(), jobs: z.array(jobSchema) });

async function readJobs(
  client: GitHubClient,
  nodes: readonly ContextAnswer[],
  isDemanded: (name: string) => boolean,
): Promise<Jobs> {
  const ids = nodes.flatMap((node) =>
    node.__typename === 'CheckRun' && isDemanded(node.name) ? (runIdOf(node) ?? []) : [],
  );
  const wanted = [...new Set(ids)];
  const asked = wanted.slice(0, MAX_RUNS);
  const answers = await Promise.all(asked.map(async (id) => ({ id, answer: await jobsOf(client, id) })));
  const byRun = new Map(
    answers.flatMap(({ id, answer }) => (typeof answer === 'string' ? [] : [[id, answer] as const])),
  );
  const failed = answers.map(({ answer }) => answer).find((answer) => typeof answer === 'string');
  const skipped = wanted.length > asked.length ? `${wanted.length} workflow runs report required checks` : undefined;
  return { byRun, why: failed ?? skipped };
}

/** `filter=all`: after a partial re-run the jobs that were not run again belong to an earlier attempt. */
async function jobsOf(client: GitHubClient, id: number): Promise<z.infer<typeof jobSchema>[] | string> {
  const jobs: z.infer<typeof jobSchema>[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const params = { run_id: id, filter: 'all', per_page: 100, page };
    const request = { route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', params } as const;
    // oxlint-disable-next-line no-await-in-loop -- whether there is a next page is known after this one
    const answer = await client.call(request, jobsSchema);
    if (answer.kind === 'failed') return whyFailed(answer, `the jobs of workflow run ${id} could not be read`);
    jobs.push(...answer.value.jobs);
    if (jobs.length >= answer.value.total_count) return jobs;
  }
  return `workflow run ${id} has more than ${jobs.length} jobs`;
}

function runIdOf(node: Extract<ContextAnswer, { __typename: 'CheckRun' }>): number | undefined {
  return node.checkSuite.app?.databaseId === ACTIONS_APP_ID
    ? (node.checkSuite.workflowRun?.databaseId ?? undefined)
    : undefined;
}

function checkOf(node: ContextAnswer, sha: string, jobs: Jobs): CheckFacts {
  if (node.__typename === 'StatusContext') {
    const { context: name, createdAt } = node;
    return {
      kind: 'status',
      name,
      headSha: sha,
      creator: accountOf(node.creator),
      state: stateOf(node.state),
      createdAt,
    };
  }
  const { app } = node.checkSuite;
  return {
    kind: 'check_run',
    id: node.databaseId,
    name: node.name,
    headSha: sha,
    appId: app?.databaseId ?? null,
    appSlug: app?.slug ?? null,
    status: node.status.toLowerCase(),
    conclusion: node.conclusion?.toLowerCase() ?? null,
    startedAt: node.startedAt,
    run: workflowRun(node, jobs),
  };
}

/** `expected` is GitHub's word for a required status that nobody has set: it is as good as pending. */
function stateOf(state: string): string {
  return state === 'EXPECTED' ? 'pending' : state.toLowerCase();
}

function workflowRun(
  node: Extract<ContextAnswer, { __typename: 'CheckRun' }>,
  { byRun }: Jobs,
): WorkflowRunFacts | null {
  const run = node.checkSuite.workflowRun;
  const id = runIdOf(node);
  if (run === null || id === undefined) return null;
  const jobs = byRun.get(id);
  const job = jobs?.find((each) => each.id === node.databaseId);
  return {
    id,
    event: run.event,
    path: run.file?.path ?? '',
    headSha: job?.head_sha ?? '',
    headBranch: job?.head_branch ?? null,
    job: jobs === undefined ? 'unread' : job === undefined ? 'no_job' : 'is_job',
  };
}
