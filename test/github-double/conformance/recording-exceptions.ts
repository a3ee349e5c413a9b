import type { Violation } from './validate.ts';

/**
 * Violations of the description in recordings that are no fault of the description. They are not patches: the double
 * and the project's requests are held to the newer, stricter rule.
 */
export type RecordingException = {
  readonly operation: RegExp;
  readonly part: Violation['part'];
  readonly at: RegExp;
  readonly message: string;
  readonly because: string;
};

const older = 'recorded before GitHub added the field';
const ignored = 'the recorded client sends a key that GitHub ignores';

export const recordingExceptions: readonly RecordingException[] = [
  {
    operation: /^(GET|PATCH) .*\/pulls\/\{pull_number\}$/u,
    part: 'response',
    at: /^$/u,
    message: "must have required property 'auto_merge'",
    because: older,
  },
  {
    operation: /\/collaborators\/\{username\}\/permission$/u,
    part: 'response',
    at: /^(\/user)?$/u,
    message: "must have required property 'role_name'",
    because: older,
  },
  {
    operation: /\/(git\/commits|merges)$/u,
    part: 'response',
    at: /^(\/commit)?\/verification$/u,
    message: "must have required property 'verified_at'",
    because: `${older} (persistent commit signature verification, https://github.blog/changelog/label/repositories)`,
  },
  {
    operation: /\/branches\/\{branch\}\/protection$/u,
    part: 'response',
    at: /^\/required_status_checks$/u,
    message: "must have required property 'checks'",
    because: 'the mapping was edited by hand: the same test recorded at 6-r_h_t_branches_main_protection has the key',
  },
  {
    operation: /^(PUT|DELETE) .*\/contents\/\{path\}$/u,
    part: 'request',
    at: /^$/u,
    message: 'must NOT have unevaluated properties: path',
    because: ignored,
  },
  {
    operation: /^PATCH .*\/labels\/\{name\}$/u,
    part: 'request',
    at: /^$/u,
    message: 'must NOT have unevaluated properties: name',
    because: `${ignored}: the old name, which is in the path`,
  },
  {
    operation: /^DELETE .*\/contents\/\{path\}$/u,
    part: 'request',
    at: /^\/(author|committer)$/u,
    message: 'must NOT have unevaluated properties: date',
    because: 'the description names the date for PUT only',
  },
  {
    operation: /^DELETE .*\/contents\/\{path\}$/u,
    part: 'request',
    at: /^$/u,
    message: 'a body is required',
    because: 'the recorded client sends the parameters in the query, which the recording leaves out',
  },
];

/** Recorded paths that GitHub still answers and no longer describes. */
export const undescribed: readonly { readonly path: RegExp; readonly because: string }[] = [
  { path: /^\/repos\/[^/]+\/[^/]+\/git\/refs(\/|$)/u, because: 'superseded by git/ref and git/matching-refs' },
  { path: /^\/repos\/[^/]+\/[^/]+\/statuses\/\w+$/u, because: 'superseded by commits/{ref}/statuses' },
  { path: /^\/repositories\/\d+\//u, because: 'numeric alias, which GitHub writes into Link headers' },
];
