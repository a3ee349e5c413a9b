import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '../../exchange.ts';
import { createFaultPlan } from '../../http/faults.ts';
import { createRouter } from '../../http/router.ts';
import { routes } from '../../routes/index.ts';
import { addApp, classicToken, ensureOrg, installApp, installationToken, seedBuiltIns } from '../../seed/accounts.ts';
import { createRepo } from '../../seed/repository.ts';
import { createDoubleServer } from '../../server.ts';
import { createWorld, type Grants, type World } from '../../state.ts';
import type { Persona, Reply, Stage } from './stage.ts';

export type OpenStage = Stage & {
  readonly baseUrl: string;
  readonly tokens: Readonly<Record<Persona, string>>;
  /** What the double answered so far. */
  readonly exchanges: readonly Exchange[];
};

export type StageOptions = {
  readonly ownerType?: 'User' | 'Organization';
  readonly private?: boolean;
  /** Logins with their roles. */
  readonly people?: Readonly<Record<string, 'none' | 'read' | 'write' | 'admin'>>;
};

const everything: Grants = {
  administration: 'write',
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'write',
  issues: 'write',
  actions: 'write',
  workflows: 'write',
  actions_variables: 'write',
};

/** Runs `use` with a double of its own. Errors inside the double are thrown when `use` has returned. */
export async function withStage<T>(
  repository: string,
  options: StageOptions,
  use: (stage: OpenStage) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'obsgate-stage-'));
  const world = createWorld(dir, { mergeableNullReads: 0 });
  const tokens = populate(world, repository, options);
  const exchanges: Exchange[] = [];
  const failures: unknown[] = [];
  const context = {
    world,
    router: createRouter(routes),
    faults: createFaultPlan(),
    log: [],
    latency: () => 0,
    failures,
  };
  const server = createDoubleServer({ ...context, onExchange: (exchange) => exchanges.push(exchange) });
  try {
    world.baseUrl = await listen(server);
    const send = (persona: Persona, method: string, path: string, body?: unknown) =>
      request(world.baseUrl + path, tokens[persona], method, body);
    const result = await use({ at: `/repos/${repository}`, baseUrl: world.baseUrl, tokens, exchanges, send });
    if (failures.length > 0) throw new AggregateError(failures, 'the double failed');
    return result;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A repository with one commit, an admin, an App that may do everything, and whoever the recording names. */
function populate(world: World, repository: string, options: StageOptions): Readonly<Record<Persona, string>> {
  const [owner = '', name = ''] = repository.split('/');
  const ownerType = options.ownerType ?? 'User';
  const admin = ownerType === 'Organization' ? 'the-admin' : owner;
  seedBuiltIns(world);
  if (ownerType === 'Organization') ensureOrg(world, owner, [admin]);
  createRepo(world, {
    owner,
    ownerType,
    name,
    private: options.private ?? false,
    collaborators: { dev: 'write', ...options.people },
  });
  const app = addApp(world, { slug: 'obsgate', permissions: everything });
  return {
    admin: classicToken(world, admin),
    outsider: classicToken(world, 'outsider'),
    app: installationToken(world, installApp(world, app, owner)),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the double has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function request(url: string, token: string, method: string, body: unknown): Promise<Reply> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && body !== null && { body: JSON.stringify(body) }),
  });
  const raw = await response.text();
  const parsed: unknown = raw === '' ? undefined : JSON.parse(raw);
  return { status: response.status, body: parsed };
}
