/** What was read at a path. Text is decoded as UTF-8; a byte order mark is kept, for the loader to speak of. */
export type ReadResult =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'unreadable';
      /** `missing`, `directory`, `binary` (a NUL byte), `encoding` (invalid UTF-8), `too_large`, `outside`, `denied`, `loop`. */
      readonly reason: 'missing' | 'directory' | 'binary' | 'encoding' | 'too_large' | 'outside' | 'denied' | 'loop';
      readonly detail: string;
    };

/**
 * Files of the repository under test. Paths are relative to its root with `/`; a path that leaves the root
 * (also through a symbolic link) reads as `outside`.
 */
export type RepositoryFiles = {
  read(path: string): Promise<ReadResult>;
  /**
   * Every file of the repository, sorted; `.git` and `node_modules` are left out. Symbolic links are included, those
   * that lead nowhere, outside or in a circle too: reading them says so.
   */
  list(): Promise<readonly string[]>;
};
