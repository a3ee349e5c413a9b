import type { IssueState } from '../state/issue.ts';
import type { World } from '../state.ts';
import { newId, nowIso } from '../state.ts';

export type EventDetails = {
  readonly commitId?: string;
  readonly appId?: number | null;
  readonly extra?: Record<string, unknown>;
};

/** Appends to an issue's history and touches it. */
export function addEvent(
  world: World,
  issue: IssueState,
  event: string,
  actor: string,
  details: EventDetails = {},
): void {
  const createdAt = nowIso(world);
  const { commitId = null, appId = null, extra = {} } = details;
  issue.events.push({ id: newId(world), event, actor, createdAt, commitId, appId, extra });
  issue.updatedAt = createdAt;
}

export function closeIssue(world: World, issue: IssueState, actor: string, details: EventDetails = {}): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.isPull ? null : 'completed';
  issue.closedBy = actor;
  addEvent(world, issue, 'closed', actor, details);
  issue.closedAt = issue.updatedAt;
}

export function reopenIssue(world: World, issue: IssueState, actor: string): void {
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = issue.isPull ? null : 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  addEvent(world, issue, 'reopened', actor);
}
