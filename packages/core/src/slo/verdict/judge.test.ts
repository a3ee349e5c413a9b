import { describe, expect, test } from 'vitest';
import { loadSlo } from '../spec/index.ts';
import { MERGED_AT, body, counts, data, minutes } from './fixture.ts';
import { judge } from './judge.ts';
import type { Merge, WatchVerdict } from './model.ts';

const FILE = `
window: 120m
step: 60s
slo:
  errors:
    bad: sum(increase(http_requests_total{code=~"5.."}[1m]))
    total: sum(increase(http_requests_total[1m]))
    max: 0.003
`;

type Case = {
  /** Share of bad requests by minute since the merge. */
  readonly share?: (minute: number) => number;
  readonly requests?: number;
  /** Minutes since the merge at which it is judged. */
  readonly at?: number;
  readonly gap?: (minute: number) => boolean;
  readonly merges?: readonly Partial<Merge>[];
  readonly file?: string;
};

function verdictOf({
  share = () => 0.001,
  requests = 5000,
  at = 60,
  gap = () => false,
  merges,
  file = FILE,
}: Case): WatchVerdict {
  const total = counts(1, () => requests);
  const bad = counts(2, (minute) => requests * share(minute));
  const bodies = {
    'errors.total': body(minutes(at, (minute) => (gap(minute) ? undefined : total(minute)))),
    'errors.bad': body(minutes(at, (minute) => (gap(minute) ? undefined : bad(minute)))),
  };
  return judge(loadSlo('.slo/a.yml', file), data(bodies, merges), {
    mergedAt: MERGED_AT,
    now: MERGED_AT + at * 60 + 30,
  });
}

const answer = ({ outcome, reasons }: WatchVerdict): string[] => [outcome, ...reasons.map(({ code }) => code)];
const from =
  (onset: number, level = 0.012) =>
  (minute: number): number =>
    minute > onset ? level : 0.001;

describe('the absolute rule', () => {
  test('a healthy service passes, but not before half an hour', () => {
    expect(answer(verdictOf({ at: 31 }))).toEqual(['pass']);
    expect(answer(verdictOf({ at: 29 }))).toEqual(['hold', 'window_open']);
  });

  test('four times the limit is a breach after five minutes, with onset, decision and both numbers', () => {
    expect(answer(verdictOf({ share: from(10), at: 14 }))).not.toContain('slo_breached');
    const verdict = verdictOf({ share: from(10), at: 16 });
    expect(answer(verdict)).toEqual(['breach', 'slo_breached']);
    const [metric] = verdict.metrics;
    expect([metric?.onset, metric?.decidedAt]).toEqual([MERGED_AT + 600, MERGED_AT + 900]);
    expect(verdict.reasons[0]?.message).toMatchInlineSnapshot(
      `"1.12 % bad (279 of 25,000 requests) in 5 minutes, over the limit of 0.3 %; at least 0.968 % are proved"`,
    );
  });

  test('an outage is a breach after three minutes, and a blip of two is none', () => {
    expect(answer(verdictOf({ share: from(10, 0.2), at: 13 }))).toEqual(['breach', 'slo_breached']);
    const blip = (minute: number): number => (minute > 10 && minute <= 12 ? 0.2 : 0.001);
    for (const at of [11, 12, 13, 14, 20]) expect(verdictOf({ share: blip, at }).outcome, `minute ${at}`).toBe('hold');
  });

  test('the verdict does not change while the breach lasts, and ends as a hold when it ends by itself', () => {
    const decided = [16, 40, 120].map((at) => verdictOf({ share: from(10), at }).metrics[0]?.decidedAt);
    expect(new Set(decided).size).toBe(1);
    const ended = verdictOf({ share: (minute) => (minute > 10 && minute <= 30 ? 0.012 : 0.001), at: 60 });
    expect(answer(ended)).toEqual(['hold', 'breach_ended']);
  });

  test('below two bad requests a minute at the limit nothing is proved', () => {
    expect(answer(verdictOf({ requests: 300, share: from(5, 0.1), at: 60 }))).toEqual(['hold', 'too_little_traffic']);
  });

  test('at the deadline what is not proved is said to be so', () => {
    expect(answer(verdictOf({ share: () => 0.0029, requests: 700, at: 120 }))).toEqual(['hold', 'unproven']);
  });
});

describe('what is not the fault of the change', () => {
  test('an objective that was broken before the merge is held', () => {
    expect(answer(verdictOf({ share: () => 0.02 }))).toEqual(['hold', 'preexisting']);
    expect(answer(verdictOf({ share: from(-12, 0.02) }))).toEqual(['hold', 'preexisting']);
  });

  test('without data from before the merge, a service that was never well is held', () => {
    expect(answer(verdictOf({ share: () => 0.02, gap: (minute) => minute <= 0 }))).toEqual([
      'hold',
      'baseline_missing',
    ]);
    expect(answer(verdictOf({ share: from(10), gap: (minute) => minute <= 0 }))).toEqual(['breach', 'slo_breached']);
  });

  test('another merge near the onset makes it ambiguous, one long before or after the decision does not', () => {
    const own = { pr: 1, mergedAt: MERGED_AT };
    const other = (minute: number, deployed?: number): Partial<Merge> => ({
      pr: 2,
      mergedAt: MERGED_AT + minute * 60,
      deployedAt: deployed === undefined ? undefined : MERGED_AT + deployed * 60,
    });
    const judged = (merges: readonly Partial<Merge>[]): string[] =>
      answer(verdictOf({ share: from(10), at: 30, merges }));
    expect(judged([own, other(4)])).toEqual(['hold', 'ambiguous']);
    expect(judged([own, other(-15)])).toEqual(['hold', 'ambiguous']);
    expect(judged([own, other(-60)])).toEqual(['breach', 'slo_breached']);
    expect(judged([own, other(25)])).toEqual(['breach', 'slo_breached']);
    const marked = { ...own, deployedAt: MERGED_AT + 540 };
    expect(judged([marked, other(-15, -10)])).toEqual(['breach', 'slo_breached']);
    expect(judged([{ ...own, deployedAt: MERGED_AT + 60 }, other(4, 9)])).toEqual(['hold', 'ambiguous']);
  });
});

describe('missing data', () => {
  const lost = (minute: number): boolean => minute % 3 === 0;

  test('less than four fifths of the slices is a hold, whatever the rest says', () => {
    expect(answer(verdictOf({ gap: lost }))).toEqual(['hold', 'coverage_low']);
    expect(answer(verdictOf({ gap: lost, share: from(10) }))).toEqual(['hold', 'coverage_low']);
    expect(answer(verdictOf({ gap: (minute) => minute % 10 === 0 }))).toEqual(['pass']);
  });

  test('the file may say that missing data are a breach, or that they have no say', () => {
    const file = (word: string): string => `${FILE}    on_missing: ${word}\n`;
    expect(answer(verdictOf({ gap: lost, file: file('breach') }))).toEqual(['breach', 'coverage_low']);
    expect(answer(verdictOf({ gap: lost, file: file('ignore') }))).toEqual(['hold', 'coverage_low']);
  });

  test.each([
    ['no answer', undefined, 'server_unreachable'],
    ['an error', JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' }), 'query_failed'],
    ['half an answer', body([]).replace('"status"', '"warnings":["no store"],"status"'), 'query_failed'],
    ['no JSON', '<html>', 'unexpected_answer'],
  ])('%s is an error, never a breach', (_, text, code) => {
    const spec = loadSlo('a.yml', `${FILE}    on_missing: breach\n`);
    const bodies = {
      'errors.total': body(minutes(60, () => 5000)),
      ...(text === undefined ? {} : { 'errors.bad': text }),
    };
    expect(answer(judge(spec, data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 3600 }))).toEqual(['error', code]);
  });

  test('an absent count of bad requests is not zero of them', () => {
    const bodies = {
      'errors.total': body(
        minutes(
          60,
          counts(1, () => 5000),
        ),
      ),
      'errors.bad': body([]),
    };
    const verdict = judge(loadSlo('a.yml', FILE), data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 3600 });
    expect(answer(verdict)).toEqual(['hold', 'coverage_low']);
    expect(verdict.metrics[0]?.coverage.missing).toEqual({ absent: 59 });
  });

  test('nan, no traffic and counts that contradict each other are told apart', () => {
    const total = minutes(40, (minute) => (minute === 3 ? 0 : 5000 + minute));
    const bad = minutes(40, (minute) => (minute === 5 ? 'NaN' : minute === 7 ? 9000 : minute === 9 ? undefined : 5));
    const bodies = { 'errors.total': body(total), 'errors.bad': body(bad) };
    const verdict = judge(loadSlo('a.yml', FILE), data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 2430 });
    expect(verdict.metrics[0]?.coverage.missing).toEqual({ no_traffic: 1, nan: 1, counter_reset: 1, absent: 1 });
  });

  test('a constant under a production name is synthetic', () => {
    const bodies = { 'errors.total': body(minutes(60, () => 5000)), 'errors.bad': body(minutes(60, () => 5)) };
    const verdict = judge(loadSlo('a.yml', FILE), data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 3600 });
    expect(answer(verdict)).toEqual(['hold', 'synthetic_data']);
  });
});

describe('values without counts', () => {
  const FILE_OF_USERS = `
window: 120m
step: 60s
slo:
  error_rate:
    query: sum(rate(e_total[5m])) / sum(rate(r_total[5m]))
    threshold: 0.003
  availability: { query: probe_success_ratio, threshold: 0.995 }
rollback: { enabled: true }
notify: [chat]
`;
  const judged = (rate: (minute: number) => number, at: number, age = 10): WatchVerdict => {
    const noise = counts(3, () => 100);
    const bodies = {
      'error_rate.query': body(minutes(at, (minute) => rate(minute) * (noise(minute) / 100))),
      'availability.query': body(minutes(at, (minute) => 0.999 + (minute % 3) / 10_000)),
      'availability.age': body(minutes(at, (minute) => (minute > 0 ? age : 5))),
    };
    const options = { mergedAt: MERGED_AT, now: MERGED_AT + at * 60 + 30 };
    return judge(
      loadSlo('a.yml', FILE_OF_USERS.replace('0.995 }', '0.995, on_missing: ignore }')),
      data(bodies),
      options,
    );
  };

  test('a smeared ratio must be broken for five minutes and its own range', () => {
    expect(judged(from(10), 18).outcome).toBe('hold');
    expect(answer(judged(from(10), 20))).toEqual(['breach', 'slo_breached']);
  });

  test('what a blip leaves in the ratio for six minutes is no breach', () => {
    expect(judged((minute) => (minute > 10 && minute <= 17 ? 0.02 : 0.001), 40).outcome).not.toBe('breach');
  });

  test('the reader is told what limits it, and how a threshold is read', () => {
    expect(judged(() => 0.001, 40).remarks.map(({ code }) => code)).toEqual(['smoothed_query', 'direction_assumed']);
  });

  test('an old value that the server repeats is stale, not a value', () => {
    const verdict = judged(() => 0.001, 40, 240);
    expect(verdict.metrics[1]?.coverage.missing).toEqual({ stale: 40 });
    expect(verdict.metrics[1]?.ignored).toBe(true);
    expect(verdict.outcome).toBe('pass');
  });
});

test('all-of breaks only when all of them are broken', () => {
  const file = `${FILE}  latency: { query: p95_seconds, max: 0.45 }\ncombine: { all-of: [errors, latency] }\n`;
  const judged = (slow: number): string[] => {
    const total = counts(1, () => 5000);
    const bad = counts(2, (minute) => 5000 * from(10)(minute));
    const wobble = counts(4, () => 1000);
    const bodies = {
      'errors.total': body(minutes(40, total)),
      'errors.bad': body(minutes(40, bad)),
      'latency.query': body(minutes(40, (minute) => (minute > 10 ? slow : 0.2) * (wobble(minute) / 1000))),
    };
    return answer(judge(loadSlo('a.yml', file), data(bodies), { mergedAt: MERGED_AT, now: MERGED_AT + 2430 }));
  };
  expect(judged(0.2)).toEqual(['hold', 'partly_broken']);
  expect(judged(0.9)).toEqual(['breach', 'slo_breached', 'slo_breached']);
});

test('a shift within the limit is a remark', () => {
  const verdict = verdictOf({ share: (minute) => (minute > 0 ? 0.002 : 0.0005), at: 120 });
  expect(answer(verdict)).toEqual(['pass']);
  expect(verdict.remarks.map(({ code }) => code)).toEqual(['relative_shift']);
});
