import { beforeAll, describe, expect, it } from 'vitest';
import { differences, isAlike } from './differential.ts';
import { emulateErrors } from './emulate-errors.ts';
import { walkEmulate } from './emulator.ts';
import { withStage } from './replay/open-stage.ts';
import { walk, type Answers } from './scenario.ts';
import { formatViolations, validateExchange } from './validate.ts';

let theirs: Answers;
let ours: Answers;
let violations: readonly string[];

beforeAll(async () => {
  theirs = await walkEmulate();
  await withStage('octo/rules', {}, async (stage) => {
    ours = await walk(stage.baseUrl, { owner: stage.tokens.admin, app: stage.tokens.app }, 'octo/rules');
    violations = stage.exchanges.flatMap((exchange) => {
      const found = validateExchange(exchange);
      return found.length === 0 ? [] : [formatViolations(exchange, found)];
    });
  });
});

describe('the life of a repository', () => {
  it('takes the same steps at the double and at emulate', () => {
    expect([...ours.keys()]).toEqual([...theirs.keys()]);
    expect(ours.size).toBeGreaterThan(90);
  });

  it('is answered alike where emulate is right', () => {
    const different = [...ours].flatMap(([step, our]) => {
      const their = theirs.get(step);
      const found = their === undefined ? ['emulate did not get there'] : differences(step, their, our);
      return found.map((difference) => `${step}: ${difference}`);
    });
    expect(different).toEqual([]);
  });

  it('is answered otherwise in each place where emulate is said to be wrong', () => {
    const alike = emulateErrors.filter((error) => {
      const [our, their] = [ours.get(error.step), theirs.get(error.step)];
      return our === undefined || their === undefined || isAlike(error, their, our);
    });
    expect(alike).toEqual([]);
  });

  it('violates GitHub’s description nowhere', () => {
    expect(violations).toEqual([]);
  });
});
