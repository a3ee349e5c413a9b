import { isRecord, optionalText, text, textList } from '../http/body.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { personFor } from '../domain/people.ts';
import { resolveCommit } from '../domain/resolve.ts';
import { readCommit, writeCommit } from '../git/commits.ts';
import type { Person } from '../git/commits.ts';
import { readObject, writeObject } from '../git/objects.ts';
import { entryType, flatten, readTree, writeTree } from '../git/trees.ts';
import type { FlatFile } from '../git/trees.ts';
import { nodeId } from '../ids.ts';
import { actorOf, needs } from '../permissions.ts';
import { created, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { gitCommit } from '../shapes/git.ts';
import { repoUrl } from '../shapes/repo.ts';
import { fullName } from '../state.ts';

const read = needs('read', 'contents');
const write = needs('write', 'contents');

function getBlob(call: RepoCall): Reply {
  const { world, repo, params, headers } = call;
  const sha = params['file_sha'] ?? '';
  const object = readObject(repo.gitDir, sha);
  if (object?.type !== 'blob') return notFound();
  if (headers['accept']?.includes('raw')) {
    return { status: 200, raw: { content: object.content, type: 'application/vnd.github.raw; charset=utf-8' } };
  }
  const url = `${repoUrl(world, repo)}/git/blobs/${sha}`;
  const content = lines60(object.content.toString('base64'));
  const node_id = nodeId('B', `${fullName(repo)}:${sha}`);
  return ok({ sha, node_id, size: object.content.length, url, content, encoding: 'base64' });
}

/** GitHub breaks base64 every 60 characters and ends with a newline. */
export function lines60(base64: string): string {
  return base64.replaceAll(/.{1,60}/g, (line) => `${line}\n`);
}

function createBlob({ world, repo, body }: RepoCall): Reply {
  const encoding = optionalText(body, 'encoding') ?? 'utf-8';
  if (encoding !== 'utf-8' && encoding !== 'base64') refuse(422, `unknown encoding: ${encoding}`);
  const sha = writeObject(
    repo.gitDir,
    'blob',
    Buffer.from(text(body, 'content'), encoding === 'base64' ? 'base64' : 'utf8'),
  );
  return created({ sha, url: `${repoUrl(world, repo)}/git/blobs/${sha}` });
}

function showTree(call: RepoCall, sha: string, recursive: boolean): Record<string, unknown> {
  const { world, repo } = call;
  const base = repoUrl(world, repo);
  const item = (path: string, mode: string, id: string): Record<string, unknown> => {
    const type = entryType(mode);
    const shown = { path, mode, type, sha: id };
    if (type === 'commit') return shown;
    const url = `${base}/git/${type}s/${id}`;
    const size = type === 'blob' ? readObject(repo.gitDir, id)?.content.length : undefined;
    return size === undefined ? { ...shown, url } : { ...shown, size, url };
  };
  const walk = (tree: string, prefix: string): Record<string, unknown>[] =>
    (readTree(repo.gitDir, tree) ?? []).flatMap(({ mode, name, sha: id }) => {
      const below = recursive && entryType(mode) === 'tree' ? walk(id, `${prefix}${name}/`) : [];
      return [item(prefix + name, mode, id), ...below];
    });
  return { sha, url: `${base}/git/trees/${sha}`, tree: walk(sha, ''), truncated: false };
}

function getTree(call: RepoCall): Reply {
  const name = call.params['tree_sha'] ?? '';
  const sha = resolveCommit(call.repo, name)?.tree ?? name;
  if (readTree(call.repo.gitDir, sha) === null) return notFound();
  return ok(showTree(call, sha, call.query.has('recursive')));
}

type TreeInput = { readonly path: string; readonly mode: string; readonly sha: string | null };

function treeInput(call: RepoCall, value: unknown): TreeInput {
  if (!isRecord(value)) return refuse(422, 'Invalid tree info');
  const path = text(value, 'path');
  const mode = text(value, 'mode');
  if (path.startsWith('/') || path.split('/').some((part) => part === '' || part === '..' || part === '.git')) {
    return refuse(422, 'tree.path contains a malformed path component');
  }
  if (value['sha'] === null) return { path, mode, sha: null };
  const content = optionalText(value, 'content');
  const sha = content === undefined ? text(value, 'sha') : writeObject(call.repo.gitDir, 'blob', Buffer.from(content));
  if (mode !== '160000' && readObject(call.repo.gitDir, sha) === null)
    refuse(422, `tree.sha ${sha} is not a valid object`);
  return { path, mode, sha };
}

function createTree(call: RepoCall): Reply {
  const { repo, body } = call;
  const list = body['tree'];
  if (!Array.isArray(list)) return refuse(422, 'Invalid tree info');
  const baseName = optionalText(body, 'base_tree');
  const base = baseName === undefined ? null : (readCommit(repo.gitDir, baseName)?.tree ?? baseName);
  if (base !== null && readTree(repo.gitDir, base) === null) refuse(422, 'base_tree is not a valid tree oid');
  const files = new Map<string, FlatFile>(
    (base === null ? [] : flatten(repo.gitDir, base)).map((file) => [file.path, file]),
  );
  for (const { path, mode, sha } of list.map((each: unknown) => treeInput(call, each))) {
    // A new entry replaces whatever stood at its path, a whole directory included.
    for (const known of files.keys()) if (known === path || known.startsWith(`${path}/`)) files.delete(known);
    if (sha === null) continue;
    if (mode === '040000') for (const file of flatten(repo.gitDir, sha, `${path}/`)) files.set(file.path, file);
    else files.set(path, { path, mode, sha });
  }
  return created(showTree(call, writeTree(repo.gitDir, [...files.values()]), false));
}

export function readPerson(value: unknown, fallback: Person): Person {
  if (!isRecord(value)) return fallback;
  const date = optionalText(value, 'date');
  const at = date === undefined ? fallback.at : Math.floor(Date.parse(date) / 1000);
  return {
    name: text(value, 'name'),
    email: text(value, 'email'),
    at: Number.isNaN(at) ? refuse(422, 'Invalid date') : at,
  };
}

function createCommit(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const tree = text(body, 'tree');
  if (readTree(repo.gitDir, tree) === null) refuse(422, 'Tree SHA does not exist');
  const parents = body['parents'] === undefined ? [] : textList(body['parents'], 'parents');
  for (const parent of parents) {
    if (readCommit(repo.gitDir, parent) === null) refuse(422, 'Parent SHA does not exist or is not a commit object');
  }
  const author = readPerson(body['author'], personFor(world, actorOf(caller)));
  const committer = readPerson(body['committer'], author);
  const signature = optionalText(body, 'signature') ?? null;
  const sha = writeCommit(repo.gitDir, { tree, parents, author, committer, message: text(body, 'message'), signature });
  // GitHub signs what an App commits in its own name: no custom author, committer or signature.
  const own = !('author' in body) && !('committer' in body) && signature === null;
  if (caller.kind === 'installation' && own) repo.verifiedCommits.add(sha);
  const commit = readCommit(repo.gitDir, sha);
  return commit ? created(gitCommit(world, repo, commit)) : notFound();
}

function getCommit({ world, repo, params }: RepoCall): Reply {
  const commit = readCommit(repo.gitDir, params['commit_sha'] ?? '');
  return commit ? ok(gitCommit(world, repo, commit)) : notFound();
}

const base = '/repos/{owner}/{repo}/git';

export const gitDataRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/blobs/{file_sha}`, need: read, repo: getBlob },
  { method: 'POST', path: `${base}/blobs`, need: write, repo: createBlob },
  { method: 'GET', path: `${base}/trees/{tree_sha}`, need: read, repo: getTree },
  { method: 'POST', path: `${base}/trees`, need: write, repo: createTree },
  { method: 'GET', path: `${base}/commits/{commit_sha}`, need: read, repo: getCommit },
  { method: 'POST', path: `${base}/commits`, need: write, repo: createCommit },
];
