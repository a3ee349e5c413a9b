import picomatch from 'picomatch';
import { ConfigError } from '../../kernel/index.ts';

/** Files that are unit tests by their name, wherever they stand. */
const NAMED_TEST = '**/*_test.y?(a)ml';

/** The unit-test files among `paths`: what the configured globs name, and every `*_test.yml` or `*_test.yaml`. Sorted. */
export function findTestFiles(paths: readonly string[], globs: readonly string[]): string[] {
  const isTest = picomatch([...globs, NAMED_TEST], { dot: true });
  return paths.filter((path) => isTest(path)).toSorted();
}

/** @throws ConfigError when `text` is not `i/n` with 1 <= i <= n. */
export function requireShard(text: string): void {
  if (shardOf([], text) !== undefined) return;
  throw new ConfigError(`${JSON.stringify(text)} is no shard; write i/n with 1 <= i <= n, such as 1/4`, '--shard');
}

/**
 * The i-th of n parts of `items`, dealt in turn so that parts are of like size: `1/3` is the 1st, 4th, 7th.
 * Returns undefined when `shard` is not `i/n` with 1 <= i <= n.
 */
export function shardOf<T>(items: readonly T[], shard: string): T[] | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(shard);
  const part = Number(match?.[1]);
  const parts = Number(match?.[2]);
  if (match === null || part < 1 || part > parts) return undefined;
  return items.filter((_, index) => index % parts === part - 1);
}
