import { quoted } from '../../rulepack/index.ts';
import type { CheckFacts } from '../facts.ts';
import { gateVerdict, type GateVerdict, type Refusal } from '../verdict.ts';
import { whyUnbound } from './bind-check.ts';
import { refusing, waiting, type GateInput } from './input.ts';
import { demandedChecks, isNamed, type CheckDemand } from './required-checks.ts';

const refuse = refusing('checks');
const wait = waiting('checks');

/** Every check that the scenario or the protection asks for is green, for the head commit, from where it must come. */
export function checksGate(input: GateInput): GateVerdict {
  const { facts, pack } = input;
  const snapshot = facts.protection.kind === 'read' ? facts.protection.snapshot : null;
  const demands = demandedChecks(pack, snapshot);
  const refusals = [...incomplete(input), ...demands.flatMap((demand) => judge(demand, input))];
  const notes = refusals.length === 0 ? [`${demands.length} required checks are green`] : [];
  return gateVerdict('checks', refusals.filter(isFirst), notes);
}

/** The same refusal from two demands is told once. */
function isFirst(refusal: Refusal, index: number, all: readonly Refusal[]): boolean {
  const same = (each: Refusal): boolean =>
    each.code === refusal.code && each.subject === refusal.subject && each.kind === refusal.kind;
  return all.findIndex(same) === index;
}

function incomplete({ facts }: GateInput): Refusal[] {
  if (facts.checks.kind === 'complete') return [];
  const message = `the checks could not be read whole: ${facts.checks.why}`;
  return [
    refuse('checks_incomplete', { message, help: 'Run it again; the token needs checks: read and statuses: read.' }),
  ];
}

function judge(demand: CheckDemand, input: GateInput): Refusal[] {
  const { facts, config } = input;
  const subject = demand.context;
  const name = `${quoted(subject)} (asked for by ${demand.from})`;
  const sameName = facts.checks.checks.filter((check) => isNamed(demand, check.name));
  const judged = sameName.map((check) => ({ check, why: whyUnbound(check, demand, facts.pull) }));
  const bound = newest(judged.flatMap(({ check, why }) => (why === undefined ? [check] : [])));
  if (bound.length === 0) {
    const why = judged.flatMap((each) => each.why ?? [])[0];
    if (why !== undefined) {
      const help = `Let the real check run on ${facts.pull.head.sha}, or bind it in the rulepack under checks.`;
      return [refuse('check_unbound', { message: `${name} was reported, but ${why}`, subject, help })];
    }
    const missing = config.merge.pending_checks === 'wait' ? wait : refuse;
    const message = `${name} has not been reported for ${facts.pull.head.sha}`;
    return [missing('check_missing', { message, subject, help: 'Wait for it, or start its workflow.' })];
  }
  return bound.flatMap((check) => judgeState(check, demand, name, input));
}

function judgeState(check: CheckFacts, demand: CheckDemand, name: string, { config }: GateInput): Refusal[] {
  const subject = demand.context;
  const pending = check.kind === 'status' ? check.state === 'pending' : check.status !== 'completed';
  if (pending) {
    const state = check.kind === 'status' ? check.state : check.status;
    const message = `${name} is ${quoted(state)}`;
    if (config.merge.pending_checks === 'wait')
      return [wait('check_pending', { message, subject, help: 'It is looked at again when the check ends.' })];
    return [refuse('check_pending', { message, subject, help: 'Ask again when the check has ended.' })];
  }
  const conclusion = check.kind === 'status' ? check.state : check.conclusion;
  if (conclusion === 'success' || (conclusion !== null && demand.accept.includes(conclusion))) return [];
  const skipped = conclusion === 'skipped' || conclusion === 'neutral';
  const help = skipped
    ? `GitHub counts ${conclusion} as green; write accept: [${conclusion}] under checks in the rulepack if that is meant.`
    : 'Mend what the check found, or run it again.';
  return [refuse('check_not_green', { message: `${name} ended as ${quoted(conclusion ?? 'nothing')}`, subject, help })];
}

/**
 * Of the runs of one workflow for one event only the newest counts, as a second run replaces the first; all other reports
 * under the name count each.
 */
function newest(checks: readonly CheckFacts[]): CheckFacts[] {
  const kept = new Map<string, CheckFacts>();
  for (const check of checks) {
    const key = sourceOf(check);
    const known = kept.get(key);
    if (known === undefined || order(check) > order(known)) kept.set(key, check);
  }
  return [...kept.values()];
}

function sourceOf(check: CheckFacts): string {
  if (check.kind === 'status') return `status ${check.name}`;
  return JSON.stringify([
    check.name,
    check.appId,
    check.run?.path ?? null,
    check.run?.event ?? null,
    check.run === null ? check.id : 0,
  ]);
}

function order(check: CheckFacts): number {
  if (check.kind === 'status') return Date.parse(check.createdAt);
  // Ids of runs and of check runs both grow with time; the run decides first.
  return (check.run?.id ?? 0) * 2 ** 20 + (check.id % 2 ** 20);
}
