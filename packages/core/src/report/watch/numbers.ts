import { percent, significant, type MetricJudgement } from '../../slo/index.ts';

/** The metric's number and its limit, side by side, each as people write them. */
export function measuredPhrase(metric: MetricJudgement): string {
  return metric.ratio === undefined ? '–' : numberOf(metric, metric.ratio);
}

export function limitPhrase(metric: MetricJudgement): string {
  const { spec } = metric;
  const sign = spec.kind === 'value' && spec.direction === 'min' ? '≥' : '≤';
  return `${sign} ${numberOf(metric, spec.limit)}`;
}

/** What is proved: at least this much over the last bins, or at most this much over the whole watch. */
export function provedPhrase(metric: MetricJudgement): string {
  const { lowerBound, upperBound, outcome } = metric;
  if (outcome === 'breach' && lowerBound !== undefined) return `≥ ${numberOf(metric, lowerBound)}`;
  return upperBound === undefined ? '–' : `≤ ${numberOf(metric, upperBound)}`;
}

export function requestsPhrase({ requests, bad }: MetricJudgement): string {
  return requests === undefined || bad === undefined ? '–' : `${significant(bad)} of ${significant(requests)}`;
}

export function coveragePhrase({ coverage }: MetricJudgement): string {
  return `${Math.round(coverage.share * 100)} %`;
}

function numberOf(metric: MetricJudgement, value: number): string {
  return metric.spec.kind === 'counts' ? percent(value) : significant(value);
}
