import * as z from 'zod';
import type { GitHubClient } from '../client/index.ts';
import { whyFailed } from './failed.ts';
import { entrySchema, type Entries } from './files.ts';

/** Names asked for in one document: GitHub answers 200 files of usual size within its limits. */
const CHUNK = 100;

export type Wanted = {
  readonly baseSha: string;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly headBranch: string;
  readonly basePaths: readonly string[];
  readonly headPaths: readonly string[];
  /** Label whose open issues freeze all merges. */
  readonly freezeLabel: string | undefined;
};

export type Contents = {
  readonly before: Entries;
  readonly after: Entries;
  /** Null: GitHub compared something else. */
  readonly behindBy: number | null;
  readonly twins: readonly { readonly number: number; readonly base: string }[];
  readonly freezing: readonly number[];
  /** What could not be read. */
  readonly why: string | undefined;
};

const commit = z.record(z.string(), z.unknown()).nullable();
const answerSchema = z.looseObject({
  repository: z.looseObject({
    before: commit,
    after: commit,
    ref: z
      .looseObject({
        compare: z
          .looseObject({
            behindBy: z.int(),
            baseTarget: z.looseObject({ oid: z.string() }),
            headTarget: z.looseObject({ oid: z.string() }),
          })
          .nullable(),
      })
      .nullish(),
    pullRequests: z
      .looseObject({
        pageInfo: z.looseObject({ hasNextPage: z.boolean() }),
        nodes: z.array(z.looseObject({ number: z.int(), baseRefName: z.string(), headRefOid: z.string() })),
      })
      .optional(),
    issues: z.looseObject({ nodes: z.array(z.looseObject({ number: z.int() })) }).optional(),
  }),
});
type AnswerRepository = z.infer<typeof answerSchema>['repository'];

/**
 * Modes and contents of the changed files on both sides, with what else can be asked in the same request once the head
 * is known: how far it is behind, other pull requests of the same head, and open issues that freeze merges.
 */
export async function readContents(client: GitHubClient, wanted: Wanted): Promise<Contents> {
  const chunks = Math.max(1, Math.ceil(Math.max(wanted.basePaths.length, wanted.headPaths.length) / CHUNK));
  const parts = await Promise.all(Array.from({ length: chunks }, (_, index) => readChunk(client, wanted, index)));
  const first = parts[0]?.repository;
  const compare = first?.ref?.compare;
  const compared = compare?.headTarget.oid === wanted.headSha && compare.baseTarget.oid === wanted.baseSha;
  const pulls = first?.pullRequests;
  const twins = (pulls?.nodes ?? []).filter(
    ({ headRefOid, baseRefName }) => headRefOid === wanted.headSha && baseRefName !== wanted.baseBranch,
  );
  return {
    before: merged(parts.map(({ before }) => before)),
    after: merged(parts.map(({ after }) => after)),
    behindBy: compared ? compare.behindBy : null,
    twins: twins.map(({ number, baseRefName }) => ({ number, base: baseRefName })),
    freezing: (first?.issues?.nodes ?? []).map(({ number }) => number),
    why:
      parts.flatMap(({ why }) => why ?? [])[0] ??
      (pulls?.pageInfo.hasNextPage === true ? 'there are more than 100 pull requests of this head branch' : undefined),
  };
}

type Part = {
  readonly repository?: AnswerRepository;
  readonly before: Entries;
  readonly after: Entries;
  readonly why?: string;
};

async function readChunk(client: GitHubClient, wanted: Wanted, index: number): Promise<Part> {
  const basePaths = wanted.basePaths.slice(index * CHUNK, (index + 1) * CHUNK);
  const headPaths = wanted.headPaths.slice(index * CHUNK, (index + 1) * CHUNK);
  const nothing = { before: new Map(), after: new Map() };
  const first = index === 0;
  const freeze = wanted.freezeLabel !== undefined;
  const text = contentsDocument({ base: basePaths.length, head: headPaths.length, first, freeze });
  const variables = variablesFor(client, wanted, basePaths, headPaths, first);
  const answer = await client.graphql({ text, kind: 'read', variables }, answerSchema);
  if (answer.kind === 'failed')
    return { ...nothing, why: whyFailed(answer, 'the contents of the files could not be read') };
  const { repository } = answer.value;
  const before = entriesOf(repository.before, 'b', basePaths);
  const after = entriesOf(repository.after, 'h', headPaths);
  if (before === undefined || after === undefined)
    return { ...nothing, repository, why: 'a commit of the pull request is not there, or is of another shape' };
  return { repository, before, after };
}

export type DocumentParts = {
  readonly base: number;
  readonly head: number;
  /** Whether it asks for what is asked once only. */
  readonly first: boolean;
  readonly freeze: boolean;
};

/** The document for so many files. Paths stand in variables, so that no name of a file can be read as a part of it. */
export function contentsDocument({ base, head, first, freeze }: DocumentParts): string {
  const names = (side: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${side}${at}`);
  const files = (side: string, count: number): string =>
    names(side, count)
      .map((name) => `${name}: file(path: $${name}) { ...Entry }`)
      .join(' ');
  const all = [...names('b', base), ...names('h', head)];
  return [
    'query ($owner: String!, $repo: String!, $baseSha: GitObjectID!, $headSha: GitObjectID!',
    ...(first ? [', $baseRef: String!, $headRef: String!'] : []),
    ...(first && freeze ? [', $freeze: String!'] : []),
    ...all.map((name) => `, $${name}: String!`),
    ') { repository(owner: $owner, name: $repo) {',
    `before: object(oid: $baseSha) { __typename ... on Commit { oid ${files('b', base)} } }`,
    `after: object(oid: $headSha) { __typename ... on Commit { oid ${files('h', head)} } }`,
    ...(first ? [COMPARE, TWINS] : []),
    ...(first && freeze ? [ISSUES] : []),
    '} }',
    ...(all.length === 0 ? [] : [ENTRY]),
  ].join('\n');
}

const COMPARE =
  'ref(qualifiedName: $baseRef) { compare(headRef: $headRef) { behindBy baseTarget { oid } headTarget { oid } } }';
const TWINS =
  'pullRequests(headRefName: $headRef, first: 100) { pageInfo { hasNextPage } nodes { number baseRefName headRefOid } }';
const ISSUES = 'issues(first: 5, states: [OPEN], labels: [$freeze]) { nodes { number } }';
const ENTRY = 'fragment Entry on TreeEntry { mode object { __typename ... on Blob { text isTruncated isBinary } } }';

function variablesFor(
  client: GitHubClient,
  { baseSha, headSha, baseBranch, headBranch, freezeLabel }: Wanted,
  basePaths: readonly string[],
  headPaths: readonly string[],
  first: boolean,
): Record<string, unknown> {
  const named = (side: string, paths: readonly string[]): Record<string, string> =>
    Object.fromEntries(paths.map((path, at) => [`${side}${at}`, path]));
  return {
    owner: client.owner,
    repo: client.repo,
    baseSha,
    headSha,
    ...(first ? { baseRef: `refs/heads/${baseBranch}`, headRef: headBranch } : {}),
    ...(first && freezeLabel !== undefined ? { freeze: freezeLabel } : {}),
    ...named('b', basePaths),
    ...named('h', headPaths),
  };
}

function entriesOf(
  object: Readonly<Record<string, unknown>> | null,
  side: 'b' | 'h',
  paths: readonly string[],
): Entries | undefined {
  if (object === null) return undefined;
  const entries = new Map<string, z.infer<typeof entrySchema>>();
  for (const [at, path] of paths.entries()) {
    const parsed = entrySchema.safeParse(object[`${side}${at}`]);
    if (!parsed.success) return undefined;
    entries.set(path, parsed.data);
  }
  return entries;
}

function merged(parts: readonly Entries[]): Entries {
  return new Map(parts.flatMap((part) => [...part]));
}
