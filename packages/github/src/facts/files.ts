import type { FilesFacts } from '@obsgate/core/merge';
import {
  FILE_LIST_CAP,
  FILE_STATUSES,
  UNSEEN,
  type ChangedFile,
  type FileContent,
  type FileSide,
} from '@obsgate/core/rulepack';
import * as z from 'zod';
import type { Answer, GitHubClient } from '../client/index.ts';
import { whyFailed } from './failed.ts';
import type { BlobAnswer } from './pull-query.ts';

const PAGE = 100;

const fileSchema = z.looseObject({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.enum(FILE_STATUSES),
  additions: z.int(),
  deletions: z.int(),
});
type FileAnswer = z.infer<typeof fileSchema>;

export type ListedFiles = { readonly files: readonly FileAnswer[]; readonly why: string | undefined };

/** The changed files by name, one request for each hundred, and no more than any scenario allows. */
export async function listFiles(
  client: GitHubClient,
  pull: number,
  count: number,
  limit: number,
): Promise<ListedFiles> {
  const most = Math.min(count, FILE_LIST_CAP);
  const pages = Math.max(1, Math.ceil((most > limit ? PAGE : most) / PAGE));
  const answers = await Promise.all(Array.from({ length: pages }, (_, index) => filePage(client, pull, index + 1)));
  const files = answers.flatMap((answer) => (answer.kind === 'ok' ? answer.value : []));
  const failed = answers.find((answer) => answer.kind === 'failed');
  if (failed !== undefined) return { files, why: whyFailed(failed, 'the changed files could not be read') };
  if (most > limit) return { files, why: `it changes ${count} files, and no scenario allows more than ${limit}` };
  return { files, why: undefined };
}

function filePage(client: GitHubClient, pull: number, page: number): Promise<Answer<FileAnswer[]>> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files';
  return client.call({ route, params: { pull_number: pull, per_page: PAGE, page } }, fileSchema.array());
}

/** Entries by name of one commit; null where there is none. */
export type Entries = ReadonlyMap<string, EntryAnswer>;

export const entrySchema = z
  .looseObject({
    mode: z.int(),
    object: z
      .looseObject({
        __typename: z.string(),
        text: z.string().nullish(),
        isTruncated: z.boolean().optional(),
        isBinary: z.boolean().nullish(),
      })
      .nullable(),
  })
  .nullable();
type EntryAnswer = z.infer<typeof entrySchema>;

/** Puts names, modes and contents together. What is listed but was not found on a side that must have it stays unseen. */
export function filesFacts(listed: ListedFiles, before: Entries, after: Entries, why: string | undefined): FilesFacts {
  const files = changedFiles(listed, before, after);
  const reason = listed.why ?? why;
  return reason === undefined ? { kind: 'complete', files } : { kind: 'incomplete', files, why: reason };
}

/** The files as they are listed, each side unseen but for what is in `before` and `after`. */
export function changedFiles(listed: ListedFiles, before: Entries, after: Entries): ChangedFile[] {
  return listed.files.map((file): ChangedFile => {
    const { filename, previous_filename: previous, status, additions, deletions } = file;
    const left = before.get(previous ?? filename);
    const right = after.get(filename);
    const gone = status === 'removed';
    return {
      path: filename,
      ...(previous === undefined ? {} : { previousPath: previous }),
      status,
      additions,
      deletions,
      before: status === 'added' && left === undefined ? null : sideOf(left),
      // A file that is listed as there and is not there was pushed away in between: unseen, which nothing passes.
      after: gone ? null : right === null ? UNSEEN : sideOf(right),
    };
  });
}

function sideOf(entry: EntryAnswer | undefined): FileSide | null {
  if (entry === undefined) return UNSEEN;
  if (entry === null) return null;
  return { mode: entry.mode.toString(8).padStart(6, '0'), content: contentOf(entry.object) };
}

function contentOf(object: BlobAnswer): FileContent {
  if (object === null || object.__typename !== 'Blob') return { kind: 'unread', why: 'it is no file' };
  if (object.isBinary === true) return { kind: 'binary' };
  if (object.isTruncated !== false || typeof object.text !== 'string')
    return { kind: 'unread', why: 'GitHub does not show it whole' };
  return { kind: 'text', text: object.text };
}
