import type { Json, ProtectionSnapshot } from '../../protection/index.ts';
import { ACTIONS_APP_ID, type Rulepack } from '../../rulepack/index.ts';

/** A check that must be green, and what it is bound to. */
export type CheckDemand = {
  readonly context: string;
  /**
   * `exact`: GitHub compares protection's names so. `job`: a job of a called workflow counts too, which GitHub reports as
   * `caller / context`; all that match must be green, so that this never lets more through.
   */
  readonly names: 'exact' | 'job';
  /** Who asks: a rulepack file, `branch protection`, or a ruleset. */
  readonly from: string;
  /** Null: any app. */
  readonly appId: number | null;
  /** Null: any workflow of the repository. */
  readonly workflow: string | null;
  /** Events of workflow runs that count. */
  readonly events: readonly string[];
  /** Conclusions besides success that count as green. */
  readonly accept: readonly string[];
  /** Whether a commit status counts, which anybody with write access can set. */
  readonly statuses: 'count' | 'do_not_count';
};

/**
 * Events whose runs take the workflow from the head commit or its merge with the base: neither can hold a changed
 * workflow, because no pull request that changes one passes the path policy.
 */
const EVENTS = ['pull_request', 'push', 'merge_group', 'workflow_dispatch'];

/** Whether a check of this name is one that the demand is about. */
export function isNamed(demand: CheckDemand, name: string): boolean {
  return name === demand.context || (demand.names === 'job' && name.endsWith(` / ${demand.context}`));
}

/** All checks that the scenario, classic protection and the rulesets ask for. The scenario's binding comes first. */
export function demandedChecks(pack: Rulepack | null, snapshot: ProtectionSnapshot | null): CheckDemand[] {
  return [...(pack === null ? [] : ofPack(pack)), ...(snapshot === null ? [] : ofProtection(snapshot, pack))];
}

function ofPack(pack: Rulepack): CheckDemand[] {
  const bound = pack.checks.map(({ context, app, workflow, event, accept }): CheckDemand => ({
    context,
    names: 'job',
    from: pack.file,
    appId: app === 'any' ? null : app,
    workflow: workflow ?? null,
    events: event ?? EVENTS,
    accept,
    statuses: app === 'any' && workflow === undefined ? 'count' : 'do_not_count',
  }));
  const names = new Set(pack.checks.map(({ context }) => context));
  const plain = [...new Set(pack.required_contexts)].filter((context) => !names.has(context));
  return [
    ...bound,
    ...plain.map((context): CheckDemand => ({
      ...UNBOUND,
      context,
      names: 'job',
      from: pack.file,
      appId: ACTIONS_APP_ID,
    })),
  ];
}

const UNBOUND = {
  names: 'exact',
  appId: null,
  workflow: null,
  events: EVENTS,
  accept: [],
  statuses: 'do_not_count',
} as const;

function ofProtection(snapshot: ProtectionSnapshot, pack: Rulepack | null): CheckDemand[] {
  const classic = (snapshot.classic?.statusChecks?.checks ?? []).map(({ context, appId }) => ({
    ...UNBOUND,
    context,
    appId,
    from: 'branch protection',
  }));
  const rules = snapshot.rules
    .filter(({ type }) => type === 'required_status_checks')
    .flatMap(({ parameters, rulesetId }) =>
      rulesetChecks(parameters).map((check) => ({ ...UNBOUND, ...check, from: `ruleset ${rulesetId}` })),
    );
  return [...classic, ...rules].map((demand): CheckDemand => {
    // The rulepack may say how a check of the protection is to be read; it never takes the protection's app away.
    const said = pack?.checks.find(({ context }) => context === demand.context);
    if (said === undefined) return demand;
    const statuses = said.app === 'any' && said.workflow === undefined ? 'count' : 'do_not_count';
    return { ...demand, accept: said.accept, statuses, ...(said.event === undefined ? {} : { events: said.event }) };
  });
}

function rulesetChecks(parameters: Json): { context: string; appId: number | null }[] {
  const list = fieldOf(parameters, 'required_status_checks');
  if (!isList(list)) return [];
  return list.flatMap((check) => {
    const context = fieldOf(check, 'context');
    const app = fieldOf(check, 'integration_id');
    return typeof context === 'string' ? [{ context, appId: typeof app === 'number' ? app : null }] : [];
  });
}

/** A field of a JSON object; undefined when it is none, or has it not. */
export function fieldOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
