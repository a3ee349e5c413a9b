import type { ChangedFile } from './changed-file.ts';
import { denies } from './glob.ts';
import { collidingPaths, unsafePath } from './path.ts';
import { quoted, type PolicyProblem } from './problem.ts';

type Denial = { readonly glob: string; readonly why: string };

/** Paths that no rulepack can allow: what decides about merges, and what runs with their rights. */
export const BUILT_IN_DENIALS: readonly Denial[] = [
  { glob: '/.github/', why: 'workflows and repository settings decide what every other change must pass' },
  { glob: '/.obsgate*', why: "Obsgate's own configuration decides about this merge" },
  { glob: '/rulepack/', why: 'rulepacks decide about this merge' },
  { glob: 'CODEOWNERS', why: 'code owners decide who must review' },
  { glob: 'action.yml', why: 'it defines an action, which runs with the rights of every workflow that uses it' },
  { glob: 'action.yaml', why: 'it defines an action, which runs with the rights of every workflow that uses it' },
  { glob: 'dist/', why: 'bundles are run without having been read' },
  { glob: '.gitmodules', why: 'it brings in code from other repositories' },
  { glob: '.gitattributes', why: 'it decides what of a change is shown, and how files are merged' },
  { glob: '.git', why: "no file of a repository may be named like git's own folder" },
];

/** Names of both sides of a change. */
export function pathsOf(file: ChangedFile): string[] {
  const { path, previousPath } = file;
  return previousPath === undefined || previousPath === path ? [path] : [path, previousPath];
}

/**
 * What no rulepack can lift, for all changed files under both names of a rename.
 *
 * @param rulepackFolder folder of the rulepacks when the configuration names another than `rulepack/`
 */
export function builtInProblems(files: readonly ChangedFile[], rulepackFolder = 'rulepack/'): PolicyProblem[] {
  const folder = rulepackFolder.replace(/^(\.?\/)+|\/+$/g, '');
  // Rulepacks at the root are told by their endings alone.
  const glob = folder === '' || folder === '.' ? '/*.{yml,yaml}' : `/${folder}/`;
  const denials = [...BUILT_IN_DENIALS, { glob, why: 'rulepacks decide about this merge' }];
  return [
    ...files.flatMap((file) => pathsOf(file).flatMap((path) => pathProblems(path, denials))),
    ...files.flatMap(modeProblems),
    ...collisions(files),
  ];
}

function pathProblems(path: string, denials: readonly Denial[]): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const unsafe = unsafePath(path);
  if (unsafe !== undefined) {
    problems.push({
      code: 'unsafe_path',
      message: `the path ${quoted(path)} may mean different files to different readers: ${unsafe}`,
      subject: path,
      help: 'Rename the file, or let a person merge it.',
    });
  }
  const denial = denials.find(({ glob }) => denies(glob, path));
  if (denial !== undefined) {
    problems.push({
      code: 'forbidden_path',
      message: `${quoted(path)} is never merged without a person (${denial.glob}): ${denial.why}`,
      subject: path,
      help: 'Move this file to a pull request of its own and let a person merge it.',
    });
  }
  return problems;
}

/** Modes as in git's index: https://git-scm.com/docs/git-fast-import#_filemodify */
function modeProblems({ path, before, after }: ChangedFile): PolicyProblem[] {
  const modes = [before?.mode, after?.mode];
  const help = 'Let a person merge it, or leave this file out.';
  const special = modes.includes('120000') ? 'a symbolic link' : modes.includes('160000') ? 'a submodule' : undefined;
  if (special !== undefined) {
    return [
      {
        code: 'special_file',
        message: `${quoted(path)} is ${special}, which stands for something outside of its path`,
        subject: path,
        help,
      },
    ];
  }
  if (after?.mode === '100755' && before?.mode !== '100755') {
    const message = `${quoted(path)} becomes an executable file`;
    return [{ code: 'executable_mode', message, subject: path, help: `git update-index --chmod=-x, or: ${help}` }];
  }
  const known = new Set(['100644', '100755', 'unknown', undefined]);
  const odd = modes.find((mode) => !known.has(mode));
  return odd === undefined
    ? []
    : [{ code: 'special_file', message: `${quoted(path)} has the unusual mode ${odd}`, subject: path, help }];
}

function collisions(files: readonly ChangedFile[]): PolicyProblem[] {
  const names = files.flatMap((file) => (file.after === null ? [] : [file.path]));
  return collidingPaths(names).map((group) => ({
    code: 'unsafe_path',
    message: `${group.map(quoted).join(' and ')} are one file where letter case or Unicode forms do not count`,
    subject: group[0] ?? '',
    help: 'Rename one of them.',
  }));
}
