import type { Reason } from '../../kernel/index.ts';
import { missingPhrase, type Coverage } from '../slice/index.ts';
import type { MetricSpec } from '../spec/index.ts';
import { RULE } from './constants.ts';
import type { Decision } from './decision.ts';
import type { Moment } from './model.ts';

/** What too little data mean for a metric; undefined when there is enough. */
export function missingDecision(
  metric: MetricSpec,
  coverage: Coverage,
  moment: Moment,
  leastSeconds: number,
): Decision | undefined {
  if (coverage.expected === 0) return { outcome: 'hold', reason: notYet(metric.name) };
  if (coverage.share >= RULE.leastCoverage) return undefined;
  const reason = coverageReason(metric, coverage);
  if (metric.onMissing === 'ignore') return { outcome: 'hold', reason, ignored: true };
  const silent = coverage.expected - coverage.known > 0 && (coverage.missing.error ?? 0) === 0;
  const long = moment.now - moment.mergedAt >= leastSeconds;
  return { outcome: metric.onMissing === 'breach' && silent && long ? 'breach' : 'hold', reason };
}

function notYet(subject: string): Reason {
  return { code: 'window_open', message: 'no slice has closed since the merge', subject };
}

function coverageReason(metric: MetricSpec, coverage: Coverage): Reason {
  const { missing, expected, known } = coverage;
  const lost = expected - known;
  const have = `${known} of ${expected} slices have data, ${Math.round(coverage.share * 100)} % and less than ${RULE.leastCoverage * 100} % (${missingPhrase(coverage)})`;
  const subject = metric.name;
  if ((missing.no_traffic ?? 0) > lost / 2)
    return { code: 'no_traffic', message: `${have}: nobody asked for anything`, subject };
  if ((missing.absent ?? 0) > lost / 2 && metric.kind === 'counts' && metric.source === 'ratio') {
    const help = `a count of bad requests that is absent is not 0; where it may be absent, write: ${metric.queries.bad ?? 'BAD'} or 0 * ${metric.queries.total ?? 'TOTAL'}`;
    return { code: 'coverage_low', message: `${have}: ${help}`, subject };
  }
  if ((missing.absent ?? 0) > lost / 2 && metric.kind === 'counts') {
    const help = `is there a bucket with that le? Asked was ${metric.queries['histogram-le'] ?? ''}`;
    return { code: 'coverage_low', message: `${have}: ${help}`, subject };
  }
  return { code: 'coverage_low', message: have, subject };
}
