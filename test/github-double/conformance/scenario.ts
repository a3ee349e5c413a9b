/** An answer of a GitHub, whichever it is. `body` is parsed JSON, `undefined` when there was none. */
export type Answer = {
  readonly method: string;
  readonly path: string;
  readonly sent: unknown;
  readonly status: number;
  readonly body: unknown;
};

export type Tokens = { readonly owner: string; readonly app: string };

/** The walk's names for its own steps -> what was answered. */
export type Answers = ReadonlyMap<string, Answer>;

/**
 * Walks through the life of a repository that has one commit with a README on `main`, an owner and a collaborator
 * with write access called `dev`. Every step has a name, so that the answers of two GitHubs can be laid side by side.
 *
 * @param baseUrl without a trailing slash
 * @param tokens the owner's, and one of an App that is installed there: only Apps write check runs
 * @param repository `owner/name`
 */
export async function walk(baseUrl: string, tokens: Tokens, repository: string): Promise<Answers> {
  const answers = new Map<string, Answer>();
  const step: Step = async (name, method, path, sent) => {
    const url = path.startsWith('//') ? path.slice(1) : `/repos/${repository}${path}`;
    const token = path.startsWith('/check-runs') ? tokens.app : tokens.owner;
    const body = await request(baseUrl, token, method, url, sent, (answer) => answers.set(name, answer));
    return isRecord(body) ? body : {};
  };
  await refs(step);
  await gitData(step);
  await contents(step);
  await labels(step);
  await issues(step);
  await protection(step);
  await pulls(step);
  await checks(step);
  await others(step);
  return answers;
}

type Step = (name: string, method: string, path: string, sent?: unknown) => Promise<Readonly<Record<string, unknown>>>;
const nowhere = '0123456789012345678901234567890123456789';

async function refs(step: Step): Promise<void> {
  const sha = shaOf(await step('read main', 'GET', '/git/ref/heads/main'));
  await step('read a ref that is not there', 'GET', '/git/ref/heads/nobody');
  await step('create a branch', 'POST', '/git/refs', { ref: 'refs/heads/topic', sha });
  await step('create a branch again', 'POST', '/git/refs', { ref: 'refs/heads/topic', sha });
  await step('create a branch at no commit', 'POST', '/git/refs', { ref: 'refs/heads/lost', sha: nowhere });
  await step('list refs that start alike', 'GET', '/git/matching-refs/heads/to');
  await step('move a branch that is not there', 'PATCH', '/git/refs/heads/nobody', { sha, force: false });
  await step('create a branch to delete', 'POST', '/git/refs', { ref: 'refs/heads/gone', sha });
  await step('delete a branch', 'DELETE', '/git/refs/heads/gone');
  await step('delete a branch again', 'DELETE', '/git/refs/heads/gone');
  await step('list branches', 'GET', '/branches');
  await step('read a branch', 'GET', '/branches/main');
  await step('read a branch that is not there', 'GET', '/branches/nobody');
}

async function gitData(step: Step): Promise<void> {
  const main = shaOf(await step('read main before the commit', 'GET', '/git/ref/heads/main'));
  const base = await step('read the commit of main', 'GET', `/git/commits/${main}`);
  const blob = await step('create a blob', 'POST', '/git/blobs', { content: 'groups: []\n', encoding: 'utf-8' });
  await step('read a blob', 'GET', `/git/blobs/${text(blob['sha'])}`);
  const entry = { path: 'rules/a.yml', mode: '100644', type: 'blob', sha: blob['sha'] };
  const tree = await step('create a tree', 'POST', '/git/trees', { base_tree: shaIn(base['tree']), tree: [entry] });
  await step('read a tree', 'GET', `/git/trees/${text(tree['sha'])}?recursive=1`);
  const commit = await step('create a commit', 'POST', '/git/commits', {
    message: 'Add rules',
    tree: tree['sha'],
    parents: [main],
  });
  await step('move a branch forward', 'PATCH', '/git/refs/heads/topic', { sha: commit['sha'], force: false });
  await step('move a branch back', 'PATCH', '/git/refs/heads/topic', { sha: main, force: false });
  await step('read a commit that is not there', 'GET', `/git/commits/${nowhere}`);
  await step('compare', 'GET', '/compare/main...topic');
  await step('list commits', 'GET', '/commits?sha=topic');
  await step('read a commit by branch', 'GET', '/commits/topic');
}

async function contents(step: Step): Promise<void> {
  const content = Buffer.from('# Runbook\n').toString('base64');
  await step('create a file', 'PUT', '/contents/docs/runbook.md', { message: 'Add runbook', content, branch: 'topic' });
  const file = await step('read a file', 'GET', '/contents/docs/runbook.md?ref=topic');
  await step('list a folder', 'GET', '/contents/docs?ref=topic');
  await step('read a file that is not there', 'GET', '/contents/docs/nothing.md');
  await step('create a file that is there', 'PUT', '/contents/docs/runbook.md', {
    message: 'Again',
    content,
    branch: 'topic',
  });
  const stale = { message: 'Stale', content, branch: 'topic', sha: nowhere };
  await step('update a file from a stale version', 'PUT', '/contents/docs/runbook.md', stale);
  const next = {
    message: 'Update',
    content: Buffer.from('# New\n').toString('base64'),
    branch: 'topic',
    sha: file['sha'],
  };
  await step('update a file', 'PUT', '/contents/docs/runbook.md', next);
}

async function labels(step: Step): Promise<void> {
  await step('create a label', 'POST', '/labels', { name: 'change:safe', color: '0e8a16', description: 'Safe' });
  await step('create a label again', 'POST', '/labels', { name: 'change:safe', color: '0e8a16' });
  await step('read a label', 'GET', '/labels/change:safe');
  await step('read a label that is not there', 'GET', '/labels/nothing');
  await step('change a label', 'PATCH', '/labels/change:safe', { color: 'ffffff' });
  await step('list labels', 'GET', '/labels');
}

async function issues(step: Step): Promise<void> {
  const issue = await step('create an issue', 'POST', '/issues', { title: 'Freeze', labels: ['change:safe'] });
  const at = `/issues/${text(issue['number'])}`;
  await step('read an issue', 'GET', at);
  await step('read an issue that is not there', 'GET', '/issues/4711');
  await step('list issues by label', 'GET', '/issues?labels=change:safe&state=open');
  await step('label an issue', 'POST', `${at}/labels`, { labels: ['bug'] });
  await step('list labels of an issue', 'GET', `${at}/labels`);
  await step('take a label off an issue', 'DELETE', `${at}/labels/bug`);
  await step('take a label off again', 'DELETE', `${at}/labels/bug`);
  const comment = await step('comment', 'POST', `${at}/comments`, { body: 'Sticky' });
  const commentAt = `/issues/comments/${text(comment['id'])}`;
  await step('list comments', 'GET', `${at}/comments`);
  await step('read a comment', 'GET', commentAt);
  await step('change a comment', 'PATCH', commentAt, { body: 'Changed' });
  await step('delete a comment', 'DELETE', commentAt);
  await step('read a deleted comment', 'GET', commentAt);
  await step('comment on nothing', 'POST', '/issues/4711/comments', { body: 'Lost' });
  await step('close an issue', 'PATCH', at, { state: 'closed', state_reason: 'completed' });
  await step('list events of an issue', 'GET', `${at}/events`);
}

async function protection(step: Step): Promise<void> {
  const at = '/branches/main/protection';
  await step('read protection of an open branch', 'GET', at);
  const body = {
    required_status_checks: { strict: true, checks: [{ context: 'obs-lint' }] },
    required_pull_request_reviews: { dismiss_stale_reviews: true, required_approving_review_count: 1 },
    enforce_admins: true,
    restrictions: null,
  };
  await step('protect', 'PUT', at, body);
  await step('read protection', 'GET', at);
  await step('read required reviews', 'GET', `${at}/required_pull_request_reviews`);
  await step('read required checks', 'GET', `${at}/required_status_checks`);
  await step('read admin enforcement', 'GET', `${at}/enforce_admins`);
  await step('relax required reviews', 'PATCH', `${at}/required_pull_request_reviews`, {
    required_approving_review_count: 0,
  });
  await step('read a protected branch', 'GET', '/branches/main');
  await step('protect a branch that is not there', 'PUT', '/branches/nobody/protection', body);
  await step('unprotect', 'DELETE', at);
  await step('unprotect again', 'DELETE', at);
}

async function pulls(step: Step): Promise<void> {
  const pull = await step('open a pull request', 'POST', '/pulls', {
    title: 'Add rules',
    head: 'topic',
    base: 'main',
    body: 'Why',
  });
  const at = `/pulls/${text(pull['number'])}`;
  await step('open a pull request again', 'POST', '/pulls', { title: 'Add rules', head: 'topic', base: 'main' });
  await step('open a pull request without commits', 'POST', '/pulls', { title: 'None', head: 'main', base: 'main' });
  await step('open a pull request from nowhere', 'POST', '/pulls', { title: 'None', head: 'nobody', base: 'main' });
  await step('list pull requests', 'GET', '/pulls?state=open&base=main');
  await step('read a pull request', 'GET', at);
  await step('read a pull request that is not there', 'GET', '/pulls/4711');
  await step('list commits of a pull request', 'GET', `${at}/commits`);
  await step('list files of a pull request', 'GET', `${at}/files`);
  await step('change a pull request', 'PATCH', at, { title: 'Add more rules' });
  await step('comment in a review', 'POST', `${at}/reviews`, { event: 'COMMENT', body: 'Fine' });
  await step('approve one’s own pull request', 'POST', `${at}/reviews`, { event: 'APPROVE' });
  await step('list reviews', 'GET', `${at}/reviews`);
  await step('merge another head', 'PUT', `${at}/merge`, { sha: nowhere });
  await step('merge', 'PUT', `${at}/merge`, { merge_method: 'squash', commit_title: 'Add rules (#2)' });
  await step('merge again', 'PUT', `${at}/merge`, {});
  await step('read a merged pull request', 'GET', at);
}

async function checks(step: Step): Promise<void> {
  const sha = shaOf(await step('read main after the merge', 'GET', '/git/ref/heads/main'));
  const run = await step('create a check run', 'POST', '/check-runs', {
    name: 'obs-lint',
    head_sha: sha,
    status: 'in_progress',
  });
  const at = `/check-runs/${text(run['id'])}`;
  const done = { status: 'completed', conclusion: 'success', output: { title: 'Passed', summary: '5 stages' } };
  await step('complete a check run', 'PATCH', at, done);
  await step('read a check run', 'GET', at);
  await step('list check runs of a commit', 'GET', `/commits/${sha}/check-runs`);
  await step('list check suites of a commit', 'GET', `/commits/${sha}/check-suites`);
  await step('read a check run that is not there', 'GET', '/check-runs/4711');
}

async function others(step: Step): Promise<void> {
  await step('read the repository', 'GET', '');
  await step('read oneself', 'GET', '//user');
  await step('read a user', 'GET', '//users/dev');
  await step('read a user who is not there', 'GET', '//users/nobody-at-all');
  await step('read a collaborator’s permission', 'GET', '/collaborators/dev/permission');
  await step('list workflow runs', 'GET', '/actions/runs');
  await step('list workflows', 'GET', '/actions/workflows');
  await step('read a repository that is not there', 'GET', '//repos/dev/nothing');
}

async function request(
  baseUrl: string,
  token: string,
  method: string,
  path: string,
  sent: unknown,
  keep: (answer: Answer) => void,
): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'content-type': 'application/json',
  };
  const response = await fetch(baseUrl + path, {
    method,
    headers,
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
  });
  const raw = await response.text();
  const body: unknown = raw === '' ? undefined : JSON.parse(raw);
  keep({ method, path, sent, status: response.status, body });
  return body;
}

function shaOf(ref: Readonly<Record<string, unknown>>): string {
  return shaIn(ref['object']);
}

function shaIn(value: unknown): string {
  return isRecord(value) ? text(value['sha']) : 'absent';
}

/** For paths: what a failed step left undefined shows as `absent` in the next step's path instead of throwing here. */
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'absent';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
