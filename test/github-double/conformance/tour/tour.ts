import { createSign, generateKeyPairSync } from 'node:crypto';
import type { Exchange } from '../../exchange.ts';
import { startDouble, type Double } from '../../index.ts';
import type { Grants } from '../../state.ts';
import { endToken, tourApps } from './apps.ts';
import { tourConversation } from './conversation.ts';
import { tourProtection } from './protection.ts';
import { tourActions, tourRepository } from './repository.ts';
import { tourRulesets } from './rulesets.ts';
import type { Go, Traveller } from './traveller.ts';

const permissions: Grants = {
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

/** Every operation that no other GitHub can be compared in: all that the double answered on the way. */
export async function tour(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const double = await startDouble({ mergeableNullReads: 0, onExchange: (exchange) => exchanges.push(exchange) });
  try {
    const { go, run, workflow } = populate(double);
    await tourApps(go);
    await tourProtection(go);
    await tourRulesets(go);
    await tourConversation(go);
    await tourRepository(go);
    await tourActions(go, run, workflow);
    await endToken(go);
    return exchanges;
  } finally {
    await double.close();
  }
}

function populate(double: Double): { readonly go: Go; readonly run: number; readonly workflow: number } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  double.org('acme', ['owner']);
  double.team('acme', 'observers', ['dev']);
  const repo = double.seed({
    owner: 'acme',
    name: 'rules',
    collaborators: { dev: 'write' },
    teams: { observers: 'write' },
  });
  const app = double.app({ slug: 'obsgate', permissions, publicKey });
  const installation = double.install(app, 'acme');
  const check = repo.check(repo.tip('main') ?? '', 'gate', {
    workflow: { path: '.github/workflows/gate.yml', event: 'pull_request' },
  });
  const run = repo.workflowRun(check);
  if (run === undefined) throw new Error('the seed made no workflow run');
  const tokens = {
    person: double.token('owner'),
    installation: double.installationToken(installation),
    jwt: jwt(app.id, privateKey),
  };
  return {
    go: (who, method, path, body) => request(double.url, tokens, who, method, path, body),
    run: run.id,
    workflow: run.workflowId,
  };
}

function jwt(issuer: number, privateKey: string): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'RS256', typ: 'JWT' },
    { iss: String(issuer), iat: now - 30, exp: now + 300 },
  ];
  const unsigned = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;
}

async function request(
  url: string,
  tokens: Readonly<Record<Traveller, string>>,
  who: Traveller,
  method: string,
  path: string,
  body: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${who}: ${method} ${path} -> ${response.status} ${text}`);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  if (Array.isArray(parsed)) return { list: parsed };
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
