import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateGates, type Evaluation } from './evaluate.ts';
import type { MergeFacts, PullFacts } from './facts.ts';
import {
  BASE,
  GOOD,
  STRANGER,
  greenJob,
  packSet,
  requestBy,
  sampleConfig,
  samplePack,
  textFile,
} from './sample-facts.ts';

/** One thing that goes wrong by itself, and the code that must be told whatever else goes wrong. */
type Fault = { readonly code: string; readonly spoil: (facts: MergeFacts) => MergeFacts };

const pull = (code: string, more: Partial<PullFacts>): Fault => ({
  code,
  spoil: (facts) => ({ ...facts, pull: { ...facts.pull, ...more } }),
});
const facts = (code: string, more: Partial<MergeFacts>): Fault => ({
  code,
  spoil: (before) => ({ ...before, ...more }),
});

const FAULTS: readonly Fault[] = [
  {
    code: 'fork_head',
    spoil: (all) => ({ ...all, pull: { ...all.pull, head: { ...all.pull.head, repositoryId: 1 } } }),
  },
  pull('author_untrusted', { author: STRANGER }),
  pull('draft', { draft: true }),
  pull('merge_conflict', { mergeable: 'conflicting' }),
  pull('merge_queue', { queued: true }),
  pull('changes_requested', { reviewDecision: 'changes_requested' }),
  pull('base_not_allowed', { base: { branch: 'other', sha: BASE, changedAt: null } }),
  pull('too_many_changes', { additions: 1_000_000 }),
  pull('files_incomplete', { changedFiles: 3000 }),
  facts('forbidden_path', { files: { kind: 'complete', files: [textFile('docs/CODEOWNERS')] } }),
  facts('pusher_unknown', { push: { kind: 'unknown', why: 'x' } }),
  facts('label_missing', { labels: [] }),
  facts('check_not_green', { checks: { kind: 'complete', checks: [greenJob('obs-lint', { conclusion: 'failure' })] } }),
  facts('threads_unresolved', { threads: { kind: 'complete', unresolved: 1 } }),
  facts('frozen', { freeze: { kind: 'unreadable', why: 'x' } }),
  facts('protection_unreadable', { protection: { kind: 'unreadable', why: 'x' } }),
];

function judge(all: MergeFacts): Evaluation {
  return evaluateGates(all, packSet(samplePack()), sampleConfig(), requestBy());
}

test('whatever goes wrong together, each of it is told, and nothing passes', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...FAULTS], { minLength: 1 }), (faults) => {
      const evaluation = judge(faults.reduce((all, { spoil }) => spoil(all), GOOD));
      const codes = evaluation.refusals.map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining(faults.map(({ code }) => code)));
      expect(evaluation.outcome).toBe('refuse');
      expect(['more', 'unknown']).toContain(evaluation.singleCause.kind);
      expect(evaluation.verdicts).toHaveLength(6);
    }),
  );
});

test('the same facts give the same verdicts', () => {
  expect(judge(structuredClone(GOOD))).toEqual(judge(GOOD));
});

test('every refusal says what is wrong and what to do, in one line without characters that hide text', () => {
  const hostile = 'x\n::error::\u202E`$(id)`\u001B[31m';
  const names = { login: hostile, id: 99, type: 'User' };
  const evaluation = evaluateGates(
    {
      ...GOOD,
      pull: { ...GOOD.pull, title: hostile, author: names, base: { branch: hostile, sha: BASE, changedAt: null } },
      push: { kind: 'known', at: '2026-03-01T10:00:00Z', by: names, after: GOOD.pull.head.sha, activity: 'push' },
      files: { kind: 'complete', files: [textFile(`docs/${hostile}`), textFile(`.github/${hostile}`, hostile)] },
      labels: [{ name: hostile, added: { at: '2026-03-01T10:05:00Z', by: names } }],
      checks: { kind: 'complete', checks: [greenJob('obs-lint', { appId: 1, appSlug: hostile, conclusion: hostile })] },
      reviews: [{ author: names, state: 'changes_requested', commit: null, submittedAt: null, mayPush: false }],
    },
    packSet(samplePack()),
    sampleConfig({ block_labels: [hostile] }),
    requestBy(),
  );
  expect(evaluation.refusals.length).toBeGreaterThan(8);
  for (const { message, help } of evaluation.refusals) {
    expect(message).not.toBe('');
    expect(help).not.toBe('');
    expect(`${message}${help}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});
