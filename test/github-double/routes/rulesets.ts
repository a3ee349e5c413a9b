import { paged } from '../http/pagination.ts';
import type { Call, Method, RepoCall, Route } from '../http/router.ts';
import { recordVersion } from '../domain/ruleset-history.ts';
import { readRuleset } from '../domain/ruleset-input.ts';
import type { RulesetFields } from '../domain/ruleset-input.ts';
import { activeRulesets, rulesetsAround } from '../enforce/match.ts';
import { actorOf, needs } from '../permissions.ts';
import type { Caller } from '../permissions.ts';
import { created, invalid, noContent, notFound, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { mayWriteRuleset, ownsOrg, rulesetFull, rulesetSummary, suite, suiteFull, version } from '../shapes/ruleset.ts';
import type { RuleSuite, Ruleset } from '../state/ruleset.ts';
import type { Repo, World } from '../state.ts';
import { fullName, newId, nowIso } from '../state.ts';

const metadata = needs('read', 'metadata');
const adminRead = needs('read', 'administration');
const write = needs('write', 'administration');

/** Rules of all levels that are active on a branch; who may bypass them is not told here. */
function branchRules(call: RepoCall): Reply {
  const { world, repo, params } = call;
  const rules = activeRulesets(world, repo, `refs/heads/${params['branch'] ?? ''}`).flatMap((ruleset) =>
    ruleset.rules.map((rule) => ({
      ...rule,
      ruleset_source_type: ruleset.sourceType,
      ruleset_source: ruleset.source,
      ruleset_id: ruleset.id,
    })),
  );
  return paged(call, rules, (rule) => rule);
}

function listRulesets(call: RepoCall): Reply {
  const { world, repo, caller, query } = call;
  const parents = query.get('includes_parents') !== 'false';
  const all = rulesetsAround(world, repo).filter(({ sourceType }) => parents || sourceType === 'Repository');
  return paged(call, all, (each) => rulesetSummary(world, repo, each, caller));
}

function visibleRuleset({ world, repo, params, query }: RepoCall): Ruleset {
  const id = Number(params['ruleset_id']);
  const found = rulesetsAround(world, repo).find((each) => each.id === id) ?? notFound();
  return found.sourceType === 'Organization' && query.get('includes_parents') === 'false' ? notFound() : found;
}

function getRuleset(call: RepoCall): Reply {
  const { world, repo, caller } = call;
  const ruleset = visibleRuleset(call);
  return ok(rulesetFull(world, repo, ruleset, caller, mayWriteRuleset(world, repo, ruleset, caller)));
}

/** Only a repository's own rulesets can be changed from it; the organization's answer 404. */
function ownRuleset({ repo, params }: RepoCall): Ruleset {
  return repo.rulesets.get(Number(params['ruleset_id'])) ?? notFound();
}

function make(
  world: World,
  caller: Caller,
  fields: RulesetFields,
  source: Pick<Ruleset, 'sourceType' | 'source'>,
): Ruleset {
  const now = nowIso(world);
  const ruleset: Ruleset = { ...fields, ...source, id: newId(world), createdAt: now, updatedAt: now, history: [] };
  recordVersion(world, ruleset, actorOf(caller));
  return ruleset;
}

function postRuleset({ world, repo, caller, body }: RepoCall): Reply {
  const fields = readRuleset(body, null);
  if ([...repo.rulesets.values()].some(({ name }) => name === fields.name))
    invalid('RepositoryRuleset', 'name', 'already_exists', 'Name must be unique');
  const ruleset = make(world, caller, fields, { sourceType: 'Repository', source: fullName(repo) });
  repo.rulesets.set(ruleset.id, ruleset);
  return created(rulesetFull(world, repo, ruleset, caller, true));
}

function change(world: World, caller: Caller, ruleset: Ruleset, fields: RulesetFields): void {
  Object.assign(ruleset, fields);
  recordVersion(world, ruleset, actorOf(caller));
}

function putRuleset(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const ruleset = ownRuleset(call);
  change(world, caller, ruleset, readRuleset(body, ruleset));
  return ok(rulesetFull(world, repo, ruleset, caller, true));
}

function deleteRuleset(call: RepoCall): Reply {
  call.repo.rulesets.delete(ownRuleset(call).id);
  return noContent;
}

function history(call: Call, ruleset: Ruleset): Reply {
  return paged(call, ruleset.history.toReversed(), version);
}

function historyVersion({ params }: Call, ruleset: Ruleset): Reply {
  const found = ruleset.history.find(({ versionId }) => versionId === Number(params['version_id'])) ?? notFound();
  return ok({ ...version(found), state: found.state });
}

function filterSuites({ query }: Call, suites: readonly RuleSuite[]): RuleSuite[] {
  const ref = query.get('ref');
  const actor = query.get('actor_name');
  const result = query.get('rule_suite_result');
  return suites
    .filter((each) => ref === null || each.ref === ref || each.ref === `refs/heads/${ref}`)
    .filter((each) => actor === null || each.actor === actor)
    .filter((each) => result === null || result === 'all' || each.result === result)
    .toReversed();
}

function listSuites(call: RepoCall): Reply {
  return paged(call, filterSuites(call, call.repo.ruleSuites), (each) => suite(call.world, call.repo, each));
}

function getSuite({ world, repo, params }: RepoCall): Reply {
  const found = repo.ruleSuites.find(({ id }) => id === Number(params['rule_suite_id'])) ?? notFound();
  return ok(suiteFull(world, repo, found));
}

function orgOf({ world, caller, params }: Call): string {
  const org = params['org'] ?? '';
  if (world.accounts.get(org)?.type !== 'Organization') notFound();
  if (!ownsOrg(world, org, caller)) {
    if (caller.kind === 'installation') refuse(403, 'Resource not accessible by integration');
    notFound();
  }
  return org;
}

function orgRulesets(call: Call): Map<number, Ruleset> {
  const org = orgOf(call);
  const known = call.world.orgRulesets.get(org) ?? new Map<number, Ruleset>();
  call.world.orgRulesets.set(org, known);
  return known;
}

function orgRuleset(call: Call): Ruleset {
  return orgRulesets(call).get(Number(call.params['ruleset_id'])) ?? notFound();
}

function orgSuites(call: Call): { readonly repo: Repo; readonly suite: RuleSuite }[] {
  const org = orgOf(call);
  return [...call.world.repos.values()]
    .filter(({ owner }) => owner === org)
    .flatMap((repo) => filterSuites(call, repo.ruleSuites).map((each) => ({ repo, suite: each })));
}

function orgRoute(method: Method, path: string, handle: (call: Call) => Reply): Route {
  return { method, path: `/orgs/{org}/rulesets${path}`, need: { kind: 'token' }, handle };
}

const base = '/repos/{owner}/{repo}';

export const rulesetRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/rules/branches/{branch}`, need: metadata, repo: branchRules },
  { method: 'GET', path: `${base}/rulesets`, need: metadata, repo: listRulesets },
  { method: 'POST', path: `${base}/rulesets`, need: write, repo: postRuleset },
  { method: 'GET', path: `${base}/rulesets/rule-suites`, need: adminRead, repo: listSuites },
  { method: 'GET', path: `${base}/rulesets/rule-suites/{rule_suite_id}`, need: adminRead, repo: getSuite },
  { method: 'GET', path: `${base}/rulesets/{ruleset_id}`, need: metadata, repo: getRuleset },
  { method: 'PUT', path: `${base}/rulesets/{ruleset_id}`, need: write, repo: putRuleset },
  { method: 'DELETE', path: `${base}/rulesets/{ruleset_id}`, need: write, repo: deleteRuleset },
  {
    method: 'GET',
    path: `${base}/rulesets/{ruleset_id}/history`,
    need: adminRead,
    repo: (call) => history(call, visibleRuleset(call)),
  },
  {
    method: 'GET',
    path: `${base}/rulesets/{ruleset_id}/history/{version_id}`,
    need: adminRead,
    repo: (call) => historyVersion(call, visibleRuleset(call)),
  },
  orgRoute('GET', '', (call) =>
    paged(call, [...orgRulesets(call).values()], (each) => rulesetSummary(call.world, null, each, call.caller)),
  ),
  orgRoute('POST', '', (call) => {
    const { world, caller, body } = call;
    const all = orgRulesets(call);
    const ruleset = make(world, caller, readRuleset(body, null), { sourceType: 'Organization', source: orgOf(call) });
    all.set(ruleset.id, ruleset);
    return created(rulesetFull(world, null, ruleset, caller, true));
  }),
  orgRoute('GET', '/rule-suites', (call) =>
    paged(call, orgSuites(call), (each) => suite(call.world, each.repo, each.suite)),
  ),
  orgRoute('GET', '/rule-suites/{rule_suite_id}', (call) => {
    const found = orgSuites(call).find((each) => each.suite.id === Number(call.params['rule_suite_id'])) ?? notFound();
    return ok(suiteFull(call.world, found.repo, found.suite));
  }),
  orgRoute('GET', '/{ruleset_id}', (call) => ok(rulesetFull(call.world, null, orgRuleset(call), call.caller, true))),
  orgRoute('PUT', '/{ruleset_id}', (call) => {
    const ruleset = orgRuleset(call);
    change(call.world, call.caller, ruleset, readRuleset(call.body, ruleset));
    return ok(rulesetFull(call.world, null, ruleset, call.caller, true));
  }),
  orgRoute('DELETE', '/{ruleset_id}', (call) => {
    orgRulesets(call).delete(orgRuleset(call).id);
    return noContent;
  }),
  orgRoute('GET', '/{ruleset_id}/history', (call) => history(call, orgRuleset(call))),
  orgRoute('GET', '/{ruleset_id}/history/{version_id}', (call) => historyVersion(call, orgRuleset(call))),
];
