import { describe, expect, test } from 'vitest';
import { measured, missing, type Measured } from '../../kernel/index.ts';
import type { InstantSample } from '../../server/index.ts';
import { judgeInstant, judgeRange, rangeTimes } from './judge-query.ts';
import { smokeSchema, type SmokeQuery } from './schema.ts';

type QueryInput = { expect: object; on_missing?: string };

function query(input: QueryInput): SmokeQuery {
  const [first] = smokeSchema.parse({ queries: [{ name: 'q', expr: 'up', ...input }] }).queries;
  if (first === undefined) throw new Error('no query');
  return first;
}

function samples(...values: (number | Measured)[]): InstantSample[] {
  return values.map((value, index) => ({
    labels: { __name__: 'm', i: String(index) },
    value: typeof value === 'number' ? measured(value, 100) : value,
  }));
}

describe('a result at one moment', () => {
  test.each<[string, QueryInput['expect'], readonly (number | Measured)[], string]>([
    ['equal', { op: '==', value: 1 }, [1], 'pass'],
    ['not equal', { op: '==', value: 1 }, [2], 'fail'],
    ['equal within the tolerance', { op: '==', value: 1, tolerance: 0.1 }, [1.05], 'pass'],
    ['different only within the tolerance', { op: '!=', value: 1, tolerance: 0.1 }, [1.05], 'fail'],
    ['infinity is a value', { op: '>', value: 1 }, [Infinity], 'pass'],
    ['infinity is no near miss', { op: '<=', value: 1, tolerance: 5 }, [Infinity], 'fail'],
    ['below', { op: '<', value: 1 }, [1], 'fail'],
    ['at most', { op: '<=', value: 1 }, [1], 'pass'],
    ['above', { op: '>', value: 1 }, [1], 'fail'],
    ['at least', { op: '>=', value: 1 }, [1], 'pass'],
    ['between, bounds included', { between: [1, 2] }, [1, 2], 'pass'],
    ['outside', { between: [1, 2] }, [1, 2.1], 'fail'],
    ['one of many wrong', { op: '==', value: 1 }, [1, 1, 0], 'fail'],
    ['one of many right is enough for any', { op: '==', value: 1, series: 'any' }, [0, 1], 'pass'],
    ['none right for any', { op: '==', value: 1, series: 'any' }, [0, 2], 'fail'],
    ['count', { count: { value: 2 } }, [0, 0], 'pass'],
    ['another count', { count: { op: '<', value: 2 } }, [0, 0], 'fail'],
    ['an allowed zero count', { count: { value: 0 } }, [], 'pass'],
    ['an empty result', { op: '!=', value: 1 }, [], 'fail'],
    ['NaN is no number, also not an unequal one', { op: '!=', value: 1 }, [missing('nan')], 'fail'],
    ['labels that all series carry', { labels: { __name__: 'm' } }, [1, 2], 'pass'],
    ['a label with another value', { labels: { i: '0' } }, [1, 2], 'fail'],
    ['a label that must be absent', { labels: { x: '' } }, [1], 'pass'],
  ])('%s', (_, expectation, values, outcome) => {
    expect(judgeInstant(query({ expect: expectation }), samples(...values)).outcome).toBe(outcome);
  });

  test.each([
    ['fail', 'fail'],
    ['hold', 'hold'],
    ['pass', 'pass'],
  ])('missing data with on_missing %s is %s', (on_missing, outcome) => {
    const item = query({ expect: { op: '==', value: 1 }, on_missing });
    expect(judgeInstant(item, []).outcome).toBe(outcome);
    expect(judgeInstant(item, samples(1, missing('nan'))).outcome).toBe(outcome);
  });

  test('a wrong value is a failure even where missing data would be allowed or held', () => {
    for (const on_missing of ['hold', 'pass']) {
      const item = query({ expect: { op: '==', value: 1 }, on_missing });
      expect(judgeInstant(item, samples(2, missing('nan'))).outcome).toBe('fail');
    }
  });

  test('messages carry the series and both numbers', () => {
    const { problems } = judgeInstant(query({ expect: { op: '>=', value: 2 } }), samples(1));
    expect(problems.map(({ message }) => message)).toEqual(['m{i="0"} is 1, expected >= 2']);
  });
});

describe('a result over a time', () => {
  const times = rangeTimes(100, 30, 10);
  const item = query({ expect: { op: '==', value: 1 } });
  const series = (...points: readonly (readonly [number, number])[]): Parameters<typeof judgeRange>[1] => ({
    series: [{ labels: { __name__: 'm' }, points: points.map(([at, value]) => measured(value, at)) }],
  });

  test('the steps end at the end', () => {
    expect(times).toEqual([70, 80, 90, 100]);
  });

  test('holds at every step', () => {
    expect(judgeRange(item, series([70, 1], [80, 1], [90, 1], [100, 1]), times).outcome).toBe('pass');
  });

  test('fails at one step, and says which', () => {
    const judged = judgeRange(item, series([70, 1], [80, 3], [90, 1], [100, 1]), times);
    expect(judged.problems.map(({ message }) => message)).toEqual([
      'm is 3, expected == 1 (at 1 of 4 steps, 00:01:20 to 00:01:20)',
    ]);
  });

  test('a gap is missing data', () => {
    expect(judgeRange(item, series([70, 1], [80, 1], [100, 1]), times).problems[0]?.kind).toBe('missing');
    expect(judgeRange(item, { series: [] }, times).outcome).toBe('fail');
  });

  test('NaN at a step is a gap', () => {
    expect(judgeRange(item, series([70, 1], [80, Number.NaN], [90, 1], [100, 1]), times).outcome).toBe('fail');
  });
});
