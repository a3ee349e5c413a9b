import { defaultConfig, parseConfig, type Config } from '@obsgate/core/config';
import type { Reason } from '@obsgate/core/kernel';
import { reasonOf, type GitHubClient } from '../client/index.ts';

export type ReadConfig =
  | { readonly kind: 'ok'; readonly config: Config }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/**
 * The configuration on the default branch, which says what asks for a merge: one request. What decides about a pull
 * request is the configuration of its base commit, read with its facts.
 * @throws ConfigError when the file is wrong
 */
export async function readDefaultConfig(client: GitHubClient, path: string): Promise<ReadConfig> {
  const route = 'GET /repos/{owner}/{repo}/contents/{path}';
  const answer = await client.send({ route, params: { path }, format: 'raw' });
  if (answer.kind === 'ok') return { kind: 'ok', config: parseConfig(path, String(answer.value)) };
  if (answer.failure.kind === 'not-found') return { kind: 'ok', config: defaultConfig() };
  return { kind: 'refused', reasons: [reasonOf(answer.failure, 'the configuration could not be read')] };
}
