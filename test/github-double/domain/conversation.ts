import type { Comment, IssueState, Label } from '../state/issue.ts';
import type { Repo, World } from '../state.ts';
import { newId, nowIso } from '../state.ts';
import { addEvent } from './events.ts';

export function ensureLabel(world: World, repo: Repo, name: string): Label {
  const known = repo.labels.get(name.toLowerCase());
  if (known) return known;
  const label: Label = { id: newId(world), name, color: 'ededed', description: null, default: false };
  repo.labels.set(name.toLowerCase(), label);
  return label;
}

/** Labels that do not exist yet are made on the way, as by GitHub. */
export function addLabels(
  world: World,
  repo: Repo,
  issue: IssueState,
  names: readonly string[],
  actor: string,
  appId: number | null,
): void {
  for (const wanted of names) {
    const { name, color } = ensureLabel(world, repo, wanted);
    if (issue.labels.includes(name)) continue;
    issue.labels.push(name);
    addEvent(world, issue, 'labeled', actor, { appId, extra: { label: { name, color } } });
  }
}

/** @returns false when the issue does not have the label. */
export function removeLabel(
  world: World,
  repo: Repo,
  issue: IssueState,
  wanted: string,
  actor: string,
  appId: number | null,
): boolean {
  const name = issue.labels.find((each) => each.toLowerCase() === wanted.toLowerCase());
  if (name === undefined) return false;
  issue.labels = issue.labels.filter((each) => each !== name);
  const color = repo.labels.get(name.toLowerCase())?.color ?? 'ededed';
  addEvent(world, issue, 'unlabeled', actor, { appId, extra: { label: { name, color } } });
  return true;
}

export function addComment(world: World, issue: IssueState, user: string, body: string, appId: number | null): Comment {
  const createdAt = nowIso(world);
  const comment: Comment = { id: newId(world), user, body, createdAt, updatedAt: createdAt, appId };
  issue.comments.push(comment);
  issue.updatedAt = createdAt;
  return comment;
}
