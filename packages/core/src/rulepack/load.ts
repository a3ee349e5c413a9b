import { parseInput } from '../input/index.ts';
import { rulepackSchema, type Rulepack } from './schema.ts';

/** A rulepack file as read at the base commit. */
export type RulepackFile = { readonly path: string; readonly text: string };

export type RulepackProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** The rulepacks of a repository, and what is wrong with those that could not be read. */
export type RulepackSet = { readonly rulepacks: readonly Rulepack[]; readonly problems: readonly RulepackProblem[] };

/** Whether a file of the rulepack folder is a scenario: `*.yml` and `*.yaml` but for `schema.yml`. */
export function isRulepackFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\.ya?ml$/.test(name) && !/^schema\.ya?ml$/.test(name);
}

/**
 * Reads the rulepack files. One that is wrong makes a problem with its place and no rulepack: callers refuse all merges
 * while there are problems, because a scenario that is missing may be the one that forbids.
 */
export function loadRulepacks(files: readonly RulepackFile[]): RulepackSet {
  const rulepacks: Rulepack[] = [];
  const problems: RulepackProblem[] = [];
  for (const { path, text } of files.filter((file) => isRulepackFile(file.path))) {
    const parsed = parseInput(rulepackSchema, path, text);
    if (parsed.kind === 'invalid') {
      problems.push(
        ...parsed.problems.map(({ message, range }) => ({
          file: path,
          line: range.line,
          column: range.column,
          message,
        })),
      );
      continue;
    }
    const twin = rulepacks.find(({ scenario }) => scenario === parsed.value.scenario);
    if (twin === undefined) rulepacks.push({ ...parsed.value, file: path });
    else
      problems.push({
        file: path,
        line: 1,
        column: 1,
        message: `scenario ${JSON.stringify(twin.scenario)} is already that of ${twin.file}`,
      });
  }
  return { rulepacks, problems };
}
