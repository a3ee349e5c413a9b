import type { ChangedFile } from './changed-file.ts';
import { builtInProblems, pathsOf } from './denials.ts';
import { allows, denies } from './glob.ts';
import { quoted, type PolicyProblem } from './problem.ts';
import { RELAX_LEVELS, relaxLevel, REVERT_SCENARIO, type Rulepack } from './schema.ts';

/** What one scenario says about one path, and the glob that decided. */
export type PathVerdict =
  | { readonly kind: 'allowed'; readonly path: string; readonly glob: string }
  | { readonly kind: 'denied'; readonly path: string; readonly glob: string }
  | { readonly kind: 'not_allowed'; readonly path: string };

/** What one scenario says about all changed files. */
export type PackVerdict = {
  readonly pack: Rulepack;
  readonly fits: boolean;
  /** One for each path; both names of a rename have one each. */
  readonly paths: readonly PathVerdict[];
  /** Why this scenario was taken, or why not. */
  readonly why: string;
};

export type RulepackMatch = {
  /** The scenario that decides; null when none fits. */
  readonly pack: Rulepack | null;
  /** What no scenario can allow. */
  readonly denials: readonly PolicyProblem[];
  /** All scenarios, the best first. */
  readonly verdicts: readonly PackVerdict[];
  /** `no_scenario` or `denied_path` for each file that keeps all scenarios from fitting; empty when one fits. */
  readonly problems: readonly PolicyProblem[];
};

/**
 * The scenario that the changed files fall into: every file, under both names of a rename, is allowed by it and none is
 * denied. Among several the highest priority wins, and among equals the stricter, so that a tie never loosens.
 *
 * @param rulepackFolder folder of the rulepacks when the configuration names another than `rulepack/`
 */
export function matchRulepacks(
  files: readonly ChangedFile[],
  rulepacks: readonly Rulepack[],
  rulepackFolder?: string,
): RulepackMatch {
  const paths = [...new Set(files.flatMap(pathsOf))];
  const judged = rulepacks
    .filter(({ scenario }) => scenario !== REVERT_SCENARIO)
    .toSorted(byPreference)
    .map((pack) => ({ pack, paths: paths.map((path) => judgePath(path, pack)) }));
  const best = paths.length === 0 ? undefined : judged.find((entry) => fitsAll(entry.paths));
  const verdicts = judged.map((entry) => ({
    ...entry,
    fits: paths.length > 0 && fitsAll(entry.paths),
    why: why(entry.pack, entry.paths, best?.pack ?? null),
  }));
  return {
    pack: best?.pack ?? null,
    denials: builtInProblems(files, rulepackFolder),
    verdicts: verdicts.toSorted((a, b) => Number(b.fits) - Number(a.fits)),
    problems: best === undefined ? unmatched(verdicts, paths) : [],
  };
}

function judgePath(path: string, pack: Rulepack): PathVerdict {
  const denying = pack.deny_paths.find((glob) => denies(glob, path));
  if (denying !== undefined) return { kind: 'denied', path, glob: denying };
  const allowing = pack.allow_paths.find((glob) => allows(glob, path));
  return allowing === undefined ? { kind: 'not_allowed', path } : { kind: 'allowed', path, glob: allowing };
}

function fitsAll(paths: readonly PathVerdict[]): boolean {
  return paths.every(({ kind }) => kind === 'allowed');
}

/** Higher priority first; among equals the one that asks for more. */
function byPreference(a: Rulepack, b: Rulepack): number {
  const strictness = (pack: Rulepack): number[] => [
    -pack.priority,
    RELAX_LEVELS.indexOf(relaxLevel(pack)),
    -pack.require_reviews,
    -(pack.required_contexts.length + pack.checks.length),
    pack.max_files,
    pack.max_changes,
  ];
  const left = strictness(a);
  const right = strictness(b);
  const at = left.findIndex((value, index) => value !== right[index]);
  if (at !== -1) return (left[at] ?? 0) - (right[at] ?? 0);
  return a.scenario < b.scenario ? -1 : 1;
}

function why(pack: Rulepack, paths: readonly PathVerdict[], best: Rulepack | null): string {
  if (pack === best)
    return `every changed file fits, and no other scenario that fits has a higher priority (${pack.priority})`;
  const bad = paths.filter(({ kind }) => kind !== 'allowed');
  const first = bad[0];
  if (first === undefined) return overtaken(pack, best);
  const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more`;
  return first.kind === 'denied'
    ? `${quoted(first.path)} is denied by ${quoted(first.glob)}${more}`
    : `${quoted(first.path)} matches none of its allow_paths${more}`;
}

function overtaken(pack: Rulepack, best: Rulepack | null): string {
  if (best === null) return 'there are no changed files';
  if (best.priority === pack.priority)
    return `it fits too, but ${best.scenario} has the same priority (${best.priority}) and asks for more`;
  return `it fits too, but ${best.scenario} has priority ${best.priority} > ${pack.priority}`;
}

/** For each path that keeps the nearest scenario from fitting: the scenario which most paths fit is the nearest. */
function unmatched(verdicts: readonly PackVerdict[], paths: readonly string[]): PolicyProblem[] {
  const misses = (verdict: PackVerdict): number => verdict.paths.filter(({ kind }) => kind !== 'allowed').length;
  const near = verdicts.toSorted((a, b) => misses(a) - misses(b))[0];
  if (near === undefined || paths.length === 0) {
    const message = paths.length === 0 ? 'there is no changed file' : 'there is no rulepack on the base branch';
    return [
      { code: 'no_scenario', message, help: 'Add rulepack/*.yml on the base branch (obsgate init writes some).' },
    ];
  }
  return near.paths.flatMap((verdict): PolicyProblem[] => {
    if (verdict.kind === 'allowed') return [];
    const subject = verdict.path;
    const help = `Move ${quoted(subject)} to a pull request of its own, or let a person merge this one.`;
    if (verdict.kind === 'denied') {
      const message = `${quoted(subject)} is denied by ${quoted(verdict.glob)} of ${near.pack.file}, the nearest scenario`;
      return [{ code: 'denied_path', message, subject, help }];
    }
    const message = `no scenario allows all changed files; ${near.pack.scenario} is the nearest, and ${quoted(subject)} is not in it`;
    return [{ code: 'no_scenario', message, subject, help }];
  });
}
