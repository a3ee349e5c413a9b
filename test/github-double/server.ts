import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Exchange, ExchangeObserver } from './exchange.ts';
import { isRecord } from './http/body.ts';
import { faultEffect, faultReply } from './http/fault-reply.ts';
import type { FaultPlan } from './http/faults.ts';
import type { LoggedRequest } from './http/log.ts';
import type { Body, Call, Route, Router } from './http/router.ts';
import { send } from './http/send.ts';
import type { Caller } from './permissions.ts';
import { authenticate, demand } from './permissions.ts';
import type { Reply } from './reply.ts';
import { notFound, refusalOf, refuse } from './reply.ts';
import type { World } from './state.ts';
import { findRepo, fullName } from './state.ts';

export type ServerContext = {
  readonly world: World;
  readonly router: Router;
  readonly faults: FaultPlan;
  readonly log: LoggedRequest[];
  /** Milliseconds to hold every request back before it takes effect. */
  readonly latency: (request: LoggedRequest) => number;
  readonly onExchange: ExchangeObserver | undefined;
  /** Errors of the double itself or of the exchange check; `close()` throws them. */
  readonly failures: unknown[];
};

type Incoming = { readonly method: string; readonly url: URL; readonly path: string; readonly text: string };

export function createDoubleServer(context: ServerContext): Server {
  // One handler at a time: GitHub's writes are atomic, and a handler here awaits git in the middle of one.
  let turn: Promise<unknown> = Promise.resolve();
  const serialize = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  return createServer((request, response) => {
    serve(context, serialize, request, response).catch((error: unknown) => {
      context.failures.push(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

type Serialize = <Result>(work: () => Promise<Result>) => Promise<Result>;

async function serve(
  context: ServerContext,
  serialize: Serialize,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = await read(context, request);
  const matched = context.router(incoming.method, incoming.path);
  const entry = logRequest(context, request, incoming, matched?.route ?? null);
  const wait = context.latency(entry);
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const fault = context.faults.next(entry);
  const effect = faultEffect(fault);
  if (fault?.do === 'hook' && fault.when !== 'after') await fault.run(entry);
  const reply = effect === 'none' ? null : await serialize(() => answer(context, request, incoming, matched, entry));
  if (fault?.do === 'hook' && fault.when === 'after') await fault.run(entry);
  const sent = faultReply(fault) ?? reply;
  (entry as { fault: string | null }).fault = fault === null ? null : fault.do;
  entry.endedAt = Date.now();
  if (fault?.do === 'drop' || (fault?.do === 'hook' && effect === 'none')) {
    request.socket.destroy();
    return;
  }
  if (fault?.do === 'hang' || sent === null) return; // the client gives up first; `close()` ends the socket
  entry.status = sent.status;
  observe(context, entry, sent, sent === reply ? 'api' : 'injected');
  send(request, response, sent, matched?.route ?? null, entry.index);
}

async function read(context: ServerContext, request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', context.world.baseUrl);
  const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api\/graphql$/, '/graphql');
  return {
    method: request.method ?? 'GET',
    url,
    path: byId(context.world, path),
    text: Buffer.concat(chunks).toString(),
  };
}

/** `/repositories/{id}/…` is another name of `/repos/{owner}/{repo}/…`; GitHub's Link headers use it. */
function byId(world: World, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  if (!match) return path;
  const repo = [...world.repos.values()].find(({ id }) => String(id) === match[1]);
  return repo ? `/repos/${fullName(repo)}${match[2] ?? ''}` : path;
}

function logRequest(
  context: ServerContext,
  request: IncomingMessage,
  incoming: Incoming,
  route: Route | null,
): LoggedRequest {
  const authorization = request.headers.authorization;
  const body = parse(incoming.text);
  const entry: LoggedRequest = {
    index: context.log.length + 1,
    method: incoming.method,
    path: request.url ?? '/',
    route: route?.path ?? null,
    operation: incoming.path === '/graphql' ? operationOf(body) : null,
    body,
    token: authorization?.replace(/^\S+\s+/, '') ?? null,
    actor: actorName(context.world, authorization),
    status: null,
    fault: null,
    startedAt: Date.now(),
    endedAt: null,
  };
  context.log.push(entry);
  return entry;
}

function actorName(world: World, authorization: string | undefined): string | null {
  try {
    const caller = authenticate(world, authorization);
    if (caller.kind === 'anonymous') return null;
    return caller.kind === 'app' ? `app:${caller.app.slug}` : caller.login;
  } catch {
    return null; // the handler will refuse it
  }
}

/** The first field of the operation, enough to aim a fault at: `mutation($id: ID!) { revertPullRequest(…) }`. */
function operationOf(body: unknown): string | null {
  if (!isRecord(body) || typeof body['query'] !== 'string') return null;
  const start = body['query'].replaceAll(/#[^\n]*/g, '').replace(/^\s*(query|mutation)?\s*\w*\s*(\([^{]*\))?\s*/, '');
  return /^\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(start)?.[1] ?? null;
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Matched = ReturnType<Router>;

async function answer(
  context: ServerContext,
  request: IncomingMessage,
  incoming: Incoming,
  matched: Matched,
  entry: LoggedRequest,
): Promise<Reply> {
  try {
    const caller = authenticate(context.world, request.headers.authorization);
    if (!matched) return notFound();
    const call = makeCall(context, request, incoming, matched.params, caller, entry.body);
    return await dispatch(matched.route, call);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    context.failures.push(error);
    return { status: 500, body: { message: 'Server Error', status: '500' } };
  }
}

function makeCall(
  context: ServerContext,
  request: IncomingMessage,
  incoming: Incoming,
  params: Readonly<Record<string, string>>,
  caller: Caller,
  body: unknown,
): Call {
  if (incoming.text !== '' && body === undefined) refuse(400, 'Problems parsing JSON');
  if (body !== undefined && !isRecord(body) && !Array.isArray(body)) refuse(400, 'Body should be a JSON object');
  // A bare array is accepted by a few operations (labels, contexts); they find it under this key.
  const fields: Body = Array.isArray(body) ? { '': body } : (body ?? {});
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const { world } = context;
  return { world, caller, params, query: incoming.url.searchParams, body: fields, path: incoming.path, headers };
}

async function dispatch(route: Route, call: Call): Promise<Reply> {
  if ('repo' in route) {
    const repo = findRepo(call.world, call.params['owner'] ?? '', call.params['repo'] ?? '');
    if (!repo) return notFound();
    demand(call.world, call.caller, repo, route.need);
    if (route.method !== 'GET' && call.caller.kind === 'anonymous') return refuse(401, 'Requires authentication');
    return route.repo({ ...call, repo });
  }
  if (route.need.kind === 'app-jwt' && call.caller.kind !== 'app') {
    return refuse(401, 'A JSON web token could not be decoded');
  }
  if (route.need.kind === 'token' && (call.caller.kind === 'anonymous' || call.caller.kind === 'app')) {
    return refuse(401, 'Requires authentication');
  }
  return route.handle(call);
}

function observe(context: ServerContext, entry: LoggedRequest, reply: Reply, origin: Exchange['origin']): void {
  const { method, path, route, body } = entry;
  const responseBody = reply.body === undefined ? undefined : (JSON.parse(JSON.stringify(reply.body)) as unknown);
  try {
    context.onExchange?.({ method, path, route, requestBody: body, status: reply.status, responseBody, origin });
  } catch (error) {
    context.failures.push(error);
  }
}
