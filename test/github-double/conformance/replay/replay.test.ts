import { describe, expect, it } from 'vitest';
import { haveRecordings, readRecordings, shortName } from '../recordings.ts';
import { exclusionOf, replayExceptions } from './exclusions.ts';
import { operationOf, replay } from './replay.ts';

const all = readRecordings();
const replayed = all.filter((recording) => exclusionOf(recording) === undefined);
const excluded = all.filter((recording) => exclusionOf(recording) !== undefined);
const summary = haveRecordings
  ? `${replayed.length} of ${all.length} exchanges replayed`
  : 'skipped, ../shared/recordings/github-rest.jsonl is absent';
const needed = new Set<RegExp>();

describe.skipIf(!haveRecordings)(`the double against recorded traffic: ${summary}`, () => {
  it.each(replayed.map((recording) => [operationOf(recording), shortName(recording), recording] as const))(
    '%s is answered as in %s',
    async (_operation, _name, recording) => {
      const operation = operationOf(recording) ?? '';
      const differences = (await replay(recording)).filter((difference) => {
        const known = replayExceptions.find(
          (each) => each.operation.test(operation) && each.difference.test(difference),
        );
        if (known !== undefined) needed.add(known.difference);
        return known === undefined;
      });
      expect(differences).toEqual([]);
    },
  );

  it('needs every exception that it makes', () => {
    expect(replayExceptions.filter(({ difference }) => !needed.has(difference))).toEqual([]);
  });

  it('leaves out only what cannot be replayed', () => {
    const reasons = new Map<string, number>();
    for (const recording of excluded) {
      const reason = exclusionOf(recording) ?? '';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    expect(Object.fromEntries(reasons)).toMatchInlineSnapshot(`
      {
        "not in GitHub's description any more: superseded by commits/{ref}/statuses": 2,
        "not in GitHub's description any more: superseded by git/ref and git/matching-refs": 7,
        "the recorded client sent the parameters in the query, which the recording leaves out": 1,
      }
    `);
  });
});
