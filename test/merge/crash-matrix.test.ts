import { afterAll, describe, expect, test } from 'vitest';
import { countRequests, CRASHES, FINISHERS, playCrash, type CrashCase } from './crash.ts';
import { RUNG_CASES, type RungCase } from './stage.ts';

/** Every case with OBSGATE_TEST_FULL=1; otherwise every n-th, so that each crash meets each rung somewhere. */
const FULL = process.env['OBSGATE_TEST_FULL'] === '1';
const STRIDE = 29;

let played = 0;
let possible = 0;
afterAll(() => {
  const which = FULL ? 'all of them' : `of ${possible}: set OBSGATE_TEST_FULL=1 for all`;
  console.log(`crash matrix: ${played} cases were played, ${which}`);
});

function casesOf(rung: RungCase, requests: number): CrashCase[] {
  return CRASHES.flatMap((crash) =>
    Array.from({ length: requests }, (_, index) => index + 1).flatMap((at) =>
      FINISHERS.map((finisher): CrashCase => ({ ...rung, crash, at, finisher })),
    ),
  );
}

describe.each(RUNG_CASES.map((rung, index) => ({ ...rung, index })))(
  '$rung on a $kind rule',
  ({ rung, kind, index }) => {
    test(
      'a crash at any request leaves the protection as it was, and merges once or not at all',
      async () => {
        const all = casesOf({ rung, kind }, await countRequests({ rung, kind }));
        const chosen = FULL ? all : all.filter((_, at) => at % STRIDE === index % STRIDE);
        possible += all.length;
        const failed: string[] = [];
        for (const each of chosen) {
          // oxlint-disable-next-line no-await-in-loop -- each has a repository of its own; one after the other is kind to the machine
          const wrong = await playCrash(each);
          played += 1;
          if (wrong.length > 0) failed.push(`${each.crash} at ${each.at}, then ${each.finisher}: ${wrong.join('; ')}`);
        }
        expect(failed).toEqual([]);
      },
      FULL ? 1_800_000 : 120_000,
    );
  },
);
