import { createHash } from 'node:crypto';

const PREFIX = 'refs/obsgate/lease/';
const LONGEST = 200;

/**
 * One path component for a branch's name: lower-case letters, digits and `-` stand for themselves, every other byte
 * is `_` and two hex digits. So no name can make a ref that git refuses (`..`, `.lock`, `@{`), and `a` and `a/b` do
 * not collide as file and folder. Names too long for a file system are `_h` and their SHA-256 (`h` is no hex digit).
 */
export function branchKey(branch: string): string {
  const bytes = Buffer.from(branch, 'utf8');
  const key = Array.from(bytes, (byte) => {
    const letter = String.fromCharCode(byte);
    return /[a-z0-9-]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  return key.length > LONGEST ? `_h${createHash('sha256').update(bytes).digest('hex')}` : key;
}

/** The full name of the ref that is the lease on `branch`. */
export function leaseRef(branch: string): string {
  return PREFIX + branchKey(branch);
}

/** Prefix of all leases, as `GET /git/matching-refs/{ref}` takes it. */
export const LEASE_REFS = 'obsgate/lease/';
