import { describe, expect, test } from 'vitest';
import type { ReasonCode } from '../kernel/index.ts';
import { rulepackSchema } from '../rulepack/index.ts';
import { BEFORE, entry, MERGE, NEW_TREE, OLD_TREE, plainFacts, request, REVERT, revertPull } from './facts.fixture.ts';
import type { RollbackFacts } from './facts.ts';
import { planRollback, type RollbackPlan } from './plan.ts';

type Pull = RollbackFacts['pull'];

function plan(more: Partial<RollbackFacts>, pull: Partial<Pull> = {}): RollbackPlan {
  return planRollback({ ...plainFacts, ...more, pull: { ...plainFacts.pull, ...pull } }, request);
}

function codes({ reasons }: RollbackPlan): ReasonCode[] {
  return reasons.map(({ code }) => code);
}

test('the tip of the base branch is reverted by the tree from before it, and merged', () => {
  expect(plan({})).toMatchObject({ kind: 'revert', way: 'tree', land: 'merge', reasons: [], resume: null });
});

const LATER = { sha: 'd'.repeat(40), tree: '3'.repeat(40), parents: [MERGE] };
const STANDING_BRANCH = { sha: REVERT, tree: OLD_TREE, parents: [MERGE] };

describe('what is done already', () => {
  const merge = plainFacts.pull.merge;
  test.each<[string, Partial<RollbackFacts>, object]>([
    ['the ledger says so', ledger([entry({ ctx: { pr: 5, sha: MERGE, revert_pr: 6 } })]), { by: 'ledger', pull: 6 }],
    ['a later commit says so', since('Back\n\nThis reverts commit aaaaaaa.'), { by: 'commit', ours: false }],
    ['our commit says so', since(`This reverts commit ${MERGE}.\n\nObsgate-Rollback: 5 ${MERGE}`), { ours: true }],
    ['our pull request landed', { reverts: [revertPull({ state: 'merged' })] }, { by: 'pull', ours: true }],
    ['another pull request landed', { reverts: [revertPull({ state: 'merged', ours: false })] }, { ours: false }],
    ['the tree is the old one', { base: { ...LATER, tree: OLD_TREE } }, { by: 'tree' }],
  ])('%s', (_, more, already) => {
    expect(merge?.sha).toBe(MERGE);
    expect(plan(more)).toMatchObject({ kind: 'done', already });
  });

  test.each<[string, Partial<RollbackFacts>]>([
    ['an entry of another merge', ledger([entry({ ctx: { pr: 5, sha: BEFORE } })])],
    ['an entry that is on hold', ledger([entry({ result: 'hold', ctx: { pr: 5, sha: MERGE } })])],
    ['a commit that reverts another', since(`This reverts commit ${BEFORE}.`)],
    ['a commit that only speaks of it', since(`Do not revert commit ${MERGE}`)],
  ])('is not shown by %s', (_, more) => {
    expect(plan(more).kind).toBe('revert');
  });
});

describe('what is refused', () => {
  test.each<[string, Partial<RollbackFacts>, Partial<Pull>, ReasonCode]>([
    ['an open pull request', {}, { state: 'open', merge: null }, 'not_merged'],
    ['another merge commit', {}, { merge: { sha: BEFORE, tree: NEW_TREE, parents: [], message: '' } }, 'not_merged'],
    ['a merge that is off the base branch', { since: { kind: 'not_on_base' }, base: LATER }, {}, 'not_merged'],
    ['a base branch that is gone', { base: null }, {}, 'base_not_allowed'],
    ['a revert, by its title', {}, { title: 'Revert "x"' }, 'revert_of_revert'],
    ['a revert of a revert', {}, { title: 'Reapply "x"' }, 'revert_of_revert'],
    ['a revert, by its branch', {}, { headBranch: 'obsgate/revert-4-abc' }, 'revert_of_revert'],
    ['a revert, by the button', {}, { headBranch: 'revert-4-guide' }, 'revert_of_revert'],
    ['a revert, by its label', {}, { labels: ['obsgate:revert'] }, 'revert_of_revert'],
    ['a revert, by the ledger', ledger([entry({ ctx: { pr: 4, revert_pr: 5 } })]), {}, 'revert_of_revert'],
    ['a revert that was closed', { reverts: [revertPull({ state: 'closed' })] }, {}, 'revert_declined'],
  ])('%s', (_, more, pull, code) => {
    const made = plan(more, pull);
    expect(made).toMatchObject({ kind: 'refuse', outcome: 'fail' });
    expect(codes(made)).toEqual([code]);
  });
});

describe('what is held', () => {
  test.each<[string, Partial<RollbackFacts>, ReasonCode]>([
    ['the switch', { stop: { kind: 'stopped', by: 'x' } }, 'rollback_stopped'],
    ['a switch that nobody can read', { stop: { kind: 'unreadable', why: '403' } }, 'rollback_stopped'],
    ['a broken ledger', broken(), 'ledger_broken'],
    ['three others within a day', ledger([1, 2, 3].map((pr) => done(pr, '2026-11-21T00:00:00Z'))), 'rollback_cap'],
    ["somebody else's revert", { reverts: [revertPull({ ours: false })] }, 'revert_open'],
  ])('%s', (_, more, code) => {
    const made = plan(more);
    expect(made).toMatchObject({ kind: 'refuse', outcome: 'hold' });
    expect(codes(made)).toEqual([code]);
  });

  test.each([
    ['two others within a day', [1, 2].map((pr) => done(pr, '2026-11-21T00:00:00Z'))],
    ['three others before that', [1, 2, 3].map((pr) => done(pr, '2026-11-20T11:59:59Z'))],
    ['three that opened nothing', [1, 2, 3].map((pr) => entry({ result: 'fail', ctx: { pr, sha: MERGE } }))],
    ['one merge three times', [7, 7, 7].map((pr) => done(pr, '2026-11-21T00:00:00Z'))],
  ])('is not: %s', (_, entries) => {
    expect(plan(ledger(entries)).kind).toBe('revert');
  });
});

describe('what a person or checks decide', () => {
  const config = plainFacts.config;
  test.each<[string, Partial<RollbackFacts>, string, ReasonCode]>([
    ['later commits', { base: LATER }, 'three-way', 'revert_unproven'],
    ['an unknown beginning', { before: { kind: 'unknown', why: 'x' } }, 'github', 'revert_unproven'],
    ['a foreign branch', { branch: { ...STANDING_BRANCH, tree: NEW_TREE } }, 'tree', 'revert_unproven'],
    ['an open revert that was pushed to', { reverts: [revertPull({ head: LATER })] }, 'tree', 'revert_unproven'],
    [
      'a person who must confirm',
      { config: { ...config, rollback: { ...config.rollback, require_manual_confirm: true } } },
      'tree',
      'confirm_required',
    ],
    ['unlisted files', { files: { kind: 'incomplete', why: 'x' } }, 'tree', 'files_incomplete'],
    ['a broken rulepack', { rulepacks: { rulepacks: [], problems: [problem()] } }, 'tree', 'rulepack_invalid'],
  ])('%s', (_, more, way, code) => {
    const made = plan(more);
    expect(made).toMatchObject({ kind: 'revert', way, land: 'ask' });
    expect(codes(made)).toContain(code);
  });

  test.each<[string, string, string, string]>([
    ['within its rest', 'safe-docs', '2026-11-21T11:00:00Z', 'ask'],
    ['after its rest', 'safe-docs', '2026-11-21T09:59:59Z', 'merge'],
    ['of another scenario', 'other', '2026-11-21T11:00:00Z', 'merge'],
  ])('a second rollback of a scenario %s', (_, scenario, ts, land) => {
    const rulepack = rulepackSchema.parse({ scenario: 'safe-docs', allow_paths: ['docs/'], cooldown: '2h' });
    const rulepacks = { rulepacks: [{ ...rulepack, file: 'rulepack/safe-docs.yml' }], problems: [] };
    const before = entry({ ts, ctx: { pr: 4, sha: BEFORE, revert_pr: 104, scenario } });
    const made = plan({ rulepacks, ...ledger([before]) });
    expect(made).toMatchObject({ kind: 'revert', land });
    expect(codes(made)).toEqual(land === 'ask' ? ['cooldown'] : []);
  });

  test('an open revert of ours that holds the old tree is gone on with', () => {
    expect(plan({ reverts: [revertPull({})] })).toMatchObject({ land: 'merge', resume: { number: 6 } });
  });

  test('mode commit goes straight to the branch, but not past a pull request that is open', () => {
    const straight = { ...config, rollback: { ...config.rollback, mode: 'commit' as const } };
    expect(plan({ config: straight })).toMatchObject({ land: 'commit' });
    expect(plan({ config: straight, reverts: [revertPull({})] })).toMatchObject({ land: 'merge' });
  });
});

function ledger(entries: readonly ReturnType<typeof entry>[]): Partial<RollbackFacts> {
  return { ledger: { kind: 'read', entries } };
}

function broken(): Partial<RollbackFacts> {
  return { ledger: { kind: 'unreadable', reasons: [{ code: 'ledger_broken', message: 'x' }] } };
}

function done(pr: number, ts: string): ReturnType<typeof entry> {
  return entry({ ts, ctx: { pr, sha: BEFORE, revert_pr: pr + 100 } });
}

function since(message: string): Partial<RollbackFacts> {
  return { since: { kind: 'complete', commits: [{ sha: LATER.sha, message }] }, base: LATER };
}

function problem(): RollbackFacts['rulepacks']['problems'][number] {
  return { file: 'rulepack/a.yml', line: 1, column: 1, message: 'x' };
}
