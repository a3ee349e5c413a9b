/** People, teams (slugs) and Apps (slugs) named by a restriction or an allowance. */
export type ActorSet = { readonly users: string[]; readonly teams: string[]; readonly apps: string[] };

export type RequiredCheck = {
  readonly context: string;
  /** `null`: any source may report it. */
  readonly appId: number | null;
};

export type ReviewRule = {
  dismissStale: boolean;
  codeOwner: boolean;
  count: number;
  lastPush: boolean;
  /** `null`: anyone with write access may dismiss. */
  dismissal: ActorSet | null;
  /** `null`: nobody may bypass. */
  bypass: ActorSet | null;
};

/** A classic branch protection rule, exact or wildcard. */
export type ClassicRule = {
  readonly id: number;
  pattern: string;
  readonly creator: string;
  statusChecks: { strict: boolean; checks: RequiredCheck[] } | null;
  enforceAdmins: boolean;
  reviews: ReviewRule | null;
  /** Who may push; `null`: everybody with write access. */
  restrictions: ActorSet | null;
  linearHistory: boolean;
  allowForcePushes: boolean;
  /** Only GraphQL shows and writes it. */
  forcePushBypass: ActorSet | null;
  allowDeletions: boolean;
  blockCreations: boolean;
  conversationResolution: boolean;
  signatures: boolean;
  lockBranch: boolean;
  allowForkSyncing: boolean;
  /** Environments that must have deployed; `null`: off. Not in the REST API. */
  deployments: string[] | null;
};

export function blankRule(id: number, pattern: string, creator: string): ClassicRule {
  return {
    id,
    pattern,
    creator,
    statusChecks: null,
    enforceAdmins: false,
    reviews: null,
    restrictions: null,
    linearHistory: false,
    allowForcePushes: false,
    forcePushBypass: null,
    allowDeletions: false,
    blockCreations: false,
    conversationResolution: false,
    signatures: false,
    lockBranch: false,
    allowForkSyncing: false,
    deployments: null,
  };
}

export function blankReviews(): ReviewRule {
  return { dismissStale: false, codeOwner: false, count: 1, lastPush: false, dismissal: null, bypass: null };
}
