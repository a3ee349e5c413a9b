import type { Reason } from '@obsgate/core/kernel';
import * as z from 'zod';
import { reasonOf, type GitHubClient } from '../client/index.ts';

export type VariableResult =
  /** `value` is undefined when the repository has no variable of that name. */
  | { readonly kind: 'ok'; readonly value: string | undefined }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** Reads a variable of the repository: one request. */
export async function readVariable(client: GitHubClient, name: string): Promise<VariableResult> {
  const route = 'GET /repos/{owner}/{repo}/actions/variables/{name}';
  const answer = await client.call({ route, params: { name } }, z.looseObject({ value: z.string() }));
  if (answer.kind === 'ok') return { kind: 'ok', value: answer.value.value };
  if (answer.failure.kind === 'not-found') return { kind: 'ok', value: undefined };
  return { kind: 'refused', reasons: [reasonOf(answer.failure, `the variable ${name} could not be read`)] };
}
