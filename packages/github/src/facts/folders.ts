import type { FolderNames } from '@obsgate/core/rulepack';
import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { whyFailed } from './failed.ts';

/** Folders asked for in one request; a change that adds files to more is no small one. */
const MAX_FOLDERS = 100;

export type ReadFolders = { readonly folders: readonly FolderNames[]; readonly why: string | undefined };

const treeSchema = z.looseObject({ entries: z.array(z.looseObject({ name: z.string() })).optional() }).nullable();
const entrySchema = z.looseObject({ object: treeSchema }).nullable();
const answerSchema = z.looseObject({
  repository: z.looseObject({ object: z.record(z.string(), z.unknown()).nullable() }),
});

/** Names in folders of a commit, the root's path being empty: one request, none when there is no folder to look into. */
export async function readFolders(client: GitHubClient, sha: string, paths: readonly string[]): Promise<ReadFolders> {
  if (paths.length === 0) return { folders: [], why: undefined };
  if (paths.length > MAX_FOLDERS) return { folders: [], why: `it adds files below ${paths.length} folders` };
  const below = paths.filter((path) => path !== '');
  const named = Object.fromEntries(below.map((path, at) => [`f${at}`, path]));
  const variables = { owner: client.owner, repo: client.repo, sha, ...named };
  const answer = await client.graphql({ text: foldersDocument(below.length), kind: 'read', variables }, answerSchema);
  if (answer.kind === 'failed')
    return { folders: [], why: whyFailed(answer, 'the folders of the base branch could not be read') };
  const { object } = answer.value.repository;
  const root = treeSchema.safeParse(object?.['tree']);
  const trees = below.map((path, at) => ({ path, entry: entrySchema.safeParse(object?.[`f${at}`]) }));
  if (!root.success || trees.some(({ entry }) => !entry.success))
    return { folders: [], why: 'the folders of the base branch are of another shape' };
  const names = (tree: z.infer<typeof treeSchema>): string[] => (tree?.entries ?? []).map(({ name }) => name);
  return {
    folders: [
      { path: '', names: names(root.data) },
      ...trees.map(({ path, entry }) => ({ path, names: names(entry.data?.object ?? null) })),
    ],
    why: undefined,
  };
}

/** The document for so many folders; their paths stand in variables. */
export function foldersDocument(count: number): string {
  const names = Array.from({ length: count }, (_, at) => `f${at}`);
  const entries = 'entries { name }';
  return [
    'query ($owner: String!, $repo: String!, $sha: GitObjectID!',
    ...names.map((name) => `, $${name}: String!`),
    ') { repository(owner: $owner, name: $repo) { object(oid: $sha) {',
    `__typename ... on Commit { oid tree { ${entries} }`,
    ...names.map((name) => `${name}: file(path: $${name}) { object { __typename ... on Tree { ${entries} } } }`),
    '} } } }',
  ].join('\n');
}
