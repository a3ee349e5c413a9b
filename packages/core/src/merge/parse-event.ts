import * as z from 'zod';
import { ConfigError } from '../kernel/index.ts';
import { quoted } from '../rulepack/index.ts';
import { readCommand } from './command.ts';
import type { Account } from './facts.ts';
import type { MergeRequest, RequestOutcome } from './request.ts';

// Payloads as in https://docs.github.com/en/webhooks/webhook-events-and-payloads; only what is used is read.
const accountSchema = z.object({ login: z.string(), id: z.int(), type: z.string().default('User') });
const pullSchema = z.object({
  number: z.int().positive(),
  state: z.string(),
  merged: z.boolean().optional(),
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })).default([]),
});
const pullRequestEvent = z.object({
  action: z.string(),
  sender: accountSchema,
  pull_request: pullSchema,
  label: z.object({ name: z.string() }).optional(),
});
const commentEvent = z.object({
  action: z.string(),
  sender: accountSchema,
  issue: z.object({ number: z.int().positive(), state: z.string(), pull_request: z.unknown().optional() }),
  comment: z.object({ id: z.int(), body: z.string(), user: accountSchema.nullable() }),
});
const dispatchEvent = z.object({
  sender: accountSchema,
  inputs: z.record(z.string(), z.unknown()).nullish(),
});
const endedSchema = z.object({
  head_sha: z.string(),
  pull_requests: z.array(z.object({ number: z.int().positive() })).default([]),
});
const endedEvent = z.object({
  action: z.string(),
  workflow_run: endedSchema.optional(),
  check_suite: endedSchema.optional(),
  check_run: z.object({ check_suite: endedSchema }).optional(),
});

export type EventSettings = {
  /** Labels that ask for the merge. */
  readonly labels: readonly string[];
  /** Commands that ask for it in a comment: the configuration's, and those of rulepacks. */
  readonly commands: readonly string[];
  /** Pull request given as an input; it wins over the event's. */
  readonly pull?: number;
};

/**
 * What an event of GitHub Actions asks for. Nothing of it is trusted beyond which pull request to look at, and who is said
 * to have asked.
 *
 * @param name value of GITHUB_EVENT_NAME
 * @throws ConfigError when the event is none that this works for, or its payload has another shape
 */
export function parseEvent(name: string, payload: unknown, settings: EventSettings): RequestOutcome {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return ofPull(read(pullRequestEvent, payload, name), settings);
    case 'issue_comment':
      return ofComment(read(commentEvent, payload, name), settings);
    case 'workflow_dispatch':
      return ofDispatch(read(dispatchEvent, payload, name), settings);
    case 'workflow_run':
    case 'check_suite':
    case 'check_run':
      return ofEnded(read(endedEvent, payload, name), name);
    default:
      throw new ConfigError(
        `the event ${quoted(name)} asks for no merge; use pull_request, issue_comment, workflow_dispatch, workflow_run or check_suite`,
      );
  }
}

function read<T>(schema: z.ZodType<T>, payload: unknown, name: string): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ConfigError(
    `the payload of ${name} has another shape: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function one(request: MergeRequest): RequestOutcome {
  return { kind: 'requests', requests: [request] };
}

function nothing(message: string): RequestOutcome {
  return { kind: 'nothing', code: 'nothing_requested', message };
}

function over({ state, merged, number }: z.infer<typeof pullSchema>): RequestOutcome | undefined {
  if (state === 'open') return undefined;
  return merged === true
    ? { kind: 'nothing', code: 'pull_merged', message: `#${number} is merged already` }
    : { kind: 'nothing', code: 'pull_closed', message: `#${number} is closed` };
}

function ofPull(event: z.infer<typeof pullRequestEvent>, { labels }: EventSettings): RequestOutcome {
  const { action, pull_request: pull, label, sender } = event;
  const ended = over(pull);
  if (ended !== undefined) return ended;
  const actor: Account = sender;
  if (action === 'labeled') {
    if (label === undefined || !labels.includes(label.name))
      return nothing(`the label ${quoted(label?.name ?? '')} asks for no merge`);
  } else if (!['synchronize', 'reopened', 'ready_for_review'].includes(action)) {
    return nothing(`a pull request that is ${quoted(action)} asks for no merge`);
  }
  const missing = labels.filter((name) => !pull.labels.some((each) => each.name === name));
  if (missing.length > 0) return nothing(`#${pull.number} has not the label ${missing.map(quoted).join(', ')}`);
  const trigger =
    action === 'labeled' && label !== undefined
      ? { kind: 'label' as const, label: label.name, actor }
      : { kind: 'push' as const, actor };
  return one({ pull: pull.number, trigger, headSha: pull.head.sha });
}

function ofComment(event: z.infer<typeof commentEvent>, { commands }: EventSettings): RequestOutcome {
  const { action, issue, comment, sender } = event;
  if (issue.pull_request === undefined || issue.pull_request === null)
    return nothing('the comment is on an issue, not on a pull request');
  if (action !== 'created')
    return nothing(`a comment that is ${quoted(action)} asks for no merge, only one that is created`);
  const found = commands.map((command) => readCommand(comment.body, command)).find(({ kind }) => kind === 'command');
  if (found?.kind !== 'command') {
    const near = commands.find((command) => comment.body.includes(command));
    if (near === undefined) return nothing('the comment is no command');
    const read1 = readCommand(comment.body, near);
    return nothing(`the comment holds ${quoted(near)} but is no command: ${read1.kind === 'other' ? read1.why : ''}`);
  }
  if (issue.state !== 'open')
    return { kind: 'nothing', code: 'pull_closed', message: `#${issue.number} is not open any more` };
  if (comment.user === null || comment.user.id !== sender.id)
    return nothing('the comment is not by who sent the event');
  const trigger = { kind: 'comment', id: comment.id, actor: comment.user, sha: found.sha } as const;
  return one({ pull: issue.number, trigger, headSha: found.sha });
}

function ofDispatch(event: z.infer<typeof dispatchEvent>, settings: EventSettings): RequestOutcome {
  const given = settings.pull ?? event.inputs?.['pr'] ?? event.inputs?.['pull'];
  const text = typeof given === 'number' || typeof given === 'string' ? String(given).trim() : '';
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new ConfigError(`${quoted(text)} is no number of a pull request`, 'input pr');
  return one({ pull: Number(text), trigger: { kind: 'dispatch', actor: event.sender }, headSha: null });
}

function ofEnded(event: z.infer<typeof endedEvent>, name: string): RequestOutcome {
  const ended = event.workflow_run ?? event.check_suite ?? event.check_run?.check_suite;
  if (ended === undefined) throw new ConfigError(`the payload of ${name} names no ${name}`);
  if (event.action !== 'completed') return nothing(`a ${name} that is ${quoted(event.action)} asks for no merge`);
  const requests = ended.pull_requests.map(({ number }): MergeRequest => {
    return { pull: number, trigger: { kind: 'checks' }, headSha: ended.head_sha };
  });
  // A run for a fork names none: https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run
  return requests.length === 0
    ? nothing(`the ${name} belongs to no open pull request of this repository`)
    : { kind: 'requests', requests };
}
