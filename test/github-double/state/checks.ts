export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

export type CheckOutput = { title: string | null; summary: string | null; text: string | null };
export type Annotation = Record<string, unknown>;

export type CheckRun = {
  readonly id: number;
  name: string;
  readonly headSha: string;
  readonly appId: number;
  readonly suiteId: number;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  output: CheckOutput;
  annotations: Annotation[];
  externalId: string;
  detailsUrl: string;
  /** Made by a request: it hangs on a suite of its App as a job does, but is no job of any run. */
  readonly byRequest: boolean;
};

export type CheckSuite = {
  readonly id: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly appId: number;
  readonly createdAt: string;
  updatedAt: string;
};

export type CommitStatus = {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
};

export type Workflow = {
  readonly id: number;
  readonly name: string;
  /** `.github/workflows/ci.yml` */
  readonly path: string;
  readonly createdAt: string;
};

export type WorkflowRun = {
  readonly id: number;
  readonly workflowId: number;
  readonly suiteId: number;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepo: string;
  readonly actor: string;
  status: string;
  conclusion: string | null;
  readonly runNumber: number;
  readonly attempt: number;
  readonly createdAt: string;
  updatedAt: string;
};
