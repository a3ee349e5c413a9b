import type { Stage } from './stage.ts';

/** Payloads with what the action reads, and the noise that real ones carry around it. */
export function account(stage: Stage, login: string): { login: string; id: number; type: string } {
  const found = stage.double.world.accounts.get(login);
  if (found === undefined) throw new Error(`no account ${login}`);
  return { login, id: found.id, type: found.type };
}

export function labelled(stage: Stage, label: string, by = 'reviewer') {
  const { pull, repo } = stage;
  const labels = (repo.state.issues.get(pull.number)?.labels ?? []).map((name) => ({ name }));
  return {
    action: 'labeled',
    sender: account(stage, by),
    label: { name: label },
    pull_request: { number: pull.number, state: 'open', merged: false, head: { sha: pull.headSha }, labels },
  };
}

export function dispatched(stage: Stage, by = 'reviewer') {
  return { sender: account(stage, by), inputs: { pr: String(stage.pull.number) }, ref: 'refs/heads/main' };
}

export function commented(stage: Stage, body: string, by = 'reviewer') {
  const comment = stage.repo.comment(stage.pull, body, by);
  const user = account(stage, by);
  return {
    action: 'created',
    sender: user,
    issue: { number: stage.pull.number, state: 'open', pull_request: {} },
    comment: { id: comment.id, body, user },
  };
}

export function checksEnded(stage: Stage) {
  const { pull } = stage;
  return {
    action: 'completed',
    sender: account(stage, 'author'),
    workflow_run: { head_sha: pull.headSha, pull_requests: [{ number: pull.number }] },
  };
}
