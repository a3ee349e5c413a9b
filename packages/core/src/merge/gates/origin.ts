import { quoted } from '../../rulepack/index.ts';
import type { Account } from '../facts.ts';
import { gateVerdict, type GateVerdict, type Refusal } from '../verdict.ts';
import { named, refusing, standingOf, type GateInput } from './input.ts';

const refuse = refusing('origin');

/** Who made the change: the same repository is not enough, author and pusher must both be trusted by it. */
export function originGate(input: GateInput): GateVerdict {
  const refusals = [...fork(input), ...author(input), ...pusher(input)];
  const { pull, push } = input.facts;
  const by = push.kind === 'known' ? `, pushed by ${named(push.by)}` : '';
  return gateVerdict('origin', refusals, pull.author === null ? [] : [`written by ${named(pull.author)}${by}`]);
}

function fork({ facts }: GateInput): Refusal[] {
  const { head } = facts.pull;
  if (head.repositoryId === facts.repository.id) return [];
  const message =
    head.repositoryId === null
      ? 'the repository of the head branch is gone or hidden'
      : `the head branch ${quoted(head.branch)} is in another repository (${head.repositoryId}), a fork`;
  return [refuse('fork_head', { message, help: 'Push the branch to this repository, or let a person merge it.' })];
}

function author(input: GateInput): Refusal[] {
  const { author: account } = input.facts.pull;
  if (account === null) {
    return [
      refuse('author_untrusted', {
        message: 'the account that opened the pull request is gone',
        help: 'Let a person merge it.',
      }),
    ];
  }
  const why = distrust(input, account);
  return why === undefined
    ? []
    : [
        refuse('author_untrusted', {
          message: `the author ${named(account)} ${why}`,
          subject: account.login,
          help: helpFor(account),
        }),
      ];
}

function pusher(input: GateInput): Refusal[] {
  const { push, pull } = input.facts;
  if (push.kind === 'unknown') {
    const help = 'Run it again in a minute; if it stays, push once more or let a person merge it.';
    return [refuse('pusher_unknown', { message: `nobody knows who pushed the head commit: ${push.why}`, help })];
  }
  if (push.after !== pull.head.sha) {
    const message = `the last push put ${push.after} on the branch, but the pull request shows ${pull.head.sha}`;
    return [refuse('head_moved', { message, subject: pull.head.sha, help: 'Wait for the pull request to catch up.' })];
  }
  const why = distrust(input, push.by);
  return why === undefined
    ? []
    : [
        refuse('pusher_untrusted', {
          message: `${named(push.by)}, who pushed the head commit, ${why}`,
          subject: push.by.login,
          help: helpFor(push.by),
        }),
      ];
}

/** Why an account is not trusted to change code; undefined when it is. Bots go by number: a name can be imitated. */
function distrust(input: GateInput, account: Account): string | undefined {
  if (account.type !== 'User') {
    if (account.type === 'Bot' && input.pack?.trusted_bots.includes(account.id) === true) return undefined;
    return `is a ${quoted(account.type)} that is not in trusted_bots`;
  }
  const standing = standingOf(input.facts, account);
  if (standing === undefined) return 'has a permission that could not be read';
  if (standing.permission === 'write' || standing.permission === 'admin') return undefined;
  return `has the role ${quoted(standing.role)}, which may not push here`;
}

function helpFor(account: Account): string {
  return account.type === 'User'
    ? 'Let a person with write access review and merge it.'
    : `Add ${account.id} to trusted_bots of the scenario if this bot may change these files, or let a person merge it.`;
}
