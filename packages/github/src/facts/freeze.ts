import type { Config } from '@obsgate/core/config';
import type { FreezeFacts } from '@obsgate/core/merge';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { whyFailed } from './failed.ts';

const variableSchema = z.looseObject({ value: z.string() });
const OFF = new Set(['', '0', 'false', 'no', 'off']);

/** Whether the configured repository variable freezes: no request when none is configured, else one. */
export async function readFreezeVariable(client: GitHubClient, { merge }: Config): Promise<FreezeFacts> {
  const { variable } = merge.freeze;
  if (variable === undefined) return { kind: 'none' };
  const route = 'GET /repos/{owner}/{repo}/actions/variables/{name}';
  const answer = await client.call({ route, params: { name: variable } }, variableSchema);
  if (answer.kind === 'ok') {
    if (OFF.has(answer.value.value.trim().toLowerCase())) return { kind: 'none' };
    return { kind: 'frozen', by: `the variable ${variable}` };
  }
  // A variable that is not there does not freeze. A token that may not look gets 403.
  if (answer.failure.kind === 'not-found') return { kind: 'none' };
  return { kind: 'unreadable', why: whyFailed(answer, `the variable ${variable} could not be read`) };
}
