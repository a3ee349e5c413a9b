import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExchangeObserver } from './exchange.ts';
import { createFaultPlan } from './http/faults.ts';
import type { FaultPlan } from './http/faults.ts';
import type { LoggedRequest } from './http/log.ts';
import { createRouter } from './http/router.ts';
import type { RepoHandle } from './repo-handle.ts';
import { repoHandle } from './repo-handle.ts';
import { routes } from './routes/index.ts';
import {
  addApp,
  addTeam,
  classicToken,
  ensureOrg,
  ensureUser,
  fineGrainedToken,
  installApp,
  installationToken,
  seedBuiltIns,
} from './seed/accounts.ts';
import type { AppSpec, InstallSpec, InstallationTokenSpec } from './seed/accounts.ts';
import { addOrgRuleset } from './seed/protection.ts';
import type { RulesetSpec } from './seed/protection.ts';
import { createRepo } from './seed/repository.ts';
import type { RepoSpec } from './seed/repository.ts';
import { createDoubleServer } from './server.ts';
import type { App, Grants, Installation, Team, World, WorldOptions } from './state.ts';
import { createWorld } from './state.ts';
import type { Ruleset } from './state/ruleset.ts';

export type DoubleOptions = Partial<WorldOptions> & {
  /** Milliseconds every request is held back before it takes effect. */
  readonly latency?: number | ((request: LoggedRequest) => number);
  readonly onExchange?: ExchangeObserver;
};

/** A GitHub of one's own on the loopback interface. */
export type Double = {
  /** Base URL of the REST API: the value of GITHUB_API_URL. */
  readonly url: string;
  /** The value of GITHUB_GRAPHQL_URL. */
  readonly graphqlUrl: string;
  readonly world: World;
  readonly faults: FaultPlan;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly LoggedRequest[];
  readonly clearRequests: () => void;
  readonly clock: { readonly advance: (seconds: number) => void };
  readonly setLatency: (latency: number | ((request: LoggedRequest) => number)) => void;
  /** Makes a repository with its owner, collaborators and first commit. */
  readonly seed: (spec: RepoSpec) => RepoHandle;
  readonly user: (login: string) => void;
  readonly org: (login: string, owners?: readonly string[]) => void;
  readonly team: (org: string, slug: string, members: readonly string[]) => Team;
  readonly app: (spec: AppSpec) => App;
  readonly install: (app: App, account: string, spec?: InstallSpec) => Installation;
  /** A classic personal token with all scopes, or with the given ones. */
  readonly token: (login: string, scopes?: readonly string[]) => string;
  readonly fineGrainedToken: (login: string, grants: Grants, repositories?: 'all' | readonly string[]) => string;
  readonly installationToken: (installation: Installation, spec?: InstallationTokenSpec) => string;
  readonly orgRuleset: (org: string, spec: RulesetSpec & { readonly repositories?: readonly string[] }) => Ruleset;
  /** Stops the server, removes the repositories, and throws what went wrong inside the double or in `onExchange`. */
  readonly close: () => Promise<void>;
};

export async function startDouble(options: DoubleOptions = {}): Promise<Double> {
  const { latency = 0, onExchange, ...worldOptions } = options;
  const dir = await mkdtemp(join(tmpdir(), 'github-double-'));
  const world = createWorld(dir, worldOptions);
  seedBuiltIns(world);
  const log: LoggedRequest[] = [];
  const faults = createFaultPlan();
  const failures: unknown[] = [];
  let delay = latency;
  const server = createDoubleServer({
    world,
    router: createRouter(routes),
    faults,
    log,
    latency: (request) => (typeof delay === 'number' ? delay : delay(request)),
    onExchange,
    failures,
  });
  await listen(server);
  world.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.baseUrl,
    graphqlUrl: `${world.baseUrl}/graphql`,
    world,
    faults,
    requests: log,
    clearRequests: () => {
      log.length = 0;
    },
    clock: {
      advance: (seconds) => {
        world.clockOffset += seconds * 1000;
      },
    },
    setLatency: (next) => {
      delay = next;
    },
    ...seeds(world),
    close: () => close(server, dir, failures),
  };
}

type Seeds = Pick<
  Double,
  | 'seed'
  | 'user'
  | 'org'
  | 'team'
  | 'app'
  | 'install'
  | 'token'
  | 'fineGrainedToken'
  | 'installationToken'
  | 'orgRuleset'
>;

function seeds(world: World): Seeds {
  return {
    seed: (spec) => repoHandle(world, createRepo(world, spec)),
    user: (login) => void ensureUser(world, login),
    org: (login, owners) => void ensureOrg(world, login, owners),
    team: (org, slug, members) => addTeam(world, org, slug, members),
    app: (spec) => addApp(world, spec),
    install: (app, account, spec) => installApp(world, app, account, spec),
    token: (login, scopes) => classicToken(world, login, scopes),
    fineGrainedToken: (login, grants, repositories) => fineGrainedToken(world, login, grants, repositories),
    installationToken: (installation, spec) => installationToken(world, installation, spec),
    orgRuleset: (org, spec) => addOrgRuleset(world, org, spec),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

async function close(server: Server, dir: string, failures: readonly unknown[]): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} failures in the GitHub double`);
}
