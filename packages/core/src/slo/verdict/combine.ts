import { worstOutcome, type Outcome, type Reason } from '../../kernel/index.ts';
import type { MetricJudgement } from '../metric/index.ts';
import type { Combine } from '../spec/index.ts';

export type Combined = { readonly outcome: Outcome; readonly reasons: readonly Reason[] };

/**
 * One outcome of several metrics. `any`: the worst. `all-of`: a breach only when every named metric is broken; while
 * some are and others are not, it is a hold. Metrics whose missing data are ignored have no say; when none has, nothing
 * was judged, which is a hold. The reasons are those of the metrics that decided it.
 */
export function combine(metrics: readonly MetricJudgement[], how: Combine): Combined {
  const judged = metrics.filter(({ ignored }) => !ignored);
  const worst = worstOutcome(judged.map(({ outcome }) => outcome));
  const deciding = judged.length === 0 ? metrics : judged.filter(({ outcome }) => outcome === worst);
  const reasons = deciding.flatMap((metric) => metric.reasons);
  if (how.kind === 'any' || worst !== 'breach') return { outcome: worst, reasons };
  const named = judged.filter(({ spec }) => how.names.includes(spec.name));
  const broken = judged.filter(({ outcome }) => outcome === 'breach').map(({ spec }) => spec.name);
  if (named.length === how.names.length && named.every(({ outcome }) => outcome === 'breach'))
    return { outcome: 'breach', reasons };
  const message = `${broken.join(', ')} is broken, and a breach needs all of ${how.names.join(', ')}`;
  const rest = worstOutcome(judged.filter(({ outcome }) => outcome !== 'breach').map(({ outcome }) => outcome));
  return {
    outcome: rest === 'error' ? 'error' : 'hold',
    reasons: [{ code: 'partly_broken', message: `${message} (${reasons.map((reason) => reason.message).join('; ')})` }],
  };
}
