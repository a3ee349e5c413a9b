import * as z from 'zod';

/** What a lease is for. It stands in clear beside the sealed content, which is bound to every word of it. */
export type LeaseClaims = {
  readonly repositoryId: number;
  /** The protected base branch. */
  readonly branch: string;
  /** The rules that the holder may edit: `classic:<node id>`, `ruleset:<id>`; sorted. Empty: a merge without an edit. */
  readonly ruleIds: readonly string[];
  readonly pr: number;
  readonly headSha: string;
  readonly runId: number;
  readonly runAttempt: number;
  /** RFC 3339, UTC. From here on others may take over, and the holder may do nothing more. */
  readonly expiresAt: string;
};

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
