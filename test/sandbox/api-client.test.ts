import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { prometheusServer, type ServerOptions } from '@obsgate/prometheus/api';
import { expect, onTestFinished, test } from 'vitest';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server that answers as `handler` says; `seen` are the requests. */
async function stand(handler: Handler): Promise<{ readonly url: string; readonly seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    handler(request, response, seen.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

const SUCCESS = JSON.stringify({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [10, 'NaN'] }] },
  warnings: ['careful'],
  infos: ['by the way'],
});

async function failureOf(handler: Handler, options: Partial<ServerOptions> = {}): Promise<string> {
  const { url } = await stand(handler);
  const answer = await prometheusServer({ url, ...options }).query('up');
  return answer.ok ? 'ok' : answer.failure.kind;
}

test('a value comes with the warnings and infos beside it; NaN is missing', async () => {
  const { url, seen } = await stand((_, response) => response.end(SUCCESS));
  const answer = await prometheusServer({ url: `${url}/prefix/`, auth: { kind: 'bearer', token: 't' } }).query(
    'up',
    10,
  );
  expect(answer).toEqual({
    ok: true,
    value: { kind: 'vector', samples: [{ labels: { a: 'b' }, value: { kind: 'missing', reason: 'nan' } }] },
    warnings: ['careful'],
    infos: ['by the way'],
  });
  expect(seen.map(({ method, url: path, headers }) => [method, path, headers.authorization])).toEqual([
    ['POST', '/prefix/api/v1/query', 'Bearer t'],
  ]);
});

test('each way to have no answer is told apart', async () => {
  const refused = JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' });
  expect(await failureOf((_, response) => response.writeHead(400).end(refused))).toBe('api_error');
  expect(await failureOf((_, response) => response.writeHead(401).end('who are you?'))).toBe('http');
  expect(await failureOf((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())).toBe(
    'http',
  );
  expect(await failureOf((_, response) => response.end('<html>'))).toBe('bad_response');
  expect(await failureOf((_, response) => response.end('{"status":"success","data":{"resultType":"vector"}}'))).toBe(
    'bad_response',
  );
  expect(await failureOf(() => undefined, { deadlineMs: 50, tries: 1 })).toBe('deadline');
  expect(await failureOf((request) => request.socket.destroy(), { tries: 1 })).toBe('unreachable');
});

test('a histogram or a string is not read as a number', async () => {
  const body = (result: unknown): string => JSON.stringify({ status: 'success', data: result });
  const histogram = { resultType: 'vector', result: [{ metric: {}, histogram: [10, { count: '1', sum: '2' }] }] };
  expect(await failureOf((_, response) => response.end(body(histogram)))).toBe('bad_response');
  expect(await failureOf((_, response) => response.end(body({ resultType: 'string', result: [10, '1'] })))).toBe(
    'bad_response',
  );
  const text = { resultType: 'scalar', result: [10, 'one'] };
  expect(await failureOf((_, response) => response.end(body(text)))).toBe('bad_response');
});

test('a read is tried again after a passing failure, a reload never', async () => {
  const reads = await stand((_, response, count) =>
    count < 3 ? response.writeHead(503).end() : response.end(SUCCESS),
  );
  expect((await prometheusServer({ url: reads.url }).query('up')).ok).toBe(true);
  expect(reads.seen).toHaveLength(3);
  const writes = await stand((_, response) => response.writeHead(503).end('later'));
  const reload = await prometheusServer({ url: writes.url }).reload();
  expect(reload.ok && reload.value).toEqual({ status: 503, body: 'later' });
  expect(writes.seen).toHaveLength(1);
});

test('no message repeats a credential', async () => {
  const { url } = await stand((request) => request.socket.destroy());
  const withSecret = url.replace('http://', 'http://user:s3cret@');
  const server = prometheusServer({ url: withSecret, tries: 1 });
  expect(JSON.stringify([server, await server.query('up'), await server.reload()])).not.toContain('s3cret');
});
