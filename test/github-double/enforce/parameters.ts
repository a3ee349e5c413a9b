import { isRecord } from '../http/body.ts';
import type { RequiredCheck } from '../state/classic-rule.ts';
import type { Rule } from '../state/ruleset.ts';
import type { ReviewDemand } from './reviews.ts';

// Typed readers of ruleset parameters, which the API carries as loose JSON.

function flag(rule: Rule, key: string): boolean {
  return rule.parameters?.[key] === true;
}

export function reviewDemand(rule: Rule): ReviewDemand {
  const count = rule.parameters?.['required_approving_review_count'];
  return {
    count: typeof count === 'number' ? count : 0,
    codeOwner: flag(rule, 'require_code_owner_review'),
    lastPush: flag(rule, 'require_last_push_approval'),
    threads: flag(rule, 'required_review_thread_resolution'),
  };
}

export type RequiredReviewer = {
  readonly teamId: number;
  readonly patterns: readonly string[];
  readonly count: number;
};

/** Teams that must approve changes of certain files, whatever the count of other reviews. */
export function requiredReviewers(rule: Rule): RequiredReviewer[] {
  const list = rule.parameters?.['required_reviewers'];
  return (Array.isArray(list) ? (list as unknown[]) : []).filter(isRecord).map((each) => ({
    teamId: isRecord(each['reviewer']) ? Number(each['reviewer']['id']) : 0,
    patterns: Array.isArray(each['file_patterns']) ? each['file_patterns'].map(String) : [],
    count: Number(each['minimum_approvals'] ?? 1),
  }));
}

export function dismissesStale(rule: Rule): boolean {
  return rule.type === 'pull_request' && flag(rule, 'dismiss_stale_reviews_on_push');
}

export function allowedMethods(rule: Rule): readonly string[] | null {
  const methods = rule.parameters?.['allowed_merge_methods'];
  return Array.isArray(methods) && methods.length > 0 ? methods.map(String) : null;
}

export function requiredChecks(rule: Rule): { readonly strict: boolean; readonly checks: readonly RequiredCheck[] } {
  const list = rule.parameters?.['required_status_checks'];
  const checks = (Array.isArray(list) ? list : []).map((each: { context: string; integration_id?: number | null }) => {
    return { context: each.context, appId: each.integration_id ?? null };
  });
  return { strict: flag(rule, 'strict_required_status_checks_policy'), checks };
}
