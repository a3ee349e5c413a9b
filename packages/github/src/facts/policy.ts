import { defaultConfig, parseConfig, type Config } from '@obsgate/core/config';
import { loadRulepacks, type RulepackFile, type RulepackSet } from '@obsgate/core/rulepack';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { whyFailed } from './failed.ts';
import type { BlobAnswer, PullFactsAnswer } from './pull-query.ts';

export const CONFIG_PATH = '.obsgate.yml';
export const RULEPACK_FOLDER = 'rulepack';

export type Policy = { readonly config: Config; readonly rulepacks: RulepackSet };

/**
 * Configuration and rulepacks of the base commit. A file that is there and cannot be read whole makes a problem, so that
 * nothing is decided by half a policy.
 *
 * @throws ConfigError when the configuration of the base commit is wrong
 */
export async function readPolicy(client: GitHubClient, repository: PullFactsAnswer): Promise<Policy> {
  const target = repository.pullRequest.baseRef?.target;
  const config = configOf(target?.config?.object ?? null, target?.config !== null && target?.config !== undefined);
  const folder = config.merge.rulepacks.replace(/^(\.\/)+|\/+$/g, '');
  if (folder === RULEPACK_FOLDER || target === undefined)
    return { config, rulepacks: setOf(folder, target?.rulepacks?.object?.entries ?? []) };
  return { config, rulepacks: await readFolder(client, target.oid, folder) };
}

function configOf(blob: BlobAnswer, exists: boolean): Config {
  if (!exists) return defaultConfig();
  // Empty text is YAML that nobody can read as a configuration that somebody wrote: better an error than the defaults.
  const text =
    blob === null || blob.isTruncated === true || blob.isBinary === true ? '{unreadable' : (blob.text ?? '{unreadable');
  return parseConfig(CONFIG_PATH, text);
}

type Entry = { readonly name: string; readonly object: BlobAnswer };

function setOf(folder: string, entries: readonly Entry[]): RulepackSet {
  const files: RulepackFile[] = [];
  const unread: string[] = [];
  for (const { name, object } of entries) {
    if (object?.__typename !== 'Blob') continue;
    const whole = object.isTruncated !== true && object.isBinary !== true && typeof object.text === 'string';
    if (whole) files.push({ path: `${folder}/${name}`, text: object.text ?? '' });
    else if (/\.ya?ml$/.test(name)) unread.push(`${folder}/${name}`);
  }
  const set = loadRulepacks(files);
  const problems = unread.map((file) => ({ file, line: 1, column: 1, message: 'it is binary or too long to be read' }));
  return { ...set, problems: [...set.problems, ...problems] };
}

const FOLDER_QUERY = `query ($owner: String!, $repo: String!, $sha: GitObjectID!, $folder: String!) {
  repository(owner: $owner, name: $repo) {
    object(oid: $sha) { __typename ... on Commit { file(path: $folder) { object { __typename ... on Tree {
      entries { name object { __typename ... on Blob { text isTruncated isBinary } } }
    } } } } }
  }
}`;
const blobSchema = z.looseObject({
  __typename: z.string(),
  text: z.string().nullish(),
  isTruncated: z.boolean().optional(),
  isBinary: z.boolean().nullish(),
});
const entries = z.array(z.looseObject({ name: z.string(), object: blobSchema.nullable() })).optional();
const folderAnswer = z.looseObject({
  repository: z.looseObject({
    object: z
      .looseObject({ file: z.looseObject({ object: z.looseObject({ entries }).nullable() }).nullish() })
      .nullable(),
  }),
});

async function readFolder(client: GitHubClient, sha: string, folder: string): Promise<RulepackSet> {
  const variables = { owner: client.owner, repo: client.repo, sha, folder };
  const answer = await client.graphql({ text: FOLDER_QUERY, kind: 'read', variables }, folderAnswer);
  if (answer.kind === 'ok') return setOf(folder, answer.value.repository.object?.file?.object?.entries ?? []);
  const message = whyFailed(answer, 'the rulepacks of the base commit could not be read');
  return { rulepacks: [], problems: [{ file: `${folder}/`, line: 1, column: 1, message }] };
}
