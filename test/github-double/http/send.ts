import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from '../reply.ts';
import type { Route } from './router.ts';

/**
 * Writes an answer with GitHub's headers; 304 where the client has it already.
 * @param serial number of the request, for its id and the rate limit
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  route: Route | null,
  serial: number,
): void {
  const payload = reply.raw?.content ?? (reply.body === undefined ? null : Buffer.from(JSON.stringify(reply.body)));
  const etag = payload && `"${createHash('sha256').update(payload).digest('hex')}"`;
  const headers: Record<string, string> = {
    'x-github-request-id': `D0:${serial}`,
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(Math.max(0, 5000 - serial)),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    ...(route && 'repo' in route
      ? { 'x-accepted-github-permissions': route.need.any.map((scope) => `${scope}=${route.need.level}`).join('; ') }
      : {}),
    ...reply.headers,
  };
  if (request.method === 'GET' && reply.status === 200 && etag) {
    headers['etag'] = etag;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
  }
  if (payload) headers['content-type'] = reply.raw?.type ?? 'application/json; charset=utf-8';
  response.writeHead(reply.status, headers);
  response.end(payload ?? undefined);
}
