import type { Random } from '@obsgate/core/ledger';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';

export type LeaseContext = {
  readonly client: GitHubClient;
  readonly repositoryId: number;
  readonly run: { readonly id: number; readonly attempt: number };
  readonly sealKey: string;
  readonly takeOverMs: number;
  readonly now: () => number;
  readonly random: Random;
};

export const refAnswer = z.looseObject({
  ref: z.string(),
  object: z.looseObject({ type: z.string(), sha: z.string() }),
});
export const commitAnswer = z.looseObject({
  sha: z.string(),
  message: z.string(),
  tree: z.looseObject({ sha: z.string() }),
});

/** Routes take a ref without its first `refs/`. */
export function withoutPrefix(ref: string): string {
  return ref.replace(/^refs\//, '');
}
