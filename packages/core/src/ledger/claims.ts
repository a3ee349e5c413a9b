import * as z from 'zod';
import type { LeaseClaims } from './lease.ts';

export const claimsSchema: z.ZodType<LeaseClaims> = z.strictObject({
  repositoryId: z.int().positive(),
  branch: z.string().min(1),
  ruleIds: z.array(z.string().min(1)),
  pr: z.int().positive(),
  headSha: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  runId: z.int().nonnegative(),
  runAttempt: z.int().positive(),
  expiresAt: z.iso.datetime(),
});

/** The claims as one text, in an order that no JSON library decides. */
export function sameText(claims: LeaseClaims): string {
  const { repositoryId, branch, ruleIds, pr, headSha, runId, runAttempt, expiresAt } = claims;
  return JSON.stringify([repositoryId, branch, ruleIds.toSorted(), pr, headSha, runId, runAttempt, expiresAt]);
}
