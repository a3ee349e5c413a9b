import { isRecord, show, text } from '../http/body.ts';
import type { Body } from '../http/router.ts';
import { invalid, invalidRequest } from '../reply.ts';
import type { BypassActor, Rule, Ruleset } from '../state/ruleset.ts';

const TARGETS = ['branch', 'tag', 'push'] as const;
const ENFORCEMENTS = ['disabled', 'active', 'evaluate'] as const;
const ACTOR_TYPES = ['Integration', 'OrganizationAdmin', 'RepositoryRole', 'Team', 'DeployKey'] as const;
const MODES = ['always', 'pull_request', 'exempt'] as const;

function oneOf<Value extends string>(value: unknown, allowed: readonly Value[]): Value {
  return (
    allowed.find((each) => each === value) ??
    invalidRequest(`${show(value)} is not a member of ${JSON.stringify(allowed)}.`)
  );
}

function list(value: unknown, key: string): unknown[] {
  return Array.isArray(value) ? value : invalidRequest(`For 'properties/${key}', ${show(value)} is not an array.`);
}

function readActor(value: unknown): BypassActor {
  if (!isRecord(value)) return invalidRequest(`For 'items', ${show(value)} is not an object.`);
  const id = value['actor_id'];
  return {
    actor_id: typeof id === 'number' ? id : null,
    actor_type: oneOf(value['actor_type'], ACTOR_TYPES),
    bypass_mode: value['bypass_mode'] === undefined ? 'always' : oneOf(value['bypass_mode'], MODES),
  };
}

/** "Any App" is an omitted `integration_id` here; the classic API's -1 is refused. */
function readRule(value: unknown): Rule {
  if (!isRecord(value)) return invalidRequest(`For 'items', ${show(value)} is not an object.`);
  const type = text(value, 'type');
  const { parameters } = value;
  if (!isRecord(parameters)) return { type };
  const checks = parameters['required_status_checks'];
  for (const check of Array.isArray(checks) ? (checks as unknown[]) : []) {
    const id = isRecord(check) ? check['integration_id'] : undefined;
    if (id !== undefined && (typeof id !== 'number' || id <= 0)) {
      invalid(
        'RepositoryRuleset',
        'rules',
        'custom',
        `Invalid rule '${type}': Integration ID ${show(id)} is not valid.`,
      );
    }
  }
  return { type, parameters: structuredClone(parameters) };
}

export type RulesetFields = Pick<Ruleset, 'name' | 'target' | 'enforcement' | 'bypassActors' | 'conditions' | 'rules'>;

/** PUT keeps what the body leaves out, but a list that is given replaces the list: an empty one empties it. */
export function readRuleset(body: Body, before: RulesetFields | null): RulesetFields {
  const { conditions } = body;
  if (conditions !== undefined && conditions !== null && !isRecord(conditions)) {
    return invalidRequest(`For 'properties/conditions', ${show(conditions)} is not an object.`);
  }
  return {
    name: body['name'] === undefined && before ? before.name : text(body, 'name'),
    target: body['target'] === undefined ? (before?.target ?? 'branch') : oneOf(body['target'], TARGETS),
    enforcement:
      body['enforcement'] === undefined && before ? before.enforcement : oneOf(body['enforcement'], ENFORCEMENTS),
    bypassActors:
      body['bypass_actors'] === undefined
        ? (before?.bypassActors ?? [])
        : list(body['bypass_actors'], 'bypass_actors').map(readActor),
    conditions: conditions === undefined ? (before?.conditions ?? null) : structuredClone(conditions),
    rules: body['rules'] === undefined ? (before?.rules ?? []) : list(body['rules'], 'rules').map(readRule),
  };
}
