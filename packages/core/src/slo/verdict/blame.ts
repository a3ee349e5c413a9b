import type { Reason } from '../../kernel/index.ts';
import { clock } from '../metric/index.ts';
import type { Merge } from './model.ts';

/** A change is under suspicion for this long after its merge, the least length of a watch. */
const SUSPICION_SECONDS = 1800;
/** The onset is an estimate: a deploy this much later can still be the cause. */
const ONSET_ERROR_SECONDS = 120;

/**
 * Why a breach cannot be laid on the change merged at `mergedAt`: another one was merged shortly before the onset, or
 * between it and the decision, and no deploy marker tells which of them was running. Undefined when it can.
 */
export function blame(
  merges: readonly Merge[],
  mergedAt: number,
  onset: number,
  decidedAt: number,
): Reason | undefined {
  const own = merges.find((merge) => Math.abs(merge.mergedAt - mergedAt) < 1);
  const from = Math.min(mergedAt, onset - SUSPICION_SECONDS);
  const others = merges.filter((merge) => merge !== own && merge.mergedAt > from && merge.mergedAt <= decidedAt);
  if (others.length === 0) return undefined;
  const names = others.map(nameOf).join(', ');
  const suspects = own === undefined ? others : [own, ...others];
  const marked = suspects.filter(({ deployedAt }) => deployedAt !== undefined);
  if (own === undefined || marked.length < suspects.length) {
    return {
      code: 'ambiguous',
      message: `broken since about ${clock(onset)}; ${names} merged near it too, and no deploy marker tells them apart`,
    };
  }
  const running = marked
    .filter(({ deployedAt = Infinity }) => deployedAt <= onset + ONSET_ERROR_SECONDS)
    .toSorted((a, b) => (b.deployedAt ?? 0) - (a.deployedAt ?? 0));
  const [latest, previous] = running;
  const close = (latest?.deployedAt ?? 0) - (previous?.deployedAt ?? -Infinity) < ONSET_ERROR_SECONDS;
  if (latest === own && !close) return undefined;
  const message = `broken since about ${clock(onset)}, ${latest === undefined ? 'before any of the changes was deployed' : `after ${nameOf(latest)} was deployed`}${close ? ' together with another one' : ''}`;
  return { code: 'ambiguous', message };
}

function nameOf(merge: Merge): string {
  return merge.pr === undefined
    ? (merge.sha?.slice(0, 12) ?? `the change of ${clock(merge.mergedAt)}`)
    : `#${merge.pr}`;
}
