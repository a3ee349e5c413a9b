import { isRecord, nullableText, optionalText, text } from '../http/body.ts';
import { paged, pagedUnder } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { addCheckRun, addSuite, addStatus } from '../domain/checks.ts';
import { resolveCommit } from '../domain/resolve.ts';
import { readCommit } from '../git/commits.ts';
import { actorOf, needs } from '../permissions.ts';
import { created, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { checkRun, checkSuite, simpleStatus, status } from '../shapes/checks.ts';
import { minimalRepo, repoUrl, htmlUrl } from '../shapes/repo.ts';
import type { Annotation, CheckConclusion, CheckRun, CheckStatus, CommitStatus } from '../state/checks.ts';
import { nowIso } from '../state.ts';

const read = needs('read', 'checks');
const write = needs('write', 'checks');
const statuses = needs('read', 'statuses');

const CONCLUSIONS = ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'] as const;
const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;

/** Only Apps may write checks, whatever the token's scopes say. */
function appOf({ caller }: RepoCall): number {
  if (caller.kind === 'installation') return caller.app.id;
  return refuse(403, 'You must authenticate via a GitHub App.');
}

function statusOf(value: string | undefined): CheckStatus | undefined {
  return STATUSES.find((each) => each === value);
}

function conclusionOf(value: string | undefined): CheckConclusion | null {
  if (value === undefined) return null;
  const known = CONCLUSIONS.find((each) => each === value);
  return known ?? refuse(422, `Invalid request.\n\n${value} is not a member of ${JSON.stringify(CONCLUSIONS)}.`);
}

function postCheckRun(call: RepoCall): Reply {
  const { world, repo, body } = call;
  const appId = appOf(call);
  const headSha = text(body, 'head_sha');
  const conclusion = conclusionOf(optionalText(body, 'conclusion'));
  if (body['status'] === 'completed' && conclusion === null) {
    refuse(
      422,
      'Invalid request.\n\nNo subschema in "anyOf" matched.\n"conclusion" wasn\'t supplied.\ncompleted is not a member of ["queued", "in_progress"].',
    );
  }
  if (readCommit(repo.gitDir, headSha) === null) refuse(422, `No commit found for SHA: ${headSha}`);
  const known = statusOf(optionalText(body, 'status'));
  const run = addCheckRun(world, repo, {
    byRequest: true,
    name: text(body, 'name'),
    headSha,
    appId,
    conclusion,
    ...(known ? { status: known } : {}),
  });
  fill(run, call);
  return created(checkRun(world, repo, run));
}

/** What creation and update have in common. Annotations are added to those that are there. */
function fill(run: CheckRun, { body }: RepoCall): void {
  run.externalId = optionalText(body, 'external_id') ?? run.externalId;
  run.detailsUrl = optionalText(body, 'details_url') ?? run.detailsUrl;
  run.startedAt = optionalText(body, 'started_at') ?? run.startedAt;
  run.completedAt = optionalText(body, 'completed_at') ?? run.completedAt;
  const { output } = body;
  if (!isRecord(output)) return;
  run.output = {
    title: optionalText(output, 'title') ?? run.output.title,
    summary: optionalText(output, 'summary') ?? run.output.summary,
    text: optionalText(output, 'text') ?? run.output.text,
  };
  const annotations: unknown = output['annotations'];
  if (!Array.isArray(annotations)) return;
  if (annotations.length > 50) refuse(422, 'Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.');
  run.annotations.push(...annotations.filter((each): each is Annotation => isRecord(each)));
}

function patchCheckRun(call: RepoCall): Reply {
  const { world, repo, body } = call;
  const run = needRun(call);
  if (run.appId !== appOf(call))
    refuse(403, `Invalid app_id \`${run.appId}\` - check run can only be modified by the GitHub App that created it.`);
  run.name = optionalText(body, 'name') ?? run.name;
  const conclusion = conclusionOf(optionalText(body, 'conclusion'));
  const next = statusOf(optionalText(body, 'status'));
  if (conclusion !== null) {
    run.status = 'completed';
    run.conclusion = conclusion;
    run.completedAt = nowIso(world);
  } else if (next !== undefined && next !== run.status) {
    run.status = next;
    run.conclusion = null;
    run.completedAt = null;
  }
  fill(run, call);
  return ok(checkRun(world, repo, run));
}

function needRun({ repo, params }: RepoCall): CheckRun {
  return repo.checkRuns.get(Number(params['check_run_id'])) ?? notFound();
}

function listAnnotations(call: RepoCall): Reply {
  const { repo } = call;
  const run = needRun(call);
  return paged(call, run.annotations, (each) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...each,
    blob_href: `${htmlUrl(repo)}/blob/${run.headSha}/${String(each['path'])}`,
  }));
}

/** `latest`, the default, keeps the newest run of a name in each suite. */
function filterRuns({ query }: RepoCall, runs: readonly CheckRun[]): CheckRun[] {
  const name = query.get('check_name');
  const wanted = query.get('status');
  const app = query.get('app_id');
  const found = runs
    .filter((each) => name === null || each.name === name)
    .filter((each) => wanted === null || each.status === wanted)
    .filter((each) => app === null || each.appId === Number(app));
  if (query.get('filter') === 'all') return found.toReversed();
  const latest = new Map(found.map((each) => [`${each.suiteId}/${each.name}`, each]));
  return [...latest.values()].toReversed();
}

function needSha({ repo, params }: RepoCall): string {
  const ref = params['ref'] ?? '';
  return resolveCommit(repo, ref)?.sha ?? refuse(422, `No commit found for SHA: ${ref}`);
}

function runsOfCommit(call: RepoCall): Reply {
  const sha = needSha(call);
  const runs = [...call.repo.checkRuns.values()].filter(({ headSha }) => headSha === sha);
  return pagedUnder(call, 'check_runs', filterRuns(call, runs), (each) => checkRun(call.world, call.repo, each));
}

function runsOfSuite(call: RepoCall): Reply {
  const id = Number(call.params['check_suite_id']);
  if (!call.repo.checkSuites.has(id)) notFound();
  const runs = [...call.repo.checkRuns.values()].filter(({ suiteId }) => suiteId === id);
  return pagedUnder(call, 'check_runs', filterRuns(call, runs), (each) => checkRun(call.world, call.repo, each));
}

function suitesOfCommit(call: RepoCall): Reply {
  const sha = needSha(call);
  const app = call.query.get('app_id');
  const suites = [...call.repo.checkSuites.values()].filter(
    (each) => each.headSha === sha && (app === null || each.appId === Number(app)),
  );
  return pagedUnder(call, 'check_suites', suites, (each) => checkSuite(call.world, call.repo, each));
}

function getSuite({ world, repo, params }: RepoCall): Reply {
  const found = repo.checkSuites.get(Number(params['check_suite_id'])) ?? notFound();
  return ok(checkSuite(world, repo, found));
}

function postSuite(call: RepoCall): Reply {
  const { world, repo, body } = call;
  return created(checkSuite(world, repo, addSuite(world, repo, text(body, 'head_sha'), appOf(call))));
}

function stateOf(value: string): CommitStatus['state'] {
  const known = (['error', 'failure', 'pending', 'success'] as const).find((each) => each === value);
  return (
    known ??
    refuse(422, 'Validation Failed', {
      errors: [{ resource: 'Status', code: 'custom', field: 'state', message: 'state is not included in the list' }],
    })
  );
}

function postStatus(call: RepoCall): Reply {
  const { world, repo, caller, params, body } = call;
  const sha = params['sha'] ?? '';
  if (readCommit(repo.gitDir, sha) === null) refuse(422, `No commit found for SHA: ${sha}`);
  const made = addStatus(world, repo, {
    sha,
    context: optionalText(body, 'context') ?? 'default',
    state: stateOf(text(body, 'state')),
    creator: actorOf(caller),
    description: nullableText(body, 'description') ?? null,
    targetUrl: nullableText(body, 'target_url') ?? null,
  });
  return created(status(world, repo, made));
}

function listStatuses(call: RepoCall): Reply {
  const sha = needSha(call);
  const all = call.repo.statuses.filter((each) => each.sha === sha).toReversed();
  return paged(call, all, (each) => status(call.world, call.repo, each));
}

/** The latest of each context; check runs are not part of it. */
function combined(call: RepoCall): Reply {
  const { world, repo } = call;
  const sha = needSha(call);
  const latest = [
    ...new Map(repo.statuses.filter((each) => each.sha === sha).map((each) => [each.context, each])).values(),
  ];
  const bad = latest.some(({ state }) => state === 'error' || state === 'failure');
  const pending = latest.length === 0 || latest.some(({ state }) => state === 'pending');
  const commitUrl = `${repoUrl(world, repo)}/commits/${sha}`;
  return ok({
    state: bad ? 'failure' : pending ? 'pending' : 'success',
    statuses: latest.map((each) => simpleStatus(world, repo, each)),
    sha,
    total_count: latest.length,
    repository: minimalRepo(world, repo),
    commit_url: commitUrl,
    url: `${commitUrl}/status`,
  });
}

const base = '/repos/{owner}/{repo}';

export const checkRoutes: readonly Route[] = [
  { method: 'POST', path: `${base}/check-runs`, need: write, repo: postCheckRun },
  {
    method: 'GET',
    path: `${base}/check-runs/{check_run_id}`,
    need: read,
    repo: (call) => ok(checkRun(call.world, call.repo, needRun(call))),
  },
  { method: 'PATCH', path: `${base}/check-runs/{check_run_id}`, need: write, repo: patchCheckRun },
  { method: 'GET', path: `${base}/check-runs/{check_run_id}/annotations`, need: read, repo: listAnnotations },
  { method: 'POST', path: `${base}/check-suites`, need: write, repo: postSuite },
  { method: 'GET', path: `${base}/check-suites/{check_suite_id}`, need: read, repo: getSuite },
  { method: 'GET', path: `${base}/check-suites/{check_suite_id}/check-runs`, need: read, repo: runsOfSuite },
  { method: 'GET', path: `${base}/commits/{ref}/check-runs`, need: read, repo: runsOfCommit },
  { method: 'GET', path: `${base}/commits/{ref}/check-suites`, need: read, repo: suitesOfCommit },
  { method: 'GET', path: `${base}/commits/{ref}/status`, need: statuses, repo: combined },
  { method: 'GET', path: `${base}/commits/{ref}/statuses`, need: statuses, repo: listStatuses },
  { method: 'POST', path: `${base}/statuses/{sha}`, need: needs('write', 'statuses'), repo: postStatus },
];
