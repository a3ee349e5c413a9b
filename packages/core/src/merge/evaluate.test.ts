import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../ledger/index.ts';
import { evaluateGates, type Evaluation } from './evaluate.ts';
import type { CommentFacts, MergeFacts, PullFacts } from './facts.ts';
import type { Trigger } from './request.ts';
import {
  AUTHOR,
  BOT,
  GOOD,
  HEAD,
  PROTECTED,
  PULL,
  REVIEWER,
  STRANGER,
  greenJob,
  packSet,
  requestBy,
  sampleConfig,
  samplePack,
  standing,
  textFile,
} from './sample-facts.ts';

type Case = {
  readonly facts?: Partial<MergeFacts>;
  readonly pull?: Partial<PullFacts>;
  readonly pack?: Record<string, unknown>;
  readonly merge?: Parameters<typeof sampleConfig>[0];
  readonly trigger?: Trigger;
  readonly headSha?: string | null;
  readonly ledger?: readonly AuditEntry[];
};

function judge({
  facts = {},
  pull = {},
  pack = {},
  merge = {},
  trigger,
  headSha = HEAD,
  ledger = [],
}: Case): Evaluation {
  const all = { ...GOOD, ...facts, pull: { ...PULL, ...pull } };
  return evaluateGates(all, packSet(samplePack(pack)), sampleConfig(merge), requestBy(trigger, headSha), ledger);
}

function told(spec: Case): string[] {
  return judge(spec).refusals.map(({ gate, code }) => `${gate} ${code}`);
}

const comment: CommentFacts = {
  id: 9,
  author: AUTHOR,
  body: '/auto-merge',
  createdAt: '2026-03-01T10:06:00Z',
  updatedAt: '2026-03-01T10:06:00Z',
};
const byComment = { kind: 'comment', id: 9, actor: AUTHOR, sha: null } as const;
const labelled = (name: string, at: string, by = AUTHOR): MergeFacts['labels'][number] => ({ name, added: { at, by } });
const checks = (...list: MergeFacts['checks']['checks']): Partial<MergeFacts> => ({
  checks: { kind: 'complete', checks: list },
});

test('a pull request that only lacks its approval passes all six gates, and the cause is named', () => {
  const evaluation = judge({});
  expect(evaluation.verdicts.map(({ gate, outcome }) => `${gate} ${outcome}`)).toEqual([
    'path-policy pass',
    'origin pass',
    'actor pass',
    'labels pass',
    'checks pass',
    'base pass',
  ]);
  expect(evaluation.singleCause).toEqual({
    kind: 'review',
    causes: [
      { need: 'approvals', from: { kind: 'classic' }, message: 'branch protection asks for 1 approvals; there are 0' },
    ],
  });
});

test('all gates are evaluated and all failures are told at once', () => {
  const evaluation = judge({
    facts: {
      files: { kind: 'complete', files: [textFile('CODEOWNERS')] },
      labels: [],
      checks: { kind: 'complete', checks: [] },
      standings: [],
    },
    pull: { draft: true, head: { ...PULL.head, repositoryId: 8 } },
    trigger: { kind: 'dispatch', actor: STRANGER },
    pack: { required_labels: ['change:safe'] },
    merge: { pending_checks: 'stop' },
  });
  expect(evaluation.refusals.map(({ gate, code }) => `${gate} ${code}`)).toMatchInlineSnapshot(`
    [
      "path-policy forbidden_path",
      "path-policy no_scenario",
      "origin fork_head",
      "origin author_untrusted",
      "origin pusher_untrusted",
      "actor actor_untrusted",
      "checks check_missing",
      "base draft",
    ]
  `);
  expect(evaluation.outcome).toBe('refuse');
  expect(evaluation.singleCause.kind).toBe('more');
});

describe('a label or a comment and then a push', () => {
  test.each([
    [
      'a push after the label',
      {
        labels: [labelled('change:safe', '2026-03-01T09:59:00Z'), labelled('auto-relax-merge', '2026-03-01T10:05:00Z')],
      },
      ['labels label_stale'],
    ],
    [
      'a push in the same second as the label',
      { labels: ['change:safe', 'auto-relax-merge'].map((name) => labelled(name, '2026-03-01T10:00:00Z')) },
      ['labels label_stale', 'labels label_stale'],
    ],
    [
      'a label whose event is gone',
      { labels: [{ name: 'change:safe', added: null }, labelled('auto-relax-merge', '2026-03-01T10:05:00Z')] },
      ['labels label_unproven'],
    ],
    [
      'a label with a time that is none',
      { labels: [labelled('change:safe', 'yesterday'), labelled('auto-relax-merge', '2026-03-01T10:05:00Z')] },
      ['labels label_unproven'],
    ],
    [
      'a push that nobody knows of',
      { push: { kind: 'unknown', why: 'no activity' } },
      ['origin pusher_unknown', 'labels label_unproven', 'labels label_unproven'],
    ],
    [
      'a head that is not what was pushed last',
      { push: { kind: 'known', at: '2026-03-01T10:00:00Z', by: AUTHOR, after: 'c'.repeat(40), activity: 'push' } },
      ['origin head_moved'],
    ],
  ] as const)('%s is refused', (_name, facts, codes) => {
    expect(told({ facts })).toEqual(codes);
  });

  test('a change of the base branch counts as a push does', () => {
    const pull = { base: { ...PULL.base, changedAt: '2026-03-01T10:05:00Z' } };
    expect(told({ pull })).toEqual(['labels label_stale', 'labels label_stale']);
    const late = { ...comment, createdAt: '2026-03-01T10:04:00Z', updatedAt: '2026-03-01T10:04:00Z' };
    expect(told({ pull, trigger: byComment, facts: { comment: late } })).toEqual(['actor request_stale']);
    expect(told({ pull: { base: { ...PULL.base, changedAt: '2026-03-01T09:00:00Z' } } })).toEqual([]);
    expect(told({ pull: { base: { ...PULL.base, changedAt: 'never' } } })).toEqual([
      'labels label_unproven',
      'labels label_unproven',
    ]);
  });

  test('a head that is not the one that was asked for is refused', () => {
    expect(told({ headSha: 'd'.repeat(40) })).toEqual(['base head_moved']);
  });
});

describe('labels go by their exact names', () => {
  test.each([
    ['in another letter case', 'Change:Safe'],
    ['with a letter of another script', 'change:s\u0430fe'],
    ['with a space behind', 'change:safe '],
    ['in full-width letters', '\uFF43hange:safe'],
  ])('%s it is another label', (_name, name) => {
    const labels = [labelled(name, '2026-03-01T10:05:00Z'), labelled('auto-relax-merge', '2026-03-01T10:05:00Z')];
    expect(told({ facts: { labels } })).toEqual(['labels label_missing']);
  });

  test('one of the two is not enough', () => {
    expect(told({ facts: { labels: [labelled('auto-relax-merge', '2026-03-01T10:05:00Z')] } })).toEqual([
      'labels label_missing',
    ]);
  });

  test('a label that blocks does so in any letter case, and only when it is configured', () => {
    const labels = [...GOOD.labels, labelled('Do-Not-Merge', '2026-03-01T09:00:00Z')];
    expect(told({ facts: { labels } })).toEqual([]);
    expect(told({ facts: { labels }, merge: { block_labels: ['do-not-merge'] } })).toEqual(['labels label_blocks']);
  });
});

describe('edited or forged comments', () => {
  test('a new comment of somebody with a role asks for the merge without trigger labels', () => {
    expect(told({ trigger: byComment, facts: { comment, labels: [] } })).toEqual([]);
  });

  test.each([
    ['is gone', null, ['actor comment_changed']],
    ['was edited', { ...comment, updatedAt: '2026-03-01T10:07:00Z' }, ['actor comment_changed']],
    ['is by somebody else', { ...comment, author: REVIEWER }, ['actor comment_changed']],
    [
      'is by an account of the same name and another number',
      { ...comment, author: { ...AUTHOR, id: 77 } },
      ['actor comment_changed', 'actor actor_untrusted'],
    ],
    ['says something else', { ...comment, body: 'please /auto-merge' }, ['actor comment_changed']],
    ['quotes the command', { ...comment, body: '> /auto-merge' }, ['actor comment_changed']],
    [
      'names another commit than the event said',
      { ...comment, body: `/auto-merge ${HEAD}` },
      ['actor comment_changed'],
    ],
    [
      'is older than the push',
      { ...comment, createdAt: '2026-03-01T09:00:00Z', updatedAt: '2026-03-01T09:00:00Z' },
      ['actor request_stale'],
    ],
  ])('a comment that %s is refused', (_name, now, codes) => {
    expect(told({ trigger: byComment, facts: { comment: now } })).toEqual(codes);
  });

  test('a comment that names the head commit may be older than the push', () => {
    const old = {
      ...comment,
      body: `/auto-merge ${HEAD}`,
      createdAt: '2026-03-01T09:00:00Z',
      updatedAt: '2026-03-01T09:00:00Z',
    };
    expect(told({ trigger: { ...byComment, sha: HEAD }, facts: { comment: old } })).toEqual([]);
  });

  test('the scenario may have a command of its own', () => {
    expect(told({ trigger: byComment, facts: { comment }, pack: { trigger_comment: '/ship' } })).toEqual([
      'actor comment_changed',
    ]);
  });
});

describe('bot and actor spoofing', () => {
  test('a bot is known by its number, not by its name', () => {
    const facts = { push: { ...GOOD.push, by: BOT } as MergeFacts['push'] };
    const pack = { trusted_bots: [BOT.id] };
    expect(told({ pull: { author: BOT }, facts, pack })).toEqual([]);
    const imitation = { ...BOT, id: 4711 };
    expect(told({ pull: { author: imitation }, facts, pack })).toEqual(['origin author_untrusted']);
    expect(told({ pull: { author: BOT }, facts })).toEqual(['origin author_untrusted', 'origin pusher_untrusted']);
  });

  test('a person whose name is that of a trusted bot has the role of that person', () => {
    const person = { login: 'renovate[bot]', id: 5, type: 'User' };
    expect(told({ pull: { author: person }, pack: { trusted_bots: [BOT.id] } })).toEqual(['origin author_untrusted']);
  });

  test.each([
    [
      'a reader who adds the label',
      { labels: GOOD.labels.map(({ name }) => labelled(name, '2026-03-01T10:05:00Z', STRANGER)) },
    ],
    [
      'an account that is gone',
      { labels: GOOD.labels.map(({ name, added }) => ({ name, added: added && { ...added, by: null } })) },
    ],
    [
      'somebody whose role cannot be read',
      { labels: GOOD.labels.map(({ name }) => labelled(name, '2026-03-01T10:05:00Z', { ...REVIEWER, id: 99 })) },
    ],
  ])('%s does not ask for a merge', (_name, facts) => {
    expect(new Set(told({ facts }))).toEqual(new Set(['actor actor_untrusted']));
  });

  test('a role counts as GitHub names it: maintain is not flattened to write, triage not to read', () => {
    const pack = { actor_roles: ['maintain', 'admin'] };
    expect(told({ pack })).toEqual(['actor actor_untrusted']);
    expect(told({ pack, facts: { standings: [standing(AUTHOR, 'maintain')] } })).toEqual([]);
    const custom = [{ account: AUTHOR, role: 'release-manager', permission: 'write' }];
    expect(told({ pack, facts: { standings: custom } })).toEqual(['actor actor_untrusted']);
    expect(told({ pack: { actor_roles: ['release-manager'] }, facts: { standings: custom } })).toEqual([]);
  });

  test('who merely triggered the event needs no role when labels ask', () => {
    expect(told({ trigger: { kind: 'push', actor: STRANGER } })).toEqual([]);
    expect(told({ trigger: { kind: 'label', label: 'change:safe', actor: STRANGER } })).toEqual([
      'actor actor_untrusted',
    ]);
  });
});

describe('the same repository is not trusted', () => {
  test.each([
    ['a fork', { head: { ...PULL.head, repositoryId: 8 } }, {}, ['origin fork_head']],
    ['a fork that is gone', { head: { ...PULL.head, repositoryId: null } }, {}, ['origin fork_head']],
    ['an author who may not push', { author: STRANGER }, {}, ['origin author_untrusted']],
    ['an author whose account is gone', { author: null }, {}, ['origin author_untrusted']],
    [
      'an author whose permission could not be read',
      { author: { ...AUTHOR, id: 50 } },
      {},
      ['origin author_untrusted'],
    ],
    ['a pusher who may no longer push', {}, { push: { ...GOOD.push, by: STRANGER } }, ['origin pusher_untrusted']],
  ])('%s is refused', (_name, pull, facts, codes) => {
    expect(told({ pull, facts })).toEqual(codes);
  });
});

describe('forged green checks', () => {
  const run = greenJob('obs-lint').run;
  if (run === null) throw new Error('the sample has a run');
  test.each([
    ['of another app', greenJob('obs-lint', { appId: 4 })],
    ['of an unknown app', greenJob('obs-lint', { appId: null })],
    ['of the same app without a workflow run', greenJob('obs-lint', { run: null })],
    ['of the same app that no run has as a job', greenJob('obs-lint', { run: { ...run, job: 'no_job' } })],
    ['of a run whose jobs nobody read', greenJob('obs-lint', { run: { ...run, job: 'unread' } })],
    ['for another commit', greenJob('obs-lint', { headSha: 'e'.repeat(40) })],
    ['of a run for another commit', greenJob('obs-lint', { run: { ...run, headSha: 'e'.repeat(40) } })],
    ['of a run for another branch', greenJob('obs-lint', { run: { ...run, headBranch: 'evil' } })],
    ['of a run that an issue comment started', greenJob('obs-lint', { run: { ...run, event: 'issue_comment' } })],
    [
      'as a commit status',
      {
        kind: 'status',
        name: 'obs-lint',
        headSha: HEAD,
        creator: AUTHOR,
        state: 'success',
        createdAt: '2026-03-01T10:01:00Z',
      } as const,
    ],
  ])('one %s does not count', (_name, check) => {
    expect(told({ facts: checks(check) })).toEqual(['checks check_unbound']);
  });

  test('of another workflow does not count when the rulepack binds it', () => {
    const bound = { checks: [{ context: 'obs-lint', workflow: '.github/workflows/gate.yml' }] };
    expect(told({ pack: bound })).toEqual(['checks check_unbound']);
    expect(
      told({
        pack: bound,
        facts: checks(greenJob('obs-lint', { run: { ...run, path: '.github/workflows/gate.yml' } })),
      }),
    ).toEqual([]);
  });

  test('of a pull request with the same head and another base, which brings its own workflow, does not count', () => {
    expect(told({ pull: { twins: [{ number: 6, base: 'lax' }] } })).toEqual(['checks check_unbound']);
  });

  test('a red one of the real workflow is not outvoted by a green one of another', () => {
    const red = greenJob('obs-lint', { conclusion: 'failure' });
    const green = greenJob('obs-lint', { id: 200, run: { ...run, id: 11, path: '.github/workflows/other.yml' } });
    expect(told({ facts: checks(red, green) })).toEqual(['checks check_not_green']);
  });

  test('a second run of the same workflow replaces the first, green or red', () => {
    const first = greenJob('obs-lint', { conclusion: 'failure' });
    const second = greenJob('obs-lint', { id: 200, run: { ...run, id: 11 } });
    expect(told({ facts: checks(first, second) })).toEqual([]);
    expect(told({ facts: checks({ ...first, conclusion: 'success' }, { ...second, conclusion: 'failure' }) })).toEqual([
      'checks check_not_green',
    ]);
  });

  test('a job of a called workflow answers for the name that a rulepack gives it, but not for that of the protection', () => {
    const called = greenJob('obs-lint / obs-lint');
    const open = { kind: 'read', snapshot: { ...PROTECTED, classic: null } } as const;
    expect(told({ facts: { ...checks(called), protection: open } })).toEqual([]);
    expect(told({ facts: checks(called) })).toEqual(['checks check_missing']);
    const red = greenJob('other / obs-lint', { id: 101, conclusion: 'failure' });
    expect(told({ facts: { ...checks(called, red), protection: open } })).toEqual(['checks check_not_green']);
    expect(told({ facts: { ...checks(greenJob('obs-lint / other')), protection: open } })).toEqual([
      'checks check_missing',
    ]);
  });

  test('a name of another letter case is another check', () => {
    expect(judge({ facts: checks(greenJob('Obs-Lint')) }).refusals.map(({ code, kind }) => [code, kind])).toEqual([
      ['check_missing', 'wait'],
    ]);
  });
});

describe('checks that are not green', () => {
  test.each([
    'failure',
    'cancelled',
    'timed_out',
    'action_required',
    'stale',
    'startup_failure',
    'skipped',
    'neutral',
    null,
  ])('%s is not green', (conclusion) => {
    expect(told({ facts: checks(greenJob('obs-lint', { conclusion })) })).toEqual(['checks check_not_green']);
  });

  test('skipped counts as green only where the rulepack says so', () => {
    const pack = { checks: [{ context: 'obs-lint', accept: ['skipped'] }] };
    expect(told({ pack, facts: checks(greenJob('obs-lint', { conclusion: 'skipped' })) })).toEqual([]);
    expect(told({ pack, facts: checks(greenJob('obs-lint', { conclusion: 'neutral' })) })).toEqual([
      'checks check_not_green',
    ]);
  });

  test('a pending one waits, or stops as configured', () => {
    const facts = checks(greenJob('obs-lint', { status: 'in_progress', conclusion: null }));
    expect(judge({ facts })).toMatchObject({ outcome: 'wait', refusals: [{ code: 'check_pending', kind: 'wait' }] });
    expect(judge({ facts, merge: { pending_checks: 'stop' } })).toMatchObject({
      outcome: 'refuse',
      refusals: [{ code: 'check_pending', kind: 'refuse' }],
    });
  });

  test('those of rulesets count too, bound to their app', () => {
    const rules = [
      {
        type: 'required_status_checks',
        rulesetId: 3,
        rulesetSource: 'Repository',
        parameters: { required_status_checks: [{ context: 'build', integration_id: 99 }, { context: 'any' }] },
      },
    ] as const;
    const protection = { kind: 'read', snapshot: { ...PROTECTED, rules } } as const;
    expect(judge({ facts: { protection } }).refusals.map(({ code, subject }) => [code, subject])).toEqual([
      ['check_missing', 'build'],
      ['check_missing', 'any'],
    ]);
    const list = [greenJob('obs-lint'), greenJob('build', { appId: 4 }), greenJob('any', { appId: 4, run: null })];
    expect(
      judge({ facts: { protection, ...checks(...list) } }).refusals.map(({ code, subject }) => [code, subject]),
    ).toEqual([['check_unbound', 'build']]);
  });

  test('a list that is not whole decides nothing', () => {
    expect(
      told({ facts: { checks: { kind: 'incomplete', checks: [greenJob('obs-lint')], why: 'page 2 failed' } } }),
    ).toEqual(['checks checks_incomplete']);
  });
});

describe('base and mergeability', () => {
  test.each<[string, Case, string[]]>([
    [
      'another base branch',
      { pull: { base: { branch: 'release', sha: 'f', changedAt: null } } },
      ['base base_not_allowed'],
    ],
    [
      'a base branch that the rulepack allows and the configuration does not',
      { pull: { base: { branch: 'dev', sha: 'f', changedAt: null } }, pack: { base_branch: ['dev'] } },
      ['base base_not_allowed'],
    ],
    [
      'a base branch that is gone',
      { pull: { base: { branch: 'main', sha: '', changedAt: null } } },
      ['base base_not_allowed'],
    ],
    ['a conflict', { pull: { mergeable: 'conflicting' } }, ['base merge_conflict']],
    ['a draft', { pull: { draft: true } }, ['base draft']],
    ['one that is merged', { pull: { state: 'merged' } }, ['base pull_merged']],
    ['one that is closed', { pull: { state: 'closed' } }, ['base pull_closed']],
    ['one in a merge queue', { pull: { queued: true } }, ['base merge_queue']],
    ['unresolved threads', { facts: { threads: { kind: 'complete', unresolved: 2 } } }, ['base threads_unresolved']],
    [
      'threads that could not be counted',
      { facts: { threads: { kind: 'incomplete', unresolved: 0, why: 'more than 100' } } },
      ['base threads_unresolved'],
    ],
    [
      'requested changes',
      {
        facts: {
          reviews: [{ author: REVIEWER, state: 'changes_requested', commit: HEAD, submittedAt: null, mayPush: true }],
        },
      },
      ['base changes_requested'],
    ],
    ['a freeze', { facts: { freeze: { kind: 'frozen', by: 'the variable FREEZE' } } }, ['base frozen']],
    ['a freeze that nobody can tell', { facts: { freeze: { kind: 'unreadable', why: '403' } } }, ['base frozen']],
    [
      'a protection that could not be read',
      { facts: { protection: { kind: 'unreadable', why: '404' } } },
      ['base protection_unreadable'],
    ],
    ['a method that the repository forbids', { merge: { method: 'rebase' } }, ['base method_not_allowed']],
    [
      'an archived repository',
      { facts: { repository: { ...GOOD.repository, archived: true } } },
      ['base branch_locked'],
    ],
    ['a scenario that is never relaxed', { pack: { relaxable: false } }, ['base not_relaxable']],
    [
      'a scenario that only merges when nothing is missing',
      { pack: { merge_state: ['clean'] } },
      ['base not_relaxable'],
    ],
    ['a scenario that wants an approval of its own', { pack: { require_reviews: 1 } }, ['base reviews_missing']],
  ])('%s is refused', (_name, spec, codes) => {
    expect(told(spec)).toEqual(codes);
  });

  test('mergeability that GitHub has not worked out waits', () => {
    expect(judge({ pull: { mergeable: 'unknown' } })).toMatchObject({
      outcome: 'wait',
      refusals: [{ code: 'mergeable_unknown' }],
    });
  });

  test('a branch behind its base is refused only where the protection asks for it', () => {
    const pull = { head: { ...PULL.head, behindBy: 3 } };
    expect(told({ pull })).toEqual([]);
    const strict = {
      ...PROTECTED,
      classic: PROTECTED.classic && { ...PROTECTED.classic, statusChecks: { strict: true, checks: [] } },
    };
    const facts = { protection: { kind: 'read', snapshot: strict } } as const;
    expect(told({ pull, facts })).toEqual(['base branch_behind']);
    expect(told({ pull: { head: { ...PULL.head, behindBy: null } }, facts })).toEqual(['base branch_behind']);
    expect(told({ facts })).toEqual([]);
  });

  test('nothing stands against a pull request that is approved', () => {
    const reviews = [{ author: REVIEWER, state: 'approved', commit: HEAD, submittedAt: null, mayPush: true }] as const;
    const evaluation = judge({
      facts: { reviews },
      pull: { reviewDecision: 'approved' },
      pack: { relaxable: false, require_reviews: 1 },
    });
    expect(evaluation).toMatchObject({ outcome: 'pass', singleCause: { kind: 'none' } });
  });

  test('an approval by the author, by somebody who may not push, or of an older commit is none for require_reviews', () => {
    const approved = (more: object): MergeFacts['reviews'][number] => ({
      author: REVIEWER,
      state: 'approved',
      commit: HEAD,
      submittedAt: null,
      mayPush: true,
      ...more,
    });
    for (const review of [
      approved({ author: AUTHOR }),
      approved({ mayPush: false }),
      approved({ commit: 'old' }),
      approved({ author: null }),
    ])
      expect(told({ facts: { reviews: [review] }, pack: { require_reviews: 1 } })).toEqual(['base reviews_missing']);
  });

  test('a review count that a ruleset does not tell is never read as zero', () => {
    const rules = [{ type: 'pull_request', rulesetId: 3, rulesetSource: 'Repository', parameters: {} }] as const;
    const facts = { protection: { kind: 'read', snapshot: { ...PROTECTED, classic: null, rules } } } as const;
    expect(judge({ facts }).singleCause).toMatchObject({
      kind: 'review',
      causes: [{ need: 'approvals', from: { rulesetId: 3 } }],
    });
  });
});

describe('rest after a rollback', () => {
  const rollback = (ts: string, scenario = 'safe-docs'): AuditEntry => ({
    schema: 'obsgate.audit/1',
    id: 'x',
    ts,
    stage: 'rollback',
    result: 'done',
    reasons: [],
    actor: 'obsgate',
    run: { id: 1, attempt: 1, url: '' },
    ctx: { scenario },
    prev: '0'.repeat(64),
  });
  const pack = { cooldown: '1h' };

  test('a scenario rests for its cooldown, to the second, and only that scenario', () => {
    expect(told({ pack, ledger: [rollback('2026-03-01T09:10:01Z')] })).toEqual(['path-policy cooldown']);
    expect(told({ pack, ledger: [rollback('2026-03-01T09:10:00Z')] })).toEqual([]);
    expect(told({ pack, ledger: [rollback('2026-03-01T10:00:00Z', 'helm')] })).toEqual([]);
    expect(told({ ledger: [rollback('2026-03-01T10:00:00Z')] })).toEqual([]);
  });

  test('a rollback whose time is ahead of the clock counts', () => {
    expect(told({ pack, ledger: [rollback('2026-03-01T11:00:00Z')] })).toEqual(['path-policy cooldown']);
  });
});

describe('a rulepack that cannot be read', () => {
  test('stops all merges, for it may be the one that forbids', () => {
    const set = {
      rulepacks: [samplePack()],
      problems: [{ file: 'rulepack/x.yml', line: 2, column: 1, message: 'unknown key' }],
    };
    const evaluation = evaluateGates(GOOD, set, sampleConfig(), requestBy());
    expect(evaluation.refusals).toMatchObject([
      { gate: 'path-policy', code: 'rulepack_invalid', message: '"rulepack/x.yml":2:1: unknown key' },
    ]);
  });
});
