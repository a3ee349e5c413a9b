import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import * as z from 'zod';
import type { Reason } from '../kernel/index.ts';
import { claimsSchema, sameText, type LeaseClaims } from './claims.ts';
import type { Lease } from './lease.ts';

/**
 * A sealed lease as it stands in the repository, where everybody with write access could put another in its place.
 * AES-256-GCM; the key is derived from the seal key by HKDF-SHA256 with a salt of its own for each lease, so that a
 * random 96-bit nonce never meets the same key twice; the claims are the associated data.
 */
const envelopeSchema = z.strictObject({
  v: z.literal(1),
  claims: claimsSchema,
  salt: z.base64url(),
  iv: z.base64url(),
  data: z.base64url(),
  tag: z.base64url(),
});

const HEADER = 'obsgate lease';
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Shorter keys are refused: HKDF stretches a key, it does not make one out of a word. */
export const LEAST_SEAL_KEY_BYTES = 32;

/** Bytes that nobody can guess, such as `randomBytes` of node:crypto: the core draws none by itself. */
export type Random = (size: number) => Uint8Array;

export type Opened =
  | { readonly kind: 'open'; readonly lease: Lease }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** What the reader knows of the lease; a lease that says otherwise was put there for another purpose. */
export type Expected = Partial<Pick<LeaseClaims, 'repositoryId' | 'branch' | 'pr' | 'headSha' | 'runId'>>;

/** Seals `content` (any JSON) with its claims. The text is safe as a commit message. */
export function sealLease(claims: LeaseClaims, content: unknown, sealKey: string, random: Random): string {
  const salt = random(SALT_BYTES);
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(sealKey, salt), iv);
  cipher.setAAD(associatedData(claims));
  const data = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const envelope = {
    v: 1,
    claims,
    salt: encode(salt),
    iv: encode(iv),
    data: encode(data),
    tag: encode(cipher.getAuthTag()),
  };
  return `${HEADER}\n\n${JSON.stringify(envelope)}\n`;
}

/**
 * Opens a lease, expired or not (see {@link isExpired}): an expired one has to be opened to be finished.
 * Refused with `lease_truncated` (not a whole envelope), `lease_unsupported` (of a newer version), `lease_forged`
 * (claims or content are not what was sealed with this key) or `lease_replayed` (sealed for something else).
 */
export function openLease(text: string, sealKey: string, expected: Expected): Opened {
  const json = parseBody(text);
  if (json === undefined) return refused('lease_truncated', 'the lease is no whole envelope');
  const version = z.looseObject({ v: z.number() }).safeParse(json);
  if (version.success && version.data.v !== 1) {
    return refused('lease_unsupported', `the lease has version ${version.data.v}, this release knows version 1`);
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return refused('lease_truncated', 'the lease is no whole envelope');
  const content = decrypt(envelope.data, sealKey);
  if (content === undefined) {
    return refused('lease_forged', 'the lease was not sealed with this key, or it was changed afterwards');
  }
  const { claims } = envelope.data;
  for (const key of ['repositoryId', 'branch', 'pr', 'headSha', 'runId'] as const) {
    if (expected[key] !== undefined && expected[key] !== claims[key]) {
      return refused('lease_replayed', `the lease was sealed for ${key} ${claims[key]}, not ${expected[key]}`);
    }
  }
  return { kind: 'open', lease: { claims, content } };
}

/** Whether the lease has run out at `now` (milliseconds since 1970). */
export function isExpired(claims: LeaseClaims, now: number): boolean {
  // NaN, of a text that is no time, compares as false: such a lease counts as expired.
  return !(Date.parse(claims.expiresAt) > now);
}

function decrypt(envelope: z.infer<typeof envelopeSchema>, sealKey: string): unknown {
  const [salt, iv, data, tag] = [envelope.salt, envelope.iv, envelope.data, envelope.tag].map((text) =>
    Buffer.from(text, 'base64url'),
  );
  if (salt?.length !== SALT_BYTES || iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || data === undefined) {
    return undefined;
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(sealKey, salt), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(envelope.claims));
    decipher.setAuthTag(tag);
    return JSON.parse(Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')) as unknown;
  } catch {
    // `final` throws when the tag does not match: whatever the cause, the content is not to be believed.
    return undefined;
  }
}

function deriveKey(sealKey: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', sealKey, salt, 'obsgate lease 1', 32));
}

/** The claims in one fixed spelling. */
function associatedData(claims: LeaseClaims): Buffer {
  return Buffer.from(sameText(claims), 'utf8');
}

function parseBody(text: string): unknown {
  const [header, , body] = text.split('\n', 3);
  if (header !== HEADER || body === undefined) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function refused(code: Reason['code'], message: string): Opened {
  return { kind: 'refused', reason: { code, message } };
}
