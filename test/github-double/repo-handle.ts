import { addCheckRun, addStatus, addSuite, addWorkflowRun } from './domain/checks.ts';
import type { NewCheckRun, NewStatus } from './domain/checks.ts';
import { addComment, addLabels, removeLabel } from './domain/conversation.ts';
import { newIssue } from './domain/create-pull.ts';
import { readRef } from './git/refs.ts';
import { ACTIONS_APP_ID, actionsToken } from './seed/accounts.ts';
import { addRuleset, protect } from './seed/protection.ts';
import type { ProtectionSpec, RulesetSpec } from './seed/protection.ts';
import { openPull, pushToPull, review, thread } from './seed/pulls.ts';
import type { PullSpec, ReviewSpec } from './seed/pulls.ts';
import { pushFiles, readFileAt } from './seed/repository.ts';
import type { Files, PushSpec } from './seed/repository.ts';
import { issueOf } from './shapes/pull.ts';
import type { CheckRun, CommitStatus, WorkflowRun } from './state/checks.ts';
import type { ClassicRule } from './state/classic-rule.ts';
import type { Comment, IssueState } from './state/issue.ts';
import type { PullState, Review, ReviewThread } from './state/pull.ts';
import type { Ruleset } from './state/ruleset.ts';
import type { Grants, Repo, World } from './state.ts';
import { fullName, nowIso } from './state.ts';

type CheckSpec = Partial<Pick<NewCheckRun, 'appId' | 'status' | 'conclusion'>> & {
  /** Makes a workflow run of GitHub Actions that the check belongs to. */
  readonly workflow?: { readonly path: string; readonly event: string; readonly actor?: string };
};

/** What tests do to one repository, past the API and past all protection. */
export type RepoHandle = {
  readonly state: Repo;
  readonly fullName: string;
  /** Path of the bare repository, for real git commands. */
  readonly gitDir: string;
  readonly push: (branch: string, files: Files, spec?: PushSpec) => Promise<string>;
  /** SHA of a branch, or of a full ref name; `null` when it does not exist. */
  readonly tip: (ref: string) => string | null;
  /** Content of a file on a branch or commit. */
  readonly file: (at: string, path: string) => string | null;
  readonly pull: (spec?: PullSpec) => Promise<PullState>;
  readonly pushTo: (pull: PullState, files: Files, spec?: PushSpec) => Promise<string>;
  readonly review: (pull: PullState, spec: ReviewSpec) => Review;
  readonly thread: (pull: PullState, spec: { path: string; user: string; resolved?: boolean }) => ReviewThread;
  readonly label: (pull: PullState, name: string, by: string) => void;
  readonly unlabel: (pull: PullState, name: string, by: string) => void;
  readonly comment: (on: PullState | IssueState, body: string, by: string) => Comment;
  readonly issue: (spec: { title: string; body?: string; user: string; labels?: readonly string[] }) => IssueState;
  /** A check run on a SHA; green and from GitHub Actions unless told otherwise. */
  readonly check: (sha: string, name: string, spec?: CheckSpec) => CheckRun;
  readonly status: (sha: string, context: string, state: CommitStatus['state'], by: string) => CommitStatus;
  readonly workflowRun: (check: CheckRun) => WorkflowRun | undefined;
  readonly protect: (pattern: string, spec?: ProtectionSpec) => ClassicRule;
  readonly ruleset: (spec: RulesetSpec) => Ruleset;
  readonly variable: (name: string, value: string) => void;
  /** A GITHUB_TOKEN with the permissions a workflow asked for. */
  readonly actionsToken: (grants: Omit<Grants, 'administration' | 'workflows'>) => string;
};

export function repoHandle(world: World, repo: Repo): RepoHandle {
  return {
    state: repo,
    fullName: fullName(repo),
    gitDir: repo.gitDir,
    push: (branch, files, spec) => pushFiles(world, repo, branch, files, spec),
    tip: (ref) => readRef(repo.gitDir, ref.startsWith('refs/') ? ref : `refs/heads/${ref}`),
    file: (at, path) => readFileAt(repo, at, path),
    pull: (spec) => openPull(world, repo, spec),
    pushTo: (pull, files, spec) => pushToPull(world, repo, pull, files, spec),
    review: (pull, spec) => review(world, repo, pull, spec),
    thread: (pull, spec) => thread(world, pull, spec),
    label: (pull, name, by) => addLabels(world, repo, issueOf(repo, pull), [name], by, null),
    unlabel: (pull, name, by) => void removeLabel(world, repo, issueOf(repo, pull), name, by, null),
    comment: (on, body, by) => addComment(world, repo.issues.get(on.number) ?? notHere(on.number), by, body, null),
    issue: ({ title, body, user, labels }) => {
      const issue = newIssue(world, repo, { title, body: body ?? null, user, isPull: false });
      addLabels(world, repo, issue, labels ?? [], user, null);
      return issue;
    },
    check: (sha, name, spec) => check(world, repo, sha, name, spec ?? {}),
    status: (sha, context, state, creator) =>
      addStatus(world, repo, { sha, context, state, creator } satisfies NewStatus),
    workflowRun: ({ suiteId }) => [...repo.workflowRuns.values()].find((run) => run.suiteId === suiteId),
    protect: (pattern, spec) => protect(world, repo, pattern, spec),
    ruleset: (spec) => addRuleset(world, repo, spec),
    variable: (name, value) => {
      const now = nowIso(world);
      repo.variables.set(name.toUpperCase(), { name: name.toUpperCase(), value, createdAt: now, updatedAt: now });
    },
    actionsToken: (grants) => actionsToken(world, repo.owner, grants),
  };
}

function notHere(number: number): never {
  throw new Error(`no issue ${number} here`);
}

function check(world: World, repo: Repo, sha: string, name: string, spec: CheckSpec): CheckRun {
  const { workflow, ...rest } = spec;
  const appId = spec.appId ?? ACTIONS_APP_ID;
  const conclusion =
    spec.conclusion === undefined && spec.status === undefined ? ('success' as const) : (spec.conclusion ?? null);
  if (!workflow) return addCheckRun(world, repo, { ...rest, name, headSha: sha, appId, conclusion });
  const suite = addSuite(world, repo, sha, appId);
  const pull = [...repo.pulls.values()].find(({ headSha }) => headSha === sha);
  addWorkflowRun(world, repo, {
    path: workflow.path,
    event: workflow.event,
    headSha: sha,
    headBranch: pull?.headRef ?? suite.headBranch ?? repo.defaultBranch,
    headRepo: pull?.headRepo ?? fullName(repo),
    actor: workflow.actor ?? repo.owner,
    suiteId: suite.id,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
  });
  return addCheckRun(world, repo, { ...rest, name, headSha: sha, appId, suiteId: suite.id, conclusion });
}
