/** One measured figure. Absolute times depend on the machine; a ratio is measured against something of the same run. */
export type BenchRow = {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'x' | 'requests' | '%' | 'minutes';
  /** The goal, where there is one; it is printed beside the value and never asserted. */
  readonly goal?: number;
};

/** Wall times in milliseconds of each of `commands`, run in turn `rounds` times, so that all share the machine's moods. */
export async function inTurn<K extends string>(
  rounds: number,
  commands: Readonly<Record<K, () => Promise<unknown>>>,
): Promise<Record<K, readonly number[]>> {
  const names = Object.keys(commands) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await commands[name]();
      // The first round warms the caches and is not counted.
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new Error('no values to take the median of');
  return (lower + upper) / 2;
}

/** Median of the ratios pair by pair: it holds when the machine's speed drifts. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)));
}
