import { defaultConfig } from '../config/index.ts';
import type { AuditEntry } from '../ledger/index.ts';
import type { RevertPull, RollbackFacts } from './facts.ts';
import type { RollbackRequest } from './request.ts';

export const MERGE = 'a'.repeat(40);
export const BEFORE = 'b'.repeat(40);
export const REVERT = 'c'.repeat(40);
export const OLD_TREE = '1'.repeat(40);
export const NEW_TREE = '2'.repeat(40);

export const request: RollbackRequest = {
  pull: 5,
  mergeSha: MERGE,
  reason: 'errors',
  scenario: 'safe-docs',
  metrics: ['errors'],
  verdict: '',
  mode: 'live',
};

/** A merge that is the tip of the base branch, and nothing else. */
export const plainFacts: RollbackFacts = {
  schema: 'obsgate.rollback-facts/1',
  readAt: '2026-11-21T12:00:00.000Z',
  repository: { id: 1, owner: 'acme', name: 'obs', defaultBranch: 'main', methods: ['squash'] },
  pull: {
    number: 5,
    nodeId: 'PR_5',
    title: 'Change the guide',
    state: 'merged',
    baseBranch: 'main',
    headBranch: 'guide',
    labels: [],
    mergedAt: '2026-11-21T11:00:00Z',
    commits: 1,
    merge: { sha: MERGE, tree: NEW_TREE, parents: [BEFORE], message: 'Change the guide (#5)' },
  },
  before: { kind: 'known', sha: BEFORE, tree: OLD_TREE, from: 'parent', shas: [MERGE] },
  base: { sha: MERGE, tree: NEW_TREE, parents: [BEFORE] },
  since: { kind: 'complete', commits: [] },
  files: { kind: 'complete', files: [] },
  reverts: [],
  branch: null,
  ledger: { kind: 'read', entries: [] },
  stop: { kind: 'none' },
  config: defaultConfig(),
  rulepacks: { rulepacks: [], problems: [] },
};

export function entry(more: Partial<AuditEntry>): AuditEntry {
  return {
    schema: 'obsgate.audit/1',
    id: 'id',
    ts: '2026-11-21T10:00:00.000Z',
    stage: 'rollback',
    result: 'done',
    reasons: [],
    actor: 'obsgate',
    run: { id: 1, attempt: 1, url: '' },
    ctx: {},
    prev: '0'.repeat(64),
    ...more,
  };
}

export function revertPull(more: Partial<RevertPull>): RevertPull {
  const head = { sha: REVERT, tree: OLD_TREE, parents: [MERGE] };
  return { number: 6, state: 'open', branch: 'x', head, labels: [], ours: true, landed: null, ...more };
}
