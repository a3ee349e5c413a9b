export type Label = {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly default: boolean;
};

export type Comment = {
  readonly id: number;
  readonly user: string;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly appId: number | null;
};

/** One entry of an issue's history; `extra` carries what the kind adds (label, rename, commit). */
export type IssueEvent = {
  readonly id: number;
  readonly event: string;
  readonly actor: string;
  readonly createdAt: string;
  readonly commitId: string | null;
  readonly appId: number | null;
  readonly extra: Record<string, unknown>;
};

export type IssueState = {
  readonly id: number;
  readonly number: number;
  readonly isPull: boolean;
  title: string;
  body: string | null;
  readonly user: string;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | null;
  locked: boolean;
  /** Label names, in the order they were added. */
  labels: string[];
  assignees: string[];
  readonly comments: Comment[];
  readonly events: IssueEvent[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
};
