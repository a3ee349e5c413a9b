import type { RequiredCheck } from '../state/classic-rule.ts';
import type { Repo } from '../state.ts';

export type CheckState = 'success' | 'expected' | 'in progress' | 'failing';

// GitHub lets `neutral` and `skipped` pass.
const GREEN = new Set(['success', 'neutral', 'skipped']);

/** The latest report of a required check on a commit; with an app id only that App's reports count. */
export function checkState(repo: Repo, sha: string, { context, appId }: RequiredCheck): CheckState {
  const run = [...repo.checkRuns.values()].findLast(
    (each) => each.headSha === sha && each.name === context && (appId === null || each.appId === appId),
  );
  const status =
    appId === null ? repo.statuses.findLast((each) => each.sha === sha && each.context === context) : undefined;
  const states: CheckState[] = [];
  if (run)
    states.push(run.status !== 'completed' ? 'in progress' : GREEN.has(run.conclusion ?? '') ? 'success' : 'failing');
  if (status)
    states.push(status.state === 'success' ? 'success' : status.state === 'pending' ? 'in progress' : 'failing');
  return (['failing', 'in progress', 'success'] as const).find((state) => states.includes(state)) ?? 'expected';
}

/** GitHub's sentence for required checks that are not green, `null` when all are. */
export function checksViolation(repo: Repo, sha: string, checks: readonly RequiredCheck[]): string | null {
  const missing = checks
    .map((check) => ({ check, state: checkState(repo, sha, check) }))
    .filter(({ state }) => state !== 'success');
  const [first] = missing;
  if (!first) return null;
  if (checks.length === 1) return `Required status check "${first.check.context}" is ${first.state}.`;
  const kinds = [...new Set(missing.map(({ state }) => state))];
  const lead = `${missing.length} of ${checks.length} required status checks`;
  if (kinds.length === 1) return `${lead} are ${first.state}.`;
  const parts = kinds.map((kind) => `${missing.filter(({ state }) => state === kind).length} ${kind}`);
  return `${lead} have not succeeded: ${parts.join(', ')}.`;
}
