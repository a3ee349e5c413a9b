import { optionalFlag, textList } from '../http/body.ts';
import type { Method, RepoCall, Route } from '../http/router.ts';
import { readChecks, readReviews, replaceRule } from '../domain/classic-input.ts';
import { branchTip } from '../domain/resolve.ts';
import { classicRuleFor } from '../enforce/match.ts';
import { actorOf, needs } from '../permissions.ts';
import { noContent, ok, refuse } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { appsOf, protection, protectionUrl, restrictions, reviews, statusChecks } from '../shapes/classic-rule.ts';
import { team, user } from '../shapes/account.ts';
import { blankReviews, blankRule } from '../state/classic-rule.ts';
import type { ActorSet, ClassicRule, RequiredCheck } from '../state/classic-rule.ts';
import { newId } from '../state.ts';

const read = needs('read', 'administration');
const write = needs('write', 'administration');

function branchOf({ repo, params }: RepoCall): string {
  const branch = params['branch'] ?? '';
  if (branchTip(repo, branch) === null) refuse(404, 'Branch not found');
  return branch;
}

/** The rule that governs the branch, wildcard rules included: reading and changing parts goes through to them. */
function needRule(call: RepoCall): ClassicRule {
  return classicRuleFor(call.repo, branchOf(call)) ?? refuse(404, 'Branch not protected');
}

function getProtection(call: RepoCall): Reply {
  return ok(protection(call.world, call.repo, branchOf(call), needRule(call)));
}

/** Writes an exact rule. On a branch that a wildcard covers this makes a second rule that shadows the first for ever. */
function putProtection(call: RepoCall): Reply {
  const { world, repo, caller, body } = call;
  const branch = branchOf(call);
  const exact = repo.classicRules.find(({ pattern }) => pattern === branch);
  const before = exact ?? blankRule(newId(world), branch, actorOf(caller));
  const rule = replaceRule(world, repo, body, before);
  repo.classicRules = exact
    ? repo.classicRules.map((each) => (each === exact ? rule : each))
    : [...repo.classicRules, rule];
  return ok(protection(world, repo, branch, rule));
}

function deleteProtection(call: RepoCall): Reply {
  const rule = needRule(call);
  call.repo.classicRules = call.repo.classicRules.filter((each) => each !== rule);
  return noContent;
}

function needReviews(call: RepoCall): NonNullable<ClassicRule['reviews']> {
  return needRule(call).reviews ?? refuse(404, 'Pull request reviews not enabled');
}

function showReviews(call: RepoCall): Reply {
  return ok(reviews(call.world, call.repo, branchOf(call), needReviews(call)));
}

/** A partial update: what is left out stays as it is. */
function patchReviews(call: RepoCall): Reply {
  const rule = needRule(call);
  rule.reviews = readReviews(call.world, call.repo, call.body, rule.reviews ?? blankReviews());
  return showReviews(call);
}

function needChecks(call: RepoCall): NonNullable<ClassicRule['statusChecks']> {
  return needRule(call).statusChecks ?? refuse(404, 'Required status checks not enabled');
}

function showChecks(call: RepoCall): Reply {
  return ok(statusChecks(call.world, call.repo, branchOf(call), needChecks(call)));
}

function patchChecks(call: RepoCall): Reply {
  const checks = needChecks(call);
  checks.strict = optionalFlag(call.body, 'strict') ?? checks.strict;
  checks.checks = readChecks(call.repo, call.body, checks.checks);
  return showChecks(call);
}

function contextsGiven({ repo, body }: RepoCall): RequiredCheck[] {
  return readChecks(repo, { contexts: textList(body['contexts'] ?? body[''], 'contexts') }, null);
}

function changeContexts(
  call: RepoCall,
  change: (now: RequiredCheck[], given: RequiredCheck[]) => RequiredCheck[],
): Reply {
  const checks = needChecks(call);
  checks.checks = change(checks.checks, contextsGiven(call));
  return ok(checks.checks.map(({ context }) => context));
}

function enforcement(call: RepoCall): Reply {
  return ok({
    url: `${protectionUrl(call.world, call.repo, branchOf(call))}/enforce_admins`,
    enabled: needRule(call).enforceAdmins,
  });
}

function signatures(call: RepoCall): Reply {
  return ok({
    url: `${protectionUrl(call.world, call.repo, branchOf(call))}/required_signatures`,
    enabled: needRule(call).signatures,
  });
}

/** Sets a field of the rule and answers. */
function setting<Key extends keyof ClassicRule>(
  key: Key,
  value: ClassicRule[Key],
  answer: (call: RepoCall) => Reply,
): (call: RepoCall) => Reply {
  return (call) => {
    needRule(call)[key] = value;
    return answer(call);
  };
}

function needRestrictions(call: RepoCall): ActorSet {
  return needRule(call).restrictions ?? refuse(404, 'Push restrictions not enabled');
}

type Kind = keyof ActorSet;

function showKind(call: RepoCall, kind: Kind): Reply {
  const { world, repo } = call;
  const set = needRestrictions(call);
  if (kind === 'apps') return ok(appsOf(world, set));
  return ok(
    kind === 'users'
      ? set.users.map((each) => user(world, each))
      : set.teams.map((each) => team(world, repo.owner, each)),
  );
}

function changeKind(
  kind: Kind,
  change: (now: readonly string[], given: readonly string[]) => string[],
): (call: RepoCall) => Reply {
  return (call) => {
    const rule = needRule(call);
    const set = needRestrictions(call);
    rule.restrictions = { ...set, [kind]: change(set[kind], textList(call.body[kind] ?? call.body[''], kind)) };
    return showKind(call, kind);
  };
}

const union = <Item>(a: readonly Item[], b: readonly Item[]): Item[] => [...new Set([...a, ...b])];
const without = <Item>(a: readonly Item[], b: readonly Item[]): Item[] => a.filter((each) => !b.includes(each));

const base = '/repos/{owner}/{repo}/branches/{branch}/protection';

function route(method: Method, path: string, handler: (call: RepoCall) => Reply): Route {
  return { method, path: base + path, need: method === 'GET' ? read : write, repo: handler };
}

function restrictionRoutes(kind: Kind): Route[] {
  const path = `/restrictions/${kind}`;
  return [
    route('GET', path, (call) => showKind(call, kind)),
    route('POST', path, changeKind(kind, union)),
    route(
      'PUT',
      path,
      changeKind(kind, (_now, given) => [...given]),
    ),
    route('DELETE', path, changeKind(kind, without)),
  ];
}

export const protectionRoutes: readonly Route[] = [
  route('GET', '', getProtection),
  route('PUT', '', putProtection),
  route('DELETE', '', deleteProtection),
  route('GET', '/required_pull_request_reviews', showReviews),
  route('PATCH', '/required_pull_request_reviews', patchReviews),
  route(
    'DELETE',
    '/required_pull_request_reviews',
    (call) => (needReviews(call), setting('reviews', null, () => noContent)(call)),
  ),
  route('GET', '/required_status_checks', showChecks),
  route('PATCH', '/required_status_checks', patchChecks),
  route(
    'DELETE',
    '/required_status_checks',
    (call) => (needChecks(call), setting('statusChecks', null, () => noContent)(call)),
  ),
  route('GET', '/required_status_checks/contexts', (call) => ok(needChecks(call).checks.map(({ context }) => context))),
  route('POST', '/required_status_checks/contexts', (call) =>
    changeContexts(call, (now, given) => [
      ...now,
      ...given.filter((each) => !now.some(({ context }) => context === each.context)),
    ]),
  ),
  route('PUT', '/required_status_checks/contexts', (call) => changeContexts(call, (_now, given) => given)),
  route('DELETE', '/required_status_checks/contexts', (call) =>
    changeContexts(call, (now, given) => now.filter((each) => !given.some(({ context }) => context === each.context))),
  ),
  route('GET', '/enforce_admins', enforcement),
  route('POST', '/enforce_admins', setting('enforceAdmins', true, enforcement)),
  route(
    'DELETE',
    '/enforce_admins',
    setting('enforceAdmins', false, () => noContent),
  ),
  route('GET', '/required_signatures', signatures),
  route('POST', '/required_signatures', setting('signatures', true, signatures)),
  route(
    'DELETE',
    '/required_signatures',
    setting('signatures', false, () => noContent),
  ),
  route('GET', '/restrictions', (call) =>
    ok(restrictions(call.world, call.repo, branchOf(call), needRestrictions(call))),
  ),
  route(
    'DELETE',
    '/restrictions',
    setting('restrictions', null, () => noContent),
  ),
  ...restrictionRoutes('users'),
  ...restrictionRoutes('teams'),
  ...restrictionRoutes('apps'),
];
