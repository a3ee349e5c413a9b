import { isRecord, nullableText, optionalText, text } from '../http/body.ts';
import { paged } from '../http/pagination.ts';
import type { RepoCall, Route } from '../http/router.ts';
import { addLabels, ensureLabel, removeLabel } from '../domain/conversation.ts';
import { needIssue } from '../domain/resolve.ts';
import { actorOf, appIdOf, needs } from '../permissions.ts';
import { created, invalid, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { label, labelsOf } from '../shapes/issue.ts';
import type { Label } from '../state/issue.ts';

const read = needs('read', 'issues', 'pull_requests');
const write = needs('write', 'issues', 'pull_requests');

function needLabel({ repo, params }: RepoCall): Label {
  return repo.labels.get((params['name'] ?? '').toLowerCase()) ?? notFound();
}

function postLabel(call: RepoCall): Reply {
  const { world, repo, body } = call;
  const name = text(body, 'name');
  if (repo.labels.has(name.toLowerCase())) invalid('Label', 'name', 'already_exists');
  const made = ensureLabel(world, repo, name);
  made.color = optionalText(body, 'color') ?? made.color;
  made.description = nullableText(body, 'description') ?? null;
  return created(label(world, repo, made));
}

function patchLabel(call: RepoCall): Reply {
  const { world, repo, body } = call;
  const found = needLabel(call);
  const name = optionalText(body, 'new_name');
  if (name !== undefined && name !== found.name) {
    repo.labels.delete(found.name.toLowerCase());
    for (const issue of repo.issues.values())
      issue.labels = issue.labels.map((each) => (each === found.name ? name : each));
    found.name = name;
    repo.labels.set(name.toLowerCase(), found);
  }
  found.color = optionalText(body, 'color') ?? found.color;
  found.description = nullableText(body, 'description') ?? found.description;
  return ok(label(world, repo, found));
}

function deleteLabel(call: RepoCall): Reply {
  const found = needLabel(call);
  call.repo.labels.delete(found.name.toLowerCase());
  for (const issue of call.repo.issues.values()) issue.labels = issue.labels.filter((each) => each !== found.name);
  return noContent;
}

/** The body is `{labels: […]}`, a bare list of names, or a list of `{name}`. */
function given({ body }: RepoCall): string[] {
  const list = body['labels'] ?? body[''];
  if (!Array.isArray(list)) return refuse(422, "Invalid request.\n\nFor 'properties/labels', nil is not an array.");
  return list.map((each: unknown) => (isRecord(each) ? text(each, 'name') : String(each)));
}

function onIssue(call: RepoCall): Reply {
  return ok(labelsOf(call.world, call.repo, needIssue(call)));
}

function add(call: RepoCall): Reply {
  const { world, repo, caller } = call;
  addLabels(world, repo, needIssue(call), given(call), actorOf(caller), appIdOf(caller));
  return onIssue(call);
}

function drop(call: RepoCall, names: readonly string[]): void {
  const { world, repo, caller } = call;
  for (const name of names) removeLabel(world, repo, needIssue(call), name, actorOf(caller), appIdOf(caller));
}

function replace(call: RepoCall): Reply {
  const names = new Set(given(call));
  drop(
    call,
    needIssue(call).labels.filter((each) => !names.has(each)),
  );
  return add(call);
}

function removeOne(call: RepoCall): Reply {
  const { world, repo, caller, params } = call;
  const removed = removeLabel(world, repo, needIssue(call), params['name'] ?? '', actorOf(caller), appIdOf(caller));
  return removed ? onIssue(call) : refuse(404, 'Label does not exist');
}

function removeAll(call: RepoCall): Reply {
  drop(call, [...needIssue(call).labels]);
  return noContent;
}

const base = '/repos/{owner}/{repo}';
const on = `${base}/issues/{issue_number}/labels`;

export const labelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${base}/labels`,
    need: read,
    repo: (call) => paged(call, [...call.repo.labels.values()], (each) => label(call.world, call.repo, each)),
  },
  { method: 'POST', path: `${base}/labels`, need: write, repo: postLabel },
  {
    method: 'GET',
    path: `${base}/labels/{name}`,
    need: read,
    repo: (call) => ok(label(call.world, call.repo, needLabel(call))),
  },
  { method: 'PATCH', path: `${base}/labels/{name}`, need: write, repo: patchLabel },
  { method: 'DELETE', path: `${base}/labels/{name}`, need: write, repo: deleteLabel },
  {
    method: 'GET',
    path: on,
    need: read,
    repo: (call) => paged(call, labelsOf(call.world, call.repo, needIssue(call)), (each) => each),
  },
  { method: 'POST', path: on, need: write, repo: add },
  { method: 'PUT', path: on, need: write, repo: replace },
  { method: 'DELETE', path: on, need: write, repo: removeAll },
  { method: 'DELETE', path: `${on}/{name}`, need: write, repo: removeOne },
];
