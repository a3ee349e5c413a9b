import { expect, test } from 'vitest';
import { findTestFiles, requireShard, shardOf } from './find-test-files.ts';

test('tests are what the globs name and every *_test.yml, sorted, each once', () => {
  const paths = [
    'z_test.yml',
    'tests/promql/a.yml',
    'tests/promql/deep/b_test.yaml',
    'rules/a.yml',
    '.x/c_test.yml',
    'a_test.json',
  ];
  expect(findTestFiles(paths, ['tests/promql/**/*.y?(a)ml'])).toEqual([
    '.x/c_test.yml',
    'tests/promql/a.yml',
    'tests/promql/deep/b_test.yaml',
    'z_test.yml',
  ]);
});

test.each([1, 2, 3, 5, 9])('%i shards hold every item once', (parts) => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const dealt = Array.from({ length: parts }, (_, index) => shardOf(items, `${index + 1}/${parts}`) ?? []);
  expect(dealt.flat().toSorted()).toEqual(items);
});

test.each(['', '0/2', '3/2', '1', '1/', '-1/2', '1/2/3', '1.5/2', ' 1/2'])('%j is no shard', (text) => {
  expect(() => requireShard(text)).toThrow('is no shard; write i/n');
});
