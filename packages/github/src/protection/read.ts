import type { Reason } from '@obsgate/core/kernel';
import {
  CLASSIC_RULE_FRAGMENT,
  parseActiveRules,
  parseClassicGraphql,
  parseRuleset,
  type ActiveRule,
  type ActorIds,
  type ClassicProtection,
  type ReadProtection,
  type Ruleset,
} from '@obsgate/core/protection';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { read, type Read } from './reading.ts';

const RULE_OF_BRANCH = `query RuleOfBranch($owner: String!, $repo: String!, $ref: String!) {
  repository(owner: $owner, name: $repo) {
    databaseId owner { __typename } ref(qualifiedName: $ref) { branchProtectionRule { ...ClassicRule } }
  }
}
${CLASSIC_RULE_FRAGMENT}`;

const ruleOfBranch = z.object({
  repository: z.object({
    databaseId: z.int().positive(),
    owner: z.object({ __typename: z.enum(['User', 'Organization']) }),
    ref: z.object({ branchProtectionRule: z.unknown() }).nullable(),
  }),
});

type Classic = {
  readonly repositoryId: number;
  readonly ownerType: 'User' | 'Organization';
  readonly rule: ClassicProtection | null;
  readonly actorIds: ActorIds;
};

/** What a reading showed beside the protection. */
export type Memory = {
  /** Keeps the node ids of actors: GraphQL writes need them. */
  readonly actors: (ids: ActorIds) => void;
  /** When each ruleset was last written, by its id: tells later whether its history had another version. */
  readonly rulesets: Map<number, string>;
};

/** Reads both kinds of protection of a branch, and refuses what could be less than all of it. */
export async function readProtection(client: GitHubClient, branch: string, memory: Memory): Promise<ReadProtection> {
  const [classic, rules] = await Promise.all([readClassic(client, branch), readActiveRules(client, branch)]);
  if (classic.kind === 'refused' || rules.kind === 'refused') return refusedOf([classic, rules]);
  const ids = [...new Set(rules.value.map(({ rulesetId }) => rulesetId))].toSorted((a, b) => a - b);
  const rulesets = await Promise.all(ids.map((id) => readRuleset(client, id, memory.rulesets)));
  const found = rulesets.flatMap((each) => (each.kind === 'ok' && each.value !== null ? [each.value] : []));
  if (found.length < ids.length) {
    const refusals = refusedOf(rulesets);
    return refusals.reasons.length > 0
      ? refusals
      : refusal(`a ruleset of ${branch} went away while it was read`, branch);
  }
  memory.actors(classic.value.actorIds);
  const { repositoryId, ownerType, rule } = classic.value;
  return {
    kind: 'ok',
    snapshot: {
      schema: 'obsgate.protection/1',
      repositoryId,
      ownerType,
      branch,
      classic: rule,
      rules: rules.value,
      rulesets: found,
    },
  };
}

async function readClassic(client: GitHubClient, branch: string): Promise<Read<Classic>> {
  const what = `the classic protection of ${branch} could not be read`;
  const variables = { owner: client.owner, repo: client.repo, ref: `refs/heads/${branch}` };
  const answer = await client.graphql({ text: RULE_OF_BRANCH, kind: 'read', variables }, ruleOfBranch);
  if (answer.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
  const { databaseId: repositoryId, owner, ref } = answer.value.repository;
  if (ref === null) return refusal(`there is no branch ${branch}`, branch);
  const common = { repositoryId, ownerType: owner.__typename };
  if (ref.branchProtectionRule !== null) {
    const rule = ref.branchProtectionRule;
    return read(what, () => {
      const parsed = parseClassicGraphql(rule);
      return { ...common, rule: parsed.rule, actorIds: parsed.actorIds };
    });
  }
  const hidden = await proveUnprotected(client, branch);
  return hidden === undefined
    ? { kind: 'ok', value: { ...common, rule: null, actorIds: new Map() } }
    : { kind: 'refused', reasons: [hidden] };
}

/**
 * That GraphQL names no rule may mean that this token may not see it. Callers who may look are told "Branch not
 * protected"; all others "Not Found".
 */
async function proveUnprotected(client: GitHubClient, branch: string): Promise<Reason | undefined> {
  const answer = await client.send({
    route: 'GET /repos/{owner}/{repo}/branches/{branch}/protection',
    params: { branch },
  });
  const what = `whether ${branch} has a classic rule could not be told`;
  if (answer.kind === 'ok') {
    return {
      code: 'protection_unreadable',
      message: `${what}: REST shows a rule and GraphQL shows none`,
      subject: branch,
    };
  }
  const { failure } = answer;
  if (failure.kind === 'not-found' && /^branch not protected/i.test(failure.message)) return undefined;
  const reason = reasonOf(failure, what);
  return failure.kind === 'not-found' || failure.kind === 'forbidden'
    ? { ...reason, code: 'protection_unreadable' }
    : reason;
}

async function readActiveRules(client: GitHubClient, branch: string): Promise<Read<ActiveRule[]>> {
  const what = `the rules of ${branch} could not be read`;
  const answer = await client.list(
    { route: 'GET /repos/{owner}/{repo}/rules/branches/{branch}', params: { branch } },
    z.unknown(),
  );
  if (answer.kind === 'failed') return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
  return read(what, () => parseActiveRules(answer.value));
}

/** A ruleset by its id, null when there is none of that id (any more). */
export async function readRuleset(
  client: GitHubClient,
  id: number,
  readAt?: Map<number, string>,
): Promise<Read<Ruleset | null>> {
  const what = `ruleset ${id} could not be read`;
  const answer = await client.send({
    route: 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}',
    params: { ruleset_id: id },
  });
  if (answer.kind === 'failed') {
    if (answer.failure.kind === 'not-found') return { kind: 'ok', value: null };
    return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
  }
  const written = z.looseObject({ updated_at: z.string() }).safeParse(answer.value);
  if (written.success) readAt?.set(id, written.data.updated_at);
  return read(what, () => parseRuleset(answer.value));
}

const RULE_BY_ID = `query RuleById($id: ID!) {
  node(id: $id) { __typename ...ClassicRule }
}
${CLASSIC_RULE_FRAGMENT}`;

/** A classic rule by its node id, null when it no longer exists. */
export async function readRule(
  client: GitHubClient,
  id: string,
): Promise<Read<{ readonly rule: ClassicProtection | null; readonly actorIds: ActorIds }>> {
  const what = 'the protection rule could not be read';
  const answer = await client.graphql(
    { text: RULE_BY_ID, kind: 'read', variables: { id } },
    z.object({ node: z.unknown() }),
  );
  if (answer.kind === 'failed') {
    if (answer.failure.kind === 'not-found') return { kind: 'ok', value: { rule: null, actorIds: new Map() } };
    return { kind: 'refused', reasons: [reasonOf(answer.failure, what)] };
  }
  const { node } = answer.value;
  return node === null
    ? { kind: 'ok', value: { rule: null, actorIds: new Map() } }
    : read(what, () => parseClassicGraphql(node));
}

function refusedOf(reads: readonly Read<unknown>[]): { readonly kind: 'refused'; readonly reasons: readonly Reason[] } {
  return { kind: 'refused', reasons: reads.flatMap((each) => (each.kind === 'refused' ? each.reasons : [])) };
}

function refusal(message: string, subject: string): { readonly kind: 'refused'; readonly reasons: readonly Reason[] } {
  return { kind: 'refused', reasons: [{ code: 'protection_unreadable', message, subject }] };
}
