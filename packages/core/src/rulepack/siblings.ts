import type { ChangedFile } from './changed-file.ts';
import { foldPath } from './path.ts';
import { quoted, type PolicyProblem } from './problem.ts';

/** Names in a folder of the base commit; the root's path is empty. A folder that is not there has none. */
export type FolderNames = { readonly path: string; readonly names: readonly string[] };

/** The folders whose names a new path may collide with: all above the files that the base does not have by that name. */
export function foldersAboveNew(files: readonly ChangedFile[]): string[] {
  return [...new Set(files.filter(isNew).flatMap(({ path }) => levels(path).map(({ folder }) => folder)))].toSorted();
}

/**
 * New paths that are one with a path of the base branch where letter case or Unicode forms do not count: on such a file
 * system the one overwrites the other.
 */
export function collisionsWithBase(files: readonly ChangedFile[], folders: readonly FolderNames[]): PolicyProblem[] {
  const names = new Map(folders.map((folder) => [folder.path, folder.names]));
  const gone = new Set(
    files.flatMap((file) =>
      file.status === 'renamed' ? (file.previousPath ?? []) : file.after === null ? file.path : [],
    ),
  );
  const problems = files.filter(isNew).flatMap(({ path }) =>
    levels(path).flatMap(({ folder, name }): PolicyProblem[] => {
      const twin = names.get(folder)?.find((each) => each !== name && foldPath(each) === foldPath(name));
      const other = folder === '' ? (twin ?? '') : `${folder}/${twin ?? ''}`;
      if (twin === undefined || gone.has(other)) return [];
      const message = `${quoted(path)} and ${quoted(other)} of the base branch are one where letter case or Unicode forms do not count`;
      return [{ code: 'unsafe_path', message, subject: path, help: 'Use the name that is there already.' }];
    }),
  );
  return problems.filter(({ message }, index) => problems.findIndex((each) => each.message === message) === index);
}

function isNew({ status }: ChangedFile): boolean {
  return status === 'added' || status === 'renamed' || status === 'copied';
}

function levels(path: string): { folder: string; name: string }[] {
  const parts = path.split('/');
  return parts.map((name, at) => ({ folder: parts.slice(0, at).join('/'), name }));
}
