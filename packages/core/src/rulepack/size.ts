import type { ChangedFile } from './changed-file.ts';
import type { PolicyProblem } from './problem.ts';
import type { Rulepack } from './schema.ts';

/** GitHub lists no more than this: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
export const FILE_LIST_CAP = 3000;

/** Size of a pull request as GitHub counts it for the whole, not summed from the list of files. */
export type PullSize = { readonly changedFiles: number; readonly additions: number; readonly deletions: number };

/** Whether the list of files is the whole change. Nothing is decided on a part of it. */
export function completenessProblems(files: readonly ChangedFile[], size: PullSize): PolicyProblem[] {
  const help = 'Split the pull request, or let a person merge it.';
  if (size.changedFiles === 0)
    return [
      { code: 'files_incomplete', message: 'the pull request changes no file', help: 'There is nothing to merge.' },
    ];
  if (size.changedFiles >= FILE_LIST_CAP) {
    const message = `it changes ${size.changedFiles} files, and GitHub lists no more than ${FILE_LIST_CAP}`;
    return [{ code: 'files_incomplete', message, help }];
  }
  if (files.length === size.changedFiles) return [];
  const message = `GitHub lists ${files.length} changed files but counts ${size.changedFiles}`;
  return [{ code: 'files_incomplete', message, help: `Run it again; if it stays: ${help}` }];
}

/** The scenario's limits, against the totals of the pull request: the counts of single files are zero for some. */
export function sizeProblems(size: PullSize, pack: Rulepack): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const changes = size.additions + size.deletions;
  const help = `Split the pull request, or let a person merge it (scenario ${pack.scenario}, ${pack.file}).`;
  if (size.changedFiles > pack.max_files) {
    const message = `it changes ${size.changedFiles} files > max_files ${pack.max_files} of scenario ${pack.scenario}`;
    problems.push({ code: 'too_many_files', message, help });
  }
  if (changes > pack.max_changes) {
    const message = `it changes ${changes} lines > max_changes ${pack.max_changes} of scenario ${pack.scenario}`;
    problems.push({ code: 'too_many_changes', message, help });
  }
  return problems;
}
