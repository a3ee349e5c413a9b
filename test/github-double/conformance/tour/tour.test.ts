import { beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../exchange.ts';
import { operationNames } from '../openapi.ts';
import { withStage } from '../replay/open-stage.ts';
import { walk } from '../scenario.ts';
import { formatViolations, validateExchange } from '../validate.ts';
import { tour } from './tour.ts';

let exchanges: readonly Exchange[];

beforeAll(async () => {
  const walked = await withStage('octo/rules', {}, async (stage) => {
    await walk(stage.baseUrl, { owner: stage.tokens.admin, app: stage.tokens.app }, 'octo/rules');
    return [...stage.exchanges];
  });
  exchanges = [...walked, ...(await tour())];
});

describe('every operation of the double', () => {
  it('has been answered with success on the way', () => {
    const answered = new Set(
      exchanges.filter(({ status }) => status < 300).map(({ method, route }) => `${method} ${route}`),
    );
    expect(operationNames().filter((name) => !answered.has(name))).toEqual([]);
  });

  it('is asked and answers as GitHub’s description says', () => {
    const told = exchanges.flatMap((exchange) => {
      const violations = validateExchange(exchange);
      return violations.length === 0 ? [] : [formatViolations(exchange, violations)];
    });
    expect(told).toEqual([]);
  });
});
