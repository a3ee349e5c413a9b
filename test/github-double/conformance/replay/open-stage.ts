import type { Exchange } from '../../exchange.ts';
import { startDouble, type Double } from '../../index.ts';
import type { Grants } from '../../state.ts';
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
  const exchanges: Exchange[] = [];
  const double = await startDouble({ mergeableNullReads: 0, onExchange: (exchange) => exchanges.push(exchange) });
  try {
    const tokens = populate(double, repository, options);
    const send = (persona: Persona, method: string, path: string, body?: unknown) =>
      request(double.url + path, tokens[persona], method, body);
    return await use({ at: `/repos/${repository}`, baseUrl: double.url, tokens, exchanges, send });
  } finally {
    await double.close();
  }
}

/** A repository with one commit, an admin, an App that may do everything, and whoever the recording names. */
function populate(double: Double, repository: string, options: StageOptions): Readonly<Record<Persona, string>> {
  const [owner = '', name = ''] = repository.split('/');
  const ownerType = options.ownerType ?? 'User';
  const admin = ownerType === 'Organization' ? 'the-admin' : owner;
  if (ownerType === 'Organization') double.org(owner, [admin]);
  double.seed({
    owner,
    ownerType,
    name,
    private: options.private ?? false,
    collaborators: { dev: 'write', ...options.people },
  });
  const installation = double.install(double.app({ slug: 'obsgate', permissions: everything }), owner);
  return {
    admin: double.token(admin),
    outsider: double.token('outsider'),
    app: double.installationToken(installation),
  };
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
