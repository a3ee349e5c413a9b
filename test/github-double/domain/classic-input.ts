import { flagOr, isRecord, optionalFlag, optionalInteger, show, text, textList } from '../http/body.ts';
import type { Body } from '../http/router.ts';
import { invalidRequest, refuse } from '../reply.ts';
import { accountOf } from '../shapes/account.ts';
import { blankReviews } from '../state/classic-rule.ts';
import type { ActorSet, ClassicRule, RequiredCheck, ReviewRule } from '../state/classic-rule.ts';
import type { Repo, World } from '../state.ts';

// How PUT and PATCH bodies of classic protection become a rule. Full of traps; each is one of GitHub's.

export function readActors(value: unknown, key: string): ActorSet {
  if (!isRecord(value)) return invalidRequest(`For 'properties/${key}', ${show(value)} is not an object.`);
  const list = (name: string): string[] => (value[name] === undefined ? [] : textList(value[name], name));
  return { users: list('users'), teams: list('teams'), apps: list('apps') };
}

/** On repositories of people these keys must be left out altogether. */
function refuseOnUserRepo(world: World, repo: Repo, what: string): void {
  if (accountOf(world, repo.owner).type === 'Organization') return;
  refuse(422, 'Validation Failed', { errors: [`Only organization repositories can have ${what}`] });
}

/** Absent keeps, `{}` disables, a list of anybody enables; null is not an object. */
function readReviewActors(
  world: World,
  repo: Repo,
  body: Body,
  key: string,
  before: ActorSet | null,
  what: string,
): ActorSet | null {
  const value = body[key];
  if (value === undefined) return before;
  const set = readActors(value, key);
  refuseOnUserRepo(world, repo, what);
  return Object.keys(value as object).length === 0 ? null : set;
}

export function readReviews(world: World, repo: Repo, body: Body, before: ReviewRule): ReviewRule {
  const count = optionalInteger(body, 'required_approving_review_count') ?? before.count;
  if (count < 0 || count > 6) invalidRequest(`${count} must be between 0 and 6.`);
  return {
    dismissStale: optionalFlag(body, 'dismiss_stale_reviews') ?? before.dismissStale,
    codeOwner: optionalFlag(body, 'require_code_owner_reviews') ?? before.codeOwner,
    lastPush: optionalFlag(body, 'require_last_push_approval') ?? before.lastPush,
    count,
    dismissal: readReviewActors(
      world,
      repo,
      body,
      'dismissal_restrictions',
      before.dismissal,
      'users and team restrictions',
    ),
    bypass: readReviewActors(
      world,
      repo,
      body,
      'bypass_pull_request_allowances',
      before.bypass,
      'actors that can bypass required pull requests',
    ),
  };
}

/** -1 means any App; an omitted `app_id` pins the check to whichever App reported it last. */
function readCheck(repo: Repo, value: unknown): RequiredCheck {
  if (!isRecord(value)) return invalidRequest(`For 'items', ${show(value)} is not an object.`);
  const context = text(value, 'context');
  const given = value['app_id'] === null ? undefined : optionalInteger(value, 'app_id');
  if (given === -1) return { context, appId: null };
  return { context, appId: given ?? lastReporter(repo, context) };
}

function lastReporter(repo: Repo, context: string): number | null {
  return [...repo.checkRuns.values()].findLast(({ name }) => name === context)?.appId ?? null;
}

export function readChecks(repo: Repo, body: Body, before: readonly RequiredCheck[] | null): RequiredCheck[] {
  const { contexts, checks } = body;
  if (contexts !== undefined && checks !== undefined) {
    // An empty list on one side is let through; two full ones are not.
    if (textList(contexts, 'contexts').length > 0)
      refuse(422, 'Validation Failed', { errors: ['Only one of `contexts` and `checks` may be given.'] });
  }
  if (Array.isArray(checks)) return checks.map((each: unknown) => readCheck(repo, each));
  if (contexts !== undefined)
    return textList(contexts, 'contexts').map((context) => ({ context, appId: lastReporter(repo, context) }));
  if (before) return [...before];
  return invalidRequest('No subschema in "anyOf" matched.\n"contexts" wasn\'t supplied.');
}

function required(body: Body, key: string): unknown {
  return key in body ? body[key] : invalidRequest(`"${key}" wasn't supplied.`);
}

function objectOrNull(body: Body, key: string): Record<string, unknown> | null {
  const value = required(body, key);
  if (value === null || isRecord(value)) return value;
  return invalidRequest(`For 'properties/${key}', ${show(value)} is not an object.`);
}

/** A full replacement: what the body leaves out is off afterwards. Signatures and deployments are not in it and stay. */
export function replaceRule(world: World, repo: Repo, body: Body, before: ClassicRule): ClassicRule {
  const checks = objectOrNull(body, 'required_status_checks');
  const enforce = required(body, 'enforce_admins');
  if (enforce !== null && typeof enforce !== 'boolean')
    invalidRequest(`For 'properties/enforce_admins', ${show(enforce)} is not a boolean.`);
  const reviews = objectOrNull(body, 'required_pull_request_reviews');
  const restrictions = objectOrNull(body, 'restrictions');
  if (restrictions) refuseOnUserRepo(world, repo, 'users and team restrictions');
  return {
    ...before,
    statusChecks: checks && { strict: flagOr(checks, 'strict', false), checks: readChecks(repo, checks, null) },
    enforceAdmins: enforce === true,
    reviews: reviews && readReviews(world, repo, reviews, blankReviews()),
    restrictions: restrictions && readActors(restrictions, 'restrictions'),
    linearHistory: flagOr(body, 'required_linear_history', false),
    allowForcePushes: flagOr(body, 'allow_force_pushes', false),
    allowDeletions: flagOr(body, 'allow_deletions', false),
    blockCreations: flagOr(body, 'block_creations', false),
    conversationResolution: flagOr(body, 'required_conversation_resolution', false),
    lockBranch: flagOr(body, 'lock_branch', false),
    allowForkSyncing: flagOr(body, 'allow_fork_syncing', false),
  };
}
