import { quoted } from '../../rulepack/index.ts';
import type { Account } from '../facts.ts';
import { readCommand } from '../command.ts';
import { gateVerdict, type GateVerdict, type Refusal } from '../verdict.ts';
import { triggerLabels } from './labels.ts';
import { isLater, judgedSince, named, refusing, standingOf, type GateInput } from './input.ts';

const refuse = refusing('actor');

const DEFAULT_ROLES = ['write', 'maintain', 'admin'];

/** Who asked for the merge: a person with one of the scenario's roles, by GitHub's answer and not by the event's. */
export function actorGate(input: GateInput): GateVerdict {
  const { trigger } = input.request;
  const found =
    trigger.kind === 'comment' ? commenter(input) : { actors: actors(input), refusals: unknownAdders(input) };
  const refusals = [...found.refusals, ...found.actors.flatMap((account) => distrust(input, account))];
  return gateVerdict(
    'actor',
    refusals,
    found.actors.map((account) => `asked for by ${named(account)}`),
  );
}

/** For a dispatch who dispatched; for labels who added them last: the event may be somebody else's push or check. */
function actors({ facts, request, config }: GateInput): Account[] {
  const { trigger } = request;
  if (trigger.kind === 'dispatch') return [trigger.actor];
  const adders = triggerLabels(config, request).flatMap((name) => {
    const by = facts.labels.find((label) => label.name === name)?.added?.by;
    return by === undefined || by === null ? [] : [by];
  });
  const all = trigger.kind === 'label' ? [trigger.actor, ...adders] : adders;
  return all.filter((account, index) => all.findIndex(({ id }) => id === account.id) === index);
}

/** A label that asks for the merge and was added by an account that is gone. */
function unknownAdders({ facts, request, config }: GateInput): Refusal[] {
  return triggerLabels(config, request).flatMap((name) => {
    const added = facts.labels.find((label) => label.name === name)?.added ?? null;
    if (added === null || added.by !== null) return [];
    const message = `nobody knows who added the label ${quoted(name)}`;
    return [refuse('actor_untrusted', { message, subject: name, help: 'Take it off and add it again.' })];
  });
}

type Commenter = { readonly actors: readonly Account[]; readonly refusals: readonly Refusal[] };

/** The comment as it is now: unedited, still there, by the same account, and saying the same. */
function commenter({ facts, request, config, pack }: GateInput): Commenter {
  const { trigger } = request;
  const { comment } = facts;
  if (trigger.kind !== 'comment') return { actors: [], refusals: [] };
  const changed = (message: string): Refusal =>
    refuse('comment_changed', { message, subject: String(trigger.id), help: 'Write the command in a new comment.' });
  if (comment === null || comment.id !== trigger.id) {
    return { actors: [], refusals: [changed('the comment that asked for the merge is gone')] };
  }
  const refusals: Refusal[] = [];
  if (comment.updatedAt !== comment.createdAt)
    refusals.push(
      changed(`the comment was edited at ${comment.updatedAt}, after it was written at ${comment.createdAt}`),
    );
  if (comment.author === null || comment.author.id !== trigger.actor.id)
    refusals.push(changed(`the comment is not by ${named(trigger.actor)}`));
  const wanted = pack?.trigger_comment ?? config.merge.command;
  const command = readCommand(comment.body, wanted);
  if (command.kind !== 'command') refusals.push(changed(`the comment does not say ${quoted(wanted)}: ${command.why}`));
  else if (command.sha !== trigger.sha) refusals.push(changed('the comment names another commit than the event says'));
  return {
    actors: comment.author === null ? [] : [comment.author],
    refusals: [...refusals, ...stale(comment.createdAt)],
  };

  function stale(createdAt: string): Refusal[] {
    if (command.kind === 'command' && command.sha !== null) return [];
    const since = judgedSince(facts);
    if (since !== undefined && isLater(createdAt, since.at) === true) return [];
    const message =
      since === undefined
        ? 'nobody can say whether the comment is newer than the last push'
        : `the comment of ${createdAt} is not newer than ${since.what} at ${since.at}`;
    const help = `Comment again, or name the commit: ${wanted} ${facts.pull.head.sha}`;
    return [refuse('request_stale', { message, subject: String(trigger.kind === 'comment' ? trigger.id : ''), help })];
  }
}

function distrust({ facts, pack }: GateInput, account: Account): Refusal[] {
  const roles = pack?.actor_roles ?? DEFAULT_ROLES;
  const refused = (why: string): Refusal[] => [
    refuse('actor_untrusted', {
      message: `${named(account)} asked for the merge, but ${why}`,
      subject: account.login,
      help: `Let somebody with one of the roles ${roles.join(', ')} ask for it.`,
    }),
  ];
  if (account.type !== 'User') {
    const trusted = account.type === 'Bot' && pack?.trusted_bots.includes(account.id) === true;
    return trusted ? [] : refused(`is a ${quoted(account.type)} that is not in trusted_bots`);
  }
  const standing = standingOf(facts, account);
  if (standing === undefined) return refused('its role could not be read');
  return roles.includes(standing.role) ? [] : refused(`has the role ${quoted(standing.role)}`);
}
