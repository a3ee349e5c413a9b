import type { RecordedSeries } from '../model.ts';

/**
 * Makes a function that answers a question about a recorded series once and remembers the answer: rules that read each
 * other many times over would take for ever otherwise. A series that is asked about while it is being answered (rules
 * that read each other in a circle) is answered with `inCircle`.
 */
export function onceForEach<T extends object | boolean>(
  inCircle: T,
): (recorded: RecordedSeries, name: string, answer: () => T) => T {
  const all = new WeakMap<RecordedSeries, Map<string, T>>();
  return (recorded, name, answer) => {
    const known = all.get(recorded) ?? new Map<string, T>();
    all.set(recorded, known);
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, inCircle);
    const found = answer();
    known.set(name, found);
    return found;
  };
}
