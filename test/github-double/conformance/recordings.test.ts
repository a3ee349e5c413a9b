import { describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { operationNames } from './openapi.ts';
import { recordingExceptions, undescribed } from './recording-exceptions.ts';
import { haveRecordings, readRecordings, shortName, type Recording } from './recordings.ts';
import { matchRoute } from './routes.ts';
import { validateExchange } from './validate.ts';

const recordings = readRecordings();
const routed = recordings.map((recording) => ({ recording, exchange: asExchange(recording) }));
const described = routed.filter(({ exchange }) => exchange.route !== null);

const absent = haveRecordings ? '' : ' (skipped: ../shared/recordings/github-rest.jsonl is absent)';

describe.skipIf(!haveRecordings)(`the description of GitHub that the double is held to${absent}`, () => {
  it.each(described.map(({ recording, exchange }) => [shortName(recording), exchange] as const))(
    'agrees with %s',
    (_name, exchange) => {
      const operation = `${exchange.method} ${exchange.route}`;
      const unexplained = validateExchange(exchange).filter(
        ({ part, at, message }) =>
          !recordingExceptions.some(
            (known) =>
              known.operation.test(operation) && known.part === part && known.at.test(at) && known.message === message,
          ),
      );
      expect(unexplained).toEqual([]);
    },
  );

  it('lacks no recorded operation but those that GitHub no longer describes', () => {
    const lacking = routed.filter(({ exchange }) => exchange.route === null);
    const unexplained = lacking.filter(({ recording }) => !undescribed.some(({ path }) => path.test(recording.path)));
    expect(unexplained.map(({ recording }) => `${recording.method} ${recording.path}`)).toEqual([]);
  });

  it('is excused by no exception that the recordings do not need', () => {
    const violations = described.flatMap(({ exchange }) =>
      validateExchange(exchange).map((violation) => ({ operation: `${exchange.method} ${exchange.route}`, violation })),
    );
    const unused = recordingExceptions.filter(
      (known) =>
        !violations.some(
          ({ operation, violation }) =>
            known.operation.test(operation) && known.at.test(violation.at) && known.message === violation.message,
        ),
    );
    expect(unused).toEqual([]);
    expect(undescribed.filter(({ path }) => !recordings.some((recording) => path.test(recording.path)))).toEqual([]);
  });
});

function asExchange(recording: Recording): Exchange {
  const routes = operationNames()
    .filter((name) => name.startsWith(`${recording.method} `))
    .map((name) => name.slice(recording.method.length + 1));
  return {
    method: recording.method,
    path: recording.path,
    route: matchRoute(routes, recording.path.split('?')[0] ?? '') ?? null,
    requestBody: recording.reqBody ?? undefined,
    status: recording.status,
    responseBody: recording.resBody ?? undefined,
    origin: 'api',
  };
}
