import type { ChangedFile } from './changed-file.ts';
import { contentProblems } from './content/index.ts';
import type { RulepackSet } from './load.ts';
import { matchRulepacks, type PackVerdict } from './match.ts';
import { quoted, type PolicyProblem } from './problem.ts';
import { relaxLevel, type Rulepack } from './schema.ts';

/** `obsgate.rulepack/1`: which scenario changed files fall into, and why not the others. */
export type RulepackExplanation = {
  readonly schema: 'obsgate.rulepack/1';
  readonly outcome: 'pass' | 'fail';
  readonly scenario: string | null;
  readonly file: string | null;
  readonly reasons: readonly PolicyProblem[];
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly file: string;
    readonly priority: number;
    readonly fits: boolean;
    readonly why: string;
    readonly paths: PackVerdict['paths'];
  }[];
};

/** Explains the match of the files; with their contents, if they are known, and without size limits, which need a pull request. */
export function explainRulepacks(
  files: readonly ChangedFile[],
  set: RulepackSet,
  folder?: string,
): RulepackExplanation {
  const match = matchRulepacks(files, set.rulepacks, folder);
  const { pack } = match;
  const known = files.filter(({ before, after }) =>
    [before, after].some((side) => side !== null && side.content.kind !== 'unread'),
  );
  const reasons: PolicyProblem[] = [
    ...set.problems.map(({ file, line, column, message }): PolicyProblem => ({
      code: 'rulepack_invalid',
      message: `${quoted(file)}:${line}:${column}: ${message}`,
      subject: file,
      help: 'Mend the rulepack.',
    })),
    ...match.denials,
    ...match.problems,
    ...(pack === null ? [] : contentProblems(known, pack)),
  ];
  return {
    schema: 'obsgate.rulepack/1',
    outcome: reasons.length === 0 ? 'pass' : 'fail',
    scenario: pack?.scenario ?? null,
    file: pack?.file ?? null,
    reasons,
    scenarios: match.verdicts.map(({ pack: each, fits, why, paths }) => ({
      scenario: each.scenario,
      file: each.file,
      priority: each.priority,
      fits,
      why,
      paths,
    })),
  };
}

/** Paths that are shown for each scenario. */
const SHOWN = 5;

/** The explanation as text for a person. */
export function renderExplanation(explanation: RulepackExplanation, pack: Rulepack | undefined): string {
  const lines = [headline(explanation)];
  if (pack !== undefined) lines.push(...demands(pack));
  if (explanation.reasons.length > 0) {
    lines.push('', 'Why it does not merge without a person:');
    for (const { code, message, help } of explanation.reasons) lines.push(`  ${code}: ${message}`, `    ${help}`);
  }
  lines.push('', 'Scenarios, the best first:');
  for (const { scenario, priority, fits, why, paths } of explanation.scenarios) {
    lines.push(`  ${fits ? '+' : '-'} ${scenario} (priority ${priority}): ${why}`);
    if (!fits && paths.length === 1) continue;
    lines.push(...paths.slice(0, SHOWN).map((path) => `      ${quoted(path.path)} ${verdictText(path)}`));
    if (paths.length > SHOWN) lines.push(`      and ${paths.length - SHOWN} more (all with --format json)`);
  }
  return `${lines.join('\n')}\n`;
}

function headline({ scenario, file, outcome }: RulepackExplanation): string {
  if (scenario === null) return 'No scenario: these files do not merge without a person.';
  const name = `Scenario ${scenario} (${file ?? ''})`;
  return outcome === 'pass' ? `${name}.` : `${name}, but these files do not merge without a person.`;
}

function demands(pack: Rulepack): string[] {
  const checks = [...pack.checks.map(({ context }) => context), ...pack.required_contexts];
  return [
    ...(pack.description === '' ? [] : [pack.description]),
    `  checks:  ${[...new Set(checks)].join(', ') || 'none'}`,
    `  labels:  ${pack.required_labels.map(quoted).join(', ') || 'none'}`,
    `  roles:   ${pack.actor_roles.join(', ')}`,
    `  limits:  ${pack.max_files} files, ${pack.max_changes} changed lines`,
    `  reviews: ${pack.require_reviews}; relax: ${relaxLevel(pack)}${relaxLevel(pack) === 'none' ? ' (people approve it, protection stays as it is)' : ''}`,
  ];
}

function verdictText(path: PackVerdict['paths'][number]): string {
  if (path.kind === 'not_allowed') return 'matches none of its allow_paths';
  return `is ${path.kind} by ${quoted(path.glob)}`;
}
