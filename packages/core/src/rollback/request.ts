import * as z from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, { error: 'expected a full commit SHA in lower case' });

/** One entry of the matrix that the watch hands to the rollback job. */
export const breachSchema = z.strictObject({
  pr: z.int().positive(),
  merge_sha: sha,
  /** Null: the merge was a person's, of no scenario. */
  scenario: z.string().nullable().default(null),
  /** Names of the metrics in breach. */
  metrics: z.array(z.string()).default([]),
  /** Digest of the verdict that this rests on. */
  verdict: z.string().default(''),
});
export type Breach = Readonly<z.infer<typeof breachSchema>>;

/** What a rollback is asked for. Nothing of it is trusted: everything is read again from GitHub. */
export type RollbackRequest = {
  readonly pull: number;
  readonly mergeSha: string;
  /** Why, in the words of whoever asks. Quoted wherever it is shown. */
  readonly reason: string;
  readonly scenario: string | null;
  readonly metrics: readonly string[];
  readonly verdict: string;
  /** `shadow`: decide and report, change nothing. */
  readonly mode: 'live' | 'shadow';
};

export function requestOf(breach: Breach, reason: string, mode: RollbackRequest['mode']): RollbackRequest {
  const { pr, merge_sha: mergeSha, scenario, metrics, verdict } = breach;
  return { pull: pr, mergeSha, reason, scenario, metrics, verdict, mode };
}
