import { parseDuration } from '../../kernel/index.ts';
import {
  collisionsWithBase,
  completenessProblems,
  contentProblems,
  quoted,
  sizeProblems,
  type PolicyProblem,
  type Rulepack,
} from '../../rulepack/index.ts';
import { gateVerdict, type GateVerdict, type Refusal } from '../verdict.ts';
import { refusing, type GateInput } from './input.ts';

const refuse = refusing('path-policy');

/** What may change without a person: rulepacks at the base commit, built-in denials, size, content, and rest after a rollback. */
export function pathPolicyGate(input: GateInput): GateVerdict {
  const { facts, match, pack } = input;
  const { files } = facts.files;
  const problems: PolicyProblem[] = [
    ...completenessProblems(files, facts.pull),
    ...match.denials,
    ...collisionsWithBase(files, facts.folders),
    ...match.problems,
    ...(pack === null ? [] : [...sizeProblems(facts.pull, pack), ...contentProblems(files, pack)]),
  ];
  const refusals = [
    ...unreadableRulepacks(input),
    ...incompleteFiles(input),
    ...problems.map(({ code, ...rest }) => refuse(code, rest)),
    ...(pack === null ? [] : resting(input, pack)),
  ];
  const notes = match.verdicts.map((verdict) => `${verdict.pack.scenario}: ${verdict.why}`);
  return gateVerdict('path-policy', refusals, notes);
}

/** A rulepack that cannot be read may be the one that forbids, so it stops all merges. */
function unreadableRulepacks({ rulepacks }: GateInput): Refusal[] {
  return rulepacks.problems.map(({ file, line, column, message }) =>
    refuse('rulepack_invalid', {
      message: `${quoted(file)}:${line}:${column}: ${message}`,
      subject: file,
      help: 'Mend the rulepack on the base branch.',
    }),
  );
}

function incompleteFiles({ facts }: GateInput): Refusal[] {
  if (facts.files.kind === 'complete') return [];
  const help = 'Run it again; if it stays, split the pull request or let a person merge it.';
  return [
    refuse('files_incomplete', { message: `the changed files could not be read whole: ${facts.files.why}`, help }),
  ];
}

/** After a rollback of a merge of this scenario, the scenario rests. */
function resting({ facts, ledger }: GateInput, pack: Rulepack): Refusal[] {
  const rest = pack.cooldown === undefined ? undefined : parseDuration(pack.cooldown);
  if (rest === undefined) return [];
  const now = Date.parse(facts.readAt);
  const rollbacks = ledger.filter(
    ({ stage, result, ctx }) => stage === 'rollback' && result !== 'skip' && ctx.scenario === pack.scenario,
  );
  const last = rollbacks.map(({ ts }) => Date.parse(ts)).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  // A rollback from the future is one of a clock that is ahead of GitHub's: it counts.
  if (now - last >= rest.ms) return [];
  const until = new Date(last + rest.ms).toISOString();
  return [
    refuse('cooldown', {
      message: `scenario ${pack.scenario} was rolled back at ${new Date(last).toISOString()} and rests for ${pack.cooldown}, until ${until}`,
      subject: pack.scenario,
      help: `Wait until ${until}, or let a person merge it.`,
    }),
  ];
}
