import { defaultConfig, type Config } from '../config/index.ts';
import type { ProtectionSnapshot } from '../protection/index.ts';
import { rulepackSchema, type ChangedFile, type Rulepack, type RulepackSet } from '../rulepack/index.ts';
import type { Account, CheckRunFacts, MergeFacts, PullFacts, Standing } from './facts.ts';
import type { MergeRequest, Trigger } from './request.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const PUSHED_AT = '2026-03-01T10:00:00Z';
export const LABELLED_AT = '2026-03-01T10:05:00Z';
export const READ_AT = '2026-03-01T10:10:00Z';

export const AUTHOR: Account = { login: 'author', id: 1, type: 'User' };
export const REVIEWER: Account = { login: 'reviewer', id: 2, type: 'User' };
export const STRANGER: Account = { login: 'stranger', id: 3, type: 'User' };
export const BOT: Account = { login: 'renovate', id: 29_139_614, type: 'Bot' };

export function standing(account: Account, role: string): Standing {
  const permission = role === 'admin' ? 'admin' : role === 'write' || role === 'maintain' ? 'write' : 'read';
  return { account, role, permission };
}

export function textFile(path: string, after = 'text\n', before: string | null = null): ChangedFile {
  const side = (text: string): ChangedFile['after'] => ({ mode: '100644', content: { kind: 'text', text } });
  return {
    path,
    status: before === null ? 'added' : 'modified',
    additions: 1,
    deletions: 0,
    before: before === null ? null : side(before),
    after: side(after),
  };
}

export function greenJob(name: string, more: Partial<CheckRunFacts> = {}): CheckRunFacts {
  return {
    kind: 'check_run',
    id: 100,
    name,
    headSha: HEAD,
    appId: 15_368,
    appSlug: 'github-actions',
    status: 'completed',
    conclusion: 'success',
    startedAt: PUSHED_AT,
    run: {
      id: 10,
      event: 'pull_request',
      path: '.github/workflows/obs-lint.yml',
      headSha: HEAD,
      headBranch: 'change',
      job: 'is_job',
    },
    ...more,
  };
}

export const PROTECTED: ProtectionSnapshot = {
  schema: 'obsgate.protection/1',
  repositoryId: 7,
  ownerType: 'Organization',
  branch: 'main',
  classic: {
    ruleId: 'BPR_1',
    pattern: 'main',
    reviews: {
      requiredApprovingReviewCount: 1,
      dismissStaleReviews: true,
      requireCodeOwnerReviews: false,
      requireLastPushApproval: false,
      dismissalRestrictions: null,
      bypassAllowances: { users: [], teams: [], apps: [] },
    },
    statusChecks: { strict: false, checks: [{ context: 'obs-lint', appId: 15_368 }] },
    enforceAdmins: true,
    requiredSignatures: false,
    requiredLinearHistory: false,
    allowForcePushes: false,
    allowDeletions: false,
    blockCreations: false,
    requiredConversationResolution: true,
    lockBranch: false,
    allowForkSyncing: false,
    restrictions: null,
  },
  rules: [],
  rulesets: [],
};

export const PULL: PullFacts = {
  number: 5,
  nodeId: 'PR_5',
  title: 'Change the guide',
  state: 'open',
  draft: false,
  author: AUTHOR,
  base: { branch: 'main', sha: BASE, changedAt: null },
  head: { branch: 'change', sha: HEAD, repositoryId: 7, behindBy: 0 },
  mergeable: 'mergeable',
  commits: 1,
  changedFiles: 1,
  additions: 1,
  deletions: 0,
  reviewDecision: 'review_required',
  twins: [],
  queued: false,
};

/** A pull request that all six gates let through: only the approval is missing. */
export const GOOD: MergeFacts = {
  schema: 'obsgate.merge-facts/1',
  readAt: READ_AT,
  repository: {
    id: 7,
    owner: 'acme',
    name: 'obs',
    defaultBranch: 'main',
    archived: false,
    methods: ['squash', 'merge'],
  },
  pull: PULL,
  push: { kind: 'known', at: PUSHED_AT, by: AUTHOR, after: HEAD, activity: 'push' },
  files: { kind: 'complete', files: [textFile('docs/guide.md')] },
  folders: [],
  standings: [standing(AUTHOR, 'write'), standing(REVIEWER, 'maintain'), standing(STRANGER, 'read')],
  labels: ['change:safe', 'auto-relax-merge'].map((name) => ({ name, added: { at: LABELLED_AT, by: AUTHOR } })),
  reviews: [],
  threads: { kind: 'complete', unresolved: 0 },
  checks: { kind: 'complete', checks: [greenJob('obs-lint')] },
  protection: { kind: 'read', snapshot: PROTECTED },
  freeze: { kind: 'none' },
  comment: null,
};

export function samplePack(more: Record<string, unknown> = {}): Rulepack {
  const written = {
    scenario: 'safe-docs',
    allow_paths: ['docs/**'],
    required_contexts: ['obs-lint'],
    relaxable: true,
    ...more,
  };
  return { ...rulepackSchema.parse(written), file: 'rulepack/safe-docs.yml' };
}

export function packSet(...rulepacks: readonly Rulepack[]): RulepackSet {
  return { rulepacks, problems: [] };
}

export function sampleConfig(merge: Partial<Config['merge']> = {}): Config {
  const config = defaultConfig();
  return { ...config, merge: { ...config.merge, ...merge } };
}

export function requestBy(trigger: Trigger = { kind: 'checks' }, headSha: string | null = HEAD): MergeRequest {
  return { pull: 5, trigger, headSha };
}
