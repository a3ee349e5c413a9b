import { optionalText, text } from '../http/body.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { personFor, webFlow } from '../domain/people.ts';
import { branchTip, resolveCommit } from '../domain/resolve.ts';
import { updateRef, workflowRefusal } from '../domain/update-ref.ts';
import { readCommit, writeCommit } from '../git/commits.ts';
import { readObject, writeObject } from '../git/objects.ts';
import type { TreeEntry } from '../git/trees.ts';
import { entryType, flatten, lookup, readTree, writeTree } from '../git/trees.ts';
import { actorOf, needs } from '../permissions.ts';
import { created, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { gitCommit, needCommit } from '../shapes/git.ts';
import { htmlUrl, repoUrl, urlPath } from '../shapes/repo.ts';
import { lines60, readPerson } from './git-data.ts';
import { fullName } from '../state.ts';

const read = needs('read', 'contents');
const write = needs('write', 'contents');

function cleanPath({ params }: RepoCall): string {
  return (params['path'] ?? '').replaceAll(/^\/+|\/+$/g, '');
}

function typeOf(entry: TreeEntry): string {
  if (entry.mode === '120000') return 'symlink';
  const type = entryType(entry.mode);
  if (type === 'commit') return 'submodule';
  return type === 'tree' ? 'dir' : 'file';
}

/** The keys that a file, an entry of a listing, and the answer to a write share. */
function describe(call: RepoCall, path: string, entry: TreeEntry, ref: string): Record<string, unknown> {
  const { world, repo } = call;
  const kind = entryType(entry.mode) === 'tree' ? 'tree' : 'blob';
  const encoded = urlPath(path);
  const self = `${repoUrl(world, repo)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const submodule = entryType(entry.mode) === 'commit';
  const git = submodule ? null : `${repoUrl(world, repo)}/git/${kind}s/${entry.sha}`;
  const html = `${htmlUrl(repo)}/${kind}/${urlPath(ref)}/${encoded}`;
  const raw = `https://raw.githubusercontent.com/${fullName(repo)}/${urlPath(ref)}/${encoded}`;
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.sha,
    size: kind === 'blob' && !submodule ? (readObject(repo.gitDir, entry.sha)?.content.length ?? 0) : 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: kind === 'blob' && !submodule ? raw : null,
    type: typeOf(entry),
    _links: { self, git, html },
  };
}

/** What `.gitmodules` says of a path. */
function submoduleUrl({ repo }: RepoCall, tree: string, path: string): string {
  const entry = lookup(repo.gitDir, tree, '.gitmodules');
  const modules = entry ? (readObject(repo.gitDir, entry.sha)?.content.toString() ?? '') : '';
  const section = modules.split('[submodule').find((each) => each.includes(`path = ${path}\n`));
  return /url = (\S+)/.exec(section ?? '')?.[1] ?? `https://github.com/${path}.git`;
}

function getContent(call: RepoCall): Reply {
  const { repo, query, headers } = call;
  const path = cleanPath(call);
  const ref = query.get('ref') ?? repo.defaultBranch;
  const commit = resolveCommit(repo, ref);
  if (!commit)
    return refuse(404, query.has('ref') ? `No commit found for the ref ${ref}` : 'This repository is empty.');
  const entry = lookup(repo.gitDir, commit.tree, path);
  if (!entry) return notFound();
  if (entryType(entry.mode) === 'tree') {
    const below = readTree(repo.gitDir, entry.sha) ?? [];
    return ok(below.map((each) => describe(call, path === '' ? each.name : `${path}/${each.name}`, each, ref)));
  }
  if (entryType(entry.mode) === 'commit')
    return ok({ ...describe(call, path, entry, ref), submodule_git_url: submoduleUrl(call, commit.tree, path) });
  const blob = readObject(repo.gitDir, entry.sha)?.content ?? Buffer.alloc(0);
  if (/\braw\b/.test(headers['accept'] ?? '')) {
    return { status: 200, raw: { content: blob, type: 'application/vnd.github.raw+json; charset=utf-8' } };
  }
  if (entry.mode === '120000') return ok({ ...describe(call, path, entry, ref), target: blob.toString() });
  // Between 1 and 100 MB GitHub leaves the content out and says so.
  const big = blob.length > 1_000_000;
  const content = { content: big ? '' : lines60(blob.toString('base64')), encoding: big ? 'none' : 'base64' };
  return ok({ ...describe(call, path, entry, ref), ...content });
}

/** A full ref name is taken too. */
function branchOf({ repo, body }: RepoCall): string {
  return (optionalText(body, 'branch') ?? repo.defaultBranch).replace(/^refs\/heads\//, '');
}

type Change = { readonly path: string; readonly sha: string | null };

/** Commits one changed file on a branch, through the same door as any push. */
async function commitChange(call: RepoCall, change: Change, verb: 'create' | 'update' | 'delete'): Promise<string> {
  const { world, repo, caller, body } = call;
  const branch = branchOf(call);
  const before = branchTip(repo, branch) ?? refuse(404, `Branch ${branch} not found`);
  const tree = readCommit(repo.gitDir, before)?.tree ?? notFound();
  const others = flatten(repo.gitDir, tree).filter(({ path }) => path !== change.path);
  const files = change.sha === null ? others : [...others, { path: change.path, mode: '100644', sha: change.sha }];
  const author = readPerson(body['author'] ?? body['committer'], personFor(world, actorOf(caller)));
  const custom = body['committer'] !== undefined || body['author'] !== undefined;
  const committer = readPerson(body['committer'] ?? body['author'], webFlow(world));
  const message = optionalText(body, 'message') ?? `${verb} ${change.path}`;
  const after = writeCommit(repo.gitDir, {
    tree: writeTree(repo.gitDir, files),
    parents: [before],
    author,
    committer,
    message,
  });
  if (!custom) repo.verifiedCommits.add(after);
  const outcome = await updateRef(world, repo, caller, { ref: `refs/heads/${branch}`, before, after });
  if (outcome.ok) return after;
  if (outcome.why === 'workflows') return refuse(403, workflowRefusal(change.path));
  const byRuleset = outcome.message.startsWith('Repository rule violations');
  return refuse(409, byRuleset ? outcome.message : `Could not ${verb} file: ${outcome.message}`);
}

function existing(call: RepoCall, path: string): TreeEntry | null {
  const { repo } = call;
  const branch = branchOf(call);
  const tip = branchTip(repo, branch) ?? refuse(404, `Branch ${branch} not found`);
  return lookup(repo.gitDir, needCommit(repo, tip).tree, path);
}

function checkSha(path: string, known: TreeEntry | null, sha: string | undefined): void {
  if (known === null) return;
  if (sha === undefined) refuse(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== known.sha) refuse(409, `${path} does not match ${sha}`);
}

async function putContent(call: RepoCall): Promise<Reply> {
  const { repo, world, body } = call;
  const path = cleanPath(call);
  const known = existing(call, path);
  checkSha(path, known, optionalText(body, 'sha'));
  const sha = writeObject(repo.gitDir, 'blob', Buffer.from(text(body, 'content'), 'base64'));
  const commit = await commitChange(call, { path, sha }, known ? 'update' : 'create');
  const branch = branchOf(call);
  const content = describe(call, path, { mode: '100644', name: path, sha }, branch);
  const answer = { content, commit: gitCommit(world, repo, needCommit(repo, commit)) };
  return known ? ok(answer) : created(answer);
}

async function deleteContent(call: RepoCall): Promise<Reply> {
  const { repo, world, query, body } = call;
  // Its parameters may come in the query.
  const merged = { ...Object.fromEntries(query), ...body };
  const path = cleanPath(call);
  const inside = { ...call, body: merged };
  const known = existing(inside, path) ?? notFound();
  checkSha(path, known, text(merged, 'sha'));
  const commit = await commitChange(inside, { path, sha: null }, 'delete');
  return ok({ content: null, commit: gitCommit(world, repo, needCommit(repo, commit)) });
}

const base = '/repos/{owner}/{repo}/contents/{path}';

export const contentRoutes: readonly Route[] = [
  { method: 'GET', path: base, need: read, repo: getContent },
  { method: 'PUT', path: base, need: write, repo: putContent },
  { method: 'DELETE', path: base, need: write, repo: deleteContent },
];
