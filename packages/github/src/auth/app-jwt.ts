import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { ConfigError } from '@obsgate/core/kernel';

/** GitHub takes tokens of at most ten minutes, and a minute's difference of clocks must not matter. */
const LIFETIME_S = 540;
const CLOCK_DRIFT_S = 60;

/**
 * The token that a GitHub App shows for itself (RS256).
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 * @throws ConfigError when the key is no private key in PEM.
 */
export function appJwt(appId: string, privateKey: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - CLOCK_DRIFT_S, exp: seconds + LIFETIME_S, iss: appId };
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = createSign('RSA-SHA256').update(unsigned).sign(readKey(privateKey)).toString('base64url');
  return `${unsigned}.${signature}`;
}

function readKey(privateKey: string): KeyObject {
  try {
    // Secrets that were set from one line of text hold `\n` as two letters.
    return createPrivateKey(privateKey.replaceAll('\\n', '\n').trim());
  } catch {
    // The cause may quote the key, so it is not passed on.
    throw new ConfigError('the key of the GitHub App is no private key in PEM format', 'app-private-key');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
