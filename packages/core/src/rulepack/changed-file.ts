/** How a file differs between the base and the head, in the words of GitHub's files API. */
export const FILE_STATUSES = ['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged'] as const;
export type FileStatus = (typeof FILE_STATUSES)[number];

/**
 * Git's mode of a tree entry as six octal digits (`100644`, `100755`, `120000` symlink, `160000` submodule);
 * `unknown` when nobody looked.
 */
export type FileMode = string;

/** What a file held. `unread`: nobody looked, or it is too long to be read whole; never the same as empty. */
export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary' }
  | { readonly kind: 'unread'; readonly why: string };

/** One side of a change. */
export type FileSide = { readonly mode: FileMode; readonly content: FileContent };

/** One changed file, with both names of a rename and both sides of its content. */
export type ChangedFile = {
  /** As git has it: bytes decoded as UTF-8, `/` as separator, not normalised. */
  readonly path: string;
  /** The name before a rename, or what a copy was made from. */
  readonly previousPath?: string;
  readonly status: FileStatus;
  readonly additions: number;
  readonly deletions: number;
  /** On the base branch; null: there was no such file. */
  readonly before: FileSide | null;
  /** On the head; null: there is no such file. */
  readonly after: FileSide | null;
};

/** A side of which only the existence is known. */
export const UNSEEN: FileSide = { mode: 'unknown', content: { kind: 'unread', why: 'it was not looked at' } };
