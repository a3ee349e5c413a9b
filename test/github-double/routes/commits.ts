import { page, paged } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { resolveCommit } from '../domain/resolve.ts';
import { readCommit } from '../git/commits.ts';
import type { Commit } from '../git/commits.ts';
import { diff } from '../git/diff.ts';
import { commitsBetween, log, mergeBase } from '../git/history.ts';
import { EMPTY_TREE } from '../git/trees.ts';
import { needs } from '../permissions.ts';
import { notFound, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { accountOfPerson, commit, diffEntry, isoOf, needCommit } from '../shapes/git.ts';
import { htmlUrl, repoUrl } from '../shapes/repo.ts';
import type { Repo } from '../state.ts';
import { fullName } from '../state.ts';

const read = needs('read', 'contents');

async function listCommits(call: RepoCall): Promise<Reply> {
  const { world, repo, query } = call;
  const start = resolveCommit(repo, query.get('sha') ?? repo.defaultBranch) ?? notFound();
  const since = query.get('since');
  const until = query.get('until');
  const author = query.get('author');
  const shas = await log(repo.gitDir, start.sha, query.get('path'));
  const found = shas
    .map((sha) => needCommit(repo, sha))
    .filter(({ committer }) => since === null || isoOf(committer.at) >= since)
    .filter(({ committer }) => until === null || isoOf(committer.at) <= until)
    .filter(
      (each) => author === null || each.author.email === author || accountOfPerson(world, each.author) === author,
    );
  return paged(call, found, (each) => commit(world, repo, each));
}

async function getCommit(call: RepoCall): Promise<Reply> {
  const { world, repo, params, headers } = call;
  const ref = params['ref'] ?? '';
  const found = resolveCommit(repo, ref) ?? refuse(422, `No commit found for SHA: ${ref}`);
  if (/\bsha\b/.test(headers['accept'] ?? '')) {
    return { status: 200, raw: { content: Buffer.from(found.sha), type: 'application/vnd.github.sha; charset=utf-8' } };
  }
  const files = await diff(repo.gitDir, found.parents[0] ?? EMPTY_TREE, found.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const { items, headers: links } = page(call, files);
  const stats = { total: additions + deletions, additions, deletions };
  const body = {
    ...commit(world, repo, found),
    stats,
    files: items.map((file) => diffEntry(world, repo, found.sha, file)),
  };
  return { status: 200, body, headers: links };
}

/** A side of a comparison: a ref here, or `owner:branch` of the same network. */
function side({ world, repo }: RepoCall, name: string): Commit {
  const colon = name.indexOf(':');
  if (colon < 0) return resolveCommit(repo, name) ?? notFound();
  const owner = name.slice(0, colon).split('/')[0];
  const related = (each: Repo): boolean =>
    each.parent === fullName(repo) || repo.parent === fullName(each) || each === repo;
  const home = [...world.repos.values()].find((each) => each.owner === owner && related(each)) ?? notFound();
  return resolveCommit(home, name.slice(colon + 1)) ?? notFound();
}

async function compare(call: RepoCall): Promise<Reply> {
  const { world, repo, params } = call;
  const basehead = params['basehead'] ?? '';
  const [baseName = '', headName = ''] = basehead.split('...');
  const base = side(call, baseName);
  const head = side(call, headName);
  const ancestorSha =
    (await mergeBase(repo.gitDir, base.sha, head.sha)) ??
    refuse(404, `No common ancestor between ${baseName} and ${headName}.`);
  const ancestor = readCommit(repo.gitDir, ancestorSha) ?? notFound();
  const ahead = await commitsBetween(repo.gitDir, base.sha, head.sha);
  const behind = await commitsBetween(repo.gitDir, head.sha, base.sha);
  const files = (await diff(repo.gitDir, ancestor.sha, head.sha)).slice(0, 300); // GitHub's cap for comparisons
  const { items, headers } = page({ ...call, query: withDefaultSize(call.query) }, ahead);
  const url = `${repoUrl(world, repo)}/compare/${basehead}`;
  const html = `${htmlUrl(repo)}/compare/${basehead}`;
  const body = {
    url,
    html_url: html,
    permalink_url: `${htmlUrl(repo)}/compare/${repo.owner}:${base.sha.slice(0, 7)}...${repo.owner}:${head.sha.slice(0, 7)}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commit(world, repo, base),
    merge_base_commit: commit(world, repo, ancestor),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: items.map((sha) => commit(world, repo, needCommit(repo, sha))),
    // Files come with the first page only.
    ...(Number(call.query.get('page') ?? 1) > 1
      ? {}
      : { files: files.map((file) => diffEntry(world, repo, head.sha, file)) }),
  };
  return { status: 200, body, headers };
}

function withDefaultSize(query: URLSearchParams): URLSearchParams {
  const sized = new URLSearchParams(query);
  if (!sized.has('per_page')) sized.set('per_page', '100');
  return sized;
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

const base = '/repos/{owner}/{repo}';

export const commitRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/commits`, need: read, repo: listCommits },
  { method: 'GET', path: `${base}/commits/{ref}`, need: read, repo: getCommit },
  { method: 'GET', path: `${base}/compare/{basehead}`, need: read, repo: compare },
];
