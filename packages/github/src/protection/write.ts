import {
  CLASSIC_RULE_FRAGMENT,
  parseClassicGraphql,
  parseRuleset,
  type Actors,
  type ActorIds,
  type EditTarget,
  type WireWrite,
  type WriteResult,
} from '@obsgate/core/protection';
import * as z from 'zod';
import { reasonOf, type Answer, type Failure, type GitHubClient } from '../client/index.ts';
import { read, type Read } from './reading.ts';

/**
 * Mutations of one document run one after the other (https://spec.graphql.org/October2021/#sec-Mutation): the first,
 * which changes nothing, shows the rule as the second finds it. Should it fail, the second is made all the same.
 */
const UPDATE_RULE = `mutation UpdateRule($rule: UpdateBranchProtectionRuleInput!, $input: UpdateBranchProtectionRuleInput!) {
  before: updateBranchProtectionRule(input: $rule) { branchProtectionRule { ...ClassicRule } }
  after: updateBranchProtectionRule(input: $input) { branchProtectionRule { ...ClassicRule } }
}
${CLASSIC_RULE_FRAGMENT}`;

const shown = z.object({ branchProtectionRule: z.unknown() });
const updateAnswer = z.object({ before: shown.nullable(), after: shown });

/** Sends one write, once; what GitHub answers is told as it is. */
export async function sendWrite(client: GitHubClient, wire: WireWrite, ids: ActorIds): Promise<WriteResult> {
  switch (wire.kind) {
    case 'update-rule': {
      const bypass = wire.bypass === null ? {} : bypassIds(wire.bypass, ids);
      if (bypass === undefined) return unknownActor();
      const input = { branchProtectionRuleId: wire.ruleId, ...bodyOf(wire.input), ...bypass };
      const variables = { rule: { branchProtectionRuleId: wire.ruleId }, input };
      const document = { text: UPDATE_RULE, kind: 'write', variables, optional: ['before'] } as const;
      const answer = await client.graphql(document, updateAnswer);
      return settle(answer, ({ before, after }) => ({
        target: classicOf(after),
        ...(before === null ? {} : { before: classicOf(before) }),
      }));
    }
    case 'put-ruleset': {
      const params = { ruleset_id: wire.id, ...bodyOf(wire.body) };
      const answer = await client.send({ route: 'PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}', params });
      return settle(answer, (value) => ({ target: { kind: 'ruleset', ruleset: parseRuleset(value) } }));
    }
  }
}

type Shown = { readonly target: EditTarget; readonly before?: EditTarget };

function classicOf(answer: z.infer<typeof shown>): EditTarget {
  return { kind: 'classic', rule: parseClassicGraphql(answer.branchProtectionRule).rule };
}

function settle<T>(answer: Answer<T>, parse: (value: T) => Shown): WriteResult {
  const what = 'the protection could not be changed';
  if (answer.kind === 'failed') return failed(answer.failure, what);
  const result: Read<Shown> = read('the answer to the change of protection was not understood', () =>
    parse(answer.value),
  );
  return result.kind === 'ok' ? { kind: 'written', ...result.value } : { kind: 'unconfirmed', reasons: result.reasons };
}

function failed(failure: Failure, what: string): WriteResult {
  const reason = reasonOf(failure, what);
  return failure.effect === 'none'
    ? { kind: 'refused', reasons: [reason] }
    : { kind: 'unconfirmed', reasons: [{ ...reason, code: 'write_unconfirmed' }] };
}

function bypassIds(
  { users, teams, apps }: Actors,
  ids: ActorIds,
): { readonly bypassPullRequestActorIds: string[] } | undefined {
  const keys = [
    ...users.map((each) => `user:${each}`),
    ...teams.map((each) => `team:${each}`),
    ...apps.map((each) => `app:${each}`),
  ];
  const known = keys.flatMap((key) => ids.get(key) ?? []);
  return known.length === keys.length ? { bypassPullRequestActorIds: known } : undefined;
}

function unknownActor(): WriteResult {
  const message = 'the node id of somebody on the bypass list is not known, so the list can not be written';
  return { kind: 'refused', reasons: [{ code: 'protection_unreadable', message }] };
}

function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
