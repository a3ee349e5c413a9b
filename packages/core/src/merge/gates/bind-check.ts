import { ACTIONS_APP_ID, quoted } from '../../rulepack/index.ts';
import type { CheckFacts, CheckRunFacts, PullFacts } from '../facts.ts';
import type { CheckDemand } from './required-checks.ts';

/** Why a report under the right name is not the one that is asked for; undefined when it is. */
export function whyUnbound(check: CheckFacts, demand: CheckDemand, pull: PullFacts): string | undefined {
  if (check.headSha !== pull.head.sha) return `it is about commit ${check.headSha}, not the head ${pull.head.sha}`;
  if (check.kind === 'status') {
    return demand.statuses === 'count'
      ? undefined
      : 'it is a commit status, which anybody with write access can set; name it under checks with app: any if that is meant';
  }
  if (check.appId === null) return 'the app that reported it is unknown';
  if (demand.appId !== null && check.appId !== demand.appId)
    return `it was reported by app ${check.appId} (${quoted(check.appSlug ?? '?')}), not by app ${demand.appId}`;
  if (check.appId === ACTIONS_APP_ID) return whyNoJob(check, demand, pull);
  return demand.workflow === null ? undefined : `it is not a job of ${quoted(demand.workflow)}`;
}

/** A check of GitHub Actions must be a job of a workflow run for this head: a job's token can make others. */
function whyNoJob({ run }: CheckRunFacts, demand: CheckDemand, pull: PullFacts): string | undefined {
  if (run === null) return 'no workflow run has it as a job, so it was made through the API';
  if (run.job === 'no_job') return `workflow run ${run.id} has no such job, so it was made through the API`;
  if (run.job === 'unread') return `the jobs of workflow run ${run.id} could not be read`;
  if (run.headSha !== pull.head.sha) return `its workflow run is about commit ${run.headSha}`;
  if (run.headBranch !== null && run.headBranch !== pull.head.branch)
    return `its workflow run is about the branch ${quoted(run.headBranch)}`;
  if (!demand.events.includes(run.event)) return `its workflow run was started by ${quoted(run.event)}`;
  if (demand.workflow !== null && run.path !== demand.workflow)
    return `it is a job of ${quoted(run.path)}, not of ${quoted(demand.workflow)}`;
  const twin = run.event === 'pull_request' ? pull.twins[0] : undefined;
  return twin === undefined
    ? undefined
    : `pull request #${twin.number} has the same head and another base (${quoted(twin.base)}), whose workflow it may have run`;
}
