import type { Json, ProtectionSnapshot } from '../../protection/index.ts';
import type { MergeFacts, ReviewFacts } from '../facts.ts';
import type { ReviewCause } from '../verdict.ts';
import { fieldOf } from './required-checks.ts';

/** What one rule asks of reviews. */
type ReviewDemand = {
  readonly from: ReviewCause['from'];
  readonly where: string;
  readonly approvals: number;
  readonly codeOwners: boolean;
  readonly lastPush: boolean;
  readonly reviewers: boolean;
};

/** Approvals that count for the protection: the last word of people who may push, not by the author. */
export function approvals({ pull, reviews }: MergeFacts): ReviewFacts[] {
  return reviews.filter(
    ({ state, mayPush, author }) => state === 'approved' && mayPush && author !== null && author.id !== pull.author?.id,
  );
}

/** What the protection asks of reviews and the pull request has not. */
export function missingReviews(facts: MergeFacts, snapshot: ProtectionSnapshot): ReviewCause[] {
  return demandsOf(snapshot).flatMap((demand) => missing(facts, demand));
}

function missing(facts: MergeFacts, demand: ReviewDemand): ReviewCause[] {
  const given = approvals(facts);
  const causes: ReviewCause[] = [];
  const add = (need: ReviewCause['need'], message: string): void => {
    causes.push({ need, from: demand.from, message: `${demand.where} ${message}` });
  };
  if (given.length < demand.approvals)
    add('approvals', `asks for ${demand.approvals} approvals; there are ${given.length}`);
  const { push, pull } = facts;
  const pusher = push.kind === 'known' ? push.by.id : undefined;
  const atHead = given.filter(({ commit, author }) => commit === pull.head.sha && author?.id !== pusher);
  if (demand.lastPush && (pusher === undefined || atHead.length === 0))
    add('last_push_approval', 'asks for an approval of the last push by somebody else than the pusher');
  // Only GitHub knows the code owners: its summary says whether something is still missing, not what.
  const undecided = pull.reviewDecision !== 'approved';
  if (demand.codeOwners && undecided)
    add('code_owners', 'asks for the approval of code owners, and GitHub says it is not complete');
  if (demand.reviewers && undecided)
    add('required_reviewers', 'asks for the approval of given reviewers, and GitHub says it is not complete');
  return causes;
}

function demandsOf({ classic, rules }: ProtectionSnapshot): ReviewDemand[] {
  const reviews = classic?.reviews ?? null;
  const fromClassic: ReviewDemand[] =
    reviews === null
      ? []
      : [
          {
            from: { kind: 'classic' },
            where: 'branch protection',
            approvals: reviews.requiredApprovingReviewCount,
            codeOwners: reviews.requireCodeOwnerReviews,
            lastPush: reviews.requireLastPushApproval,
            reviewers: false,
          },
        ];
  const fromRules = rules
    .filter(({ type }) => type === 'pull_request')
    .map(({ parameters, rulesetId }): ReviewDemand => ({
      from: { kind: 'ruleset', rulesetId },
      where: `ruleset ${rulesetId}`,
      approvals: numberOf(fieldOf(parameters, 'required_approving_review_count')),
      codeOwners: fieldOf(parameters, 'require_code_owner_review') === true,
      lastPush: fieldOf(parameters, 'require_last_push_approval') === true,
      reviewers: isFilled(fieldOf(parameters, 'required_reviewers')),
    }));
  return [...fromClassic, ...fromRules];
}

/** A count that is not there or no number asks for more than anybody can give: it is never read as zero. */
function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
}

function isFilled(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}
