import { demandedChecks, isNamed } from './gates/required-checks.ts';
import type { CheckFacts, MergeFacts } from './facts.ts';
import type { MergePlan } from './plan.ts';
import type { CheckNow } from './pull-port.ts';
import type { MergeTask } from './transaction/index.ts';

/** The transaction that a plan asks for; undefined when the plan says that nothing is to be merged. */
export function taskOf(plan: MergePlan, run: MergeTask['run'], actor: string): MergeTask | undefined {
  const { facts, rung, snapshot, evaluation } = plan;
  if (plan.outcome !== 'pass' || rung === null || snapshot === null) return undefined;
  return {
    repositoryId: facts.repository.id,
    pull: facts.pull.number,
    headSha: facts.pull.head.sha,
    branch: facts.pull.base.branch,
    method: plan.method,
    rung,
    snapshot,
    merger: plan.merger,
    labels: facts.labels.map(({ name }) => name),
    checks: reliedOn(plan),
    files: facts.files.files.map(({ path, status }) => ({ path, status })),
    scenario: evaluation.pack?.scenario ?? null,
    actor,
    run,
  };
}

/** The green reports under the names that the scenario or the protection asks for. */
function reliedOn({ facts, evaluation, snapshot }: MergePlan): CheckNow[] {
  const demands = demandedChecks(evaluation.pack, snapshot);
  return greenOnes(facts).filter(({ name }) => demands.some((demand) => isNamed(demand, name)));
}

function greenOnes({ checks }: MergeFacts): CheckNow[] {
  return checks.checks.flatMap((check) => {
    const state = stateOf(check);
    if (state === undefined) return [];
    const source = check.kind === 'status' ? { id: null, appId: null } : { id: check.id, appId: check.appId };
    return [{ name: check.name, state, ...source }];
  });
}

function stateOf(check: CheckFacts): 'green' | 'neutral' | undefined {
  if (check.kind === 'status') return check.state === 'success' ? 'green' : undefined;
  if (check.conclusion === 'success') return 'green';
  return check.conclusion === 'neutral' || check.conclusion === 'skipped' ? 'neutral' : undefined;
}
