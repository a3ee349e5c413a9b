import { generateKeyPairSync } from 'node:crypto';
import { openSession, type Session } from '@obsgate/github/auth';
import { startDouble, type Double, type RepoHandle } from '../github-double/index.ts';
import { formatViolations, validateExchange } from '../github-double/conformance/validate.ts';

export const SEAL_KEY = 'seal key of the tests, of which nobody knows';

/** What the tool needs, and nothing else. */
export const PERMISSIONS = {
  administration: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
} as const;

export type Stage = {
  readonly double: Double;
  readonly repo: RepoHandle;
  readonly session: Session;
  readonly masked: string[];
  readonly close: () => Promise<void>;
};

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
export const PRIVATE_KEY = keys.privateKey;

/** A GitHub with the repository acme/obs and our App installed on it; every exchange is held to GitHub's description. */
export async function openStage(permissions: Readonly<Record<string, 'read' | 'write'>> = PERMISSIONS): Promise<Stage> {
  const double = await startDouble({
    onExchange: (exchange) => {
      const violations = validateExchange(exchange);
      if (violations.length > 0) throw new Error(formatViolations(exchange, violations));
    },
  });
  double.org('acme', ['boss']);
  const repo = double.seed({ owner: 'acme', name: 'obs', collaborators: { author: 'write', admin: 'admin' } });
  const app = double.app({ slug: 'obsgate', permissions, publicKey: keys.publicKey });
  double.install(app, 'acme');
  const masked: string[] = [];
  const opened = await openSession({ kind: 'app', appId: String(app.id), privateKey: PRIVATE_KEY }, permissions, {
    apiUrl: double.url,
    owner: 'acme',
    repo: 'obs',
    mask: (secret) => masked.push(secret),
  });
  if (opened.kind === 'refused') throw new Error(opened.reasons.map(({ message }) => message).join('\n'));
  const { session } = opened;
  double.clearRequests();
  return { double, repo, session, masked, close: () => double.close() };
}
