import type { SloSpec } from '../spec/index.ts';
import type { MetricJudgement, Moment } from '../metric/index.ts';
import { blame } from './blame.ts';
import { combine } from './combine.ts';
import { judgeMetric } from './judge-metric.ts';
import type { JudgeOptions, WatchData, WatchVerdict } from './model.ts';

const MIN_WINDOW_SECONDS = 1800;

/**
 * Judges the window of one merged change. Pure: the same data give the same verdict, whenever and however often it is
 * asked. Only an absolute breach that can be laid on this change is a breach.
 */
export function judge(spec: SloSpec, data: WatchData, options: JudgeOptions): WatchVerdict {
  const windowSeconds = options.windowSeconds ?? spec.windowMs / 1000;
  const { mergedAt } = options;
  const moment: Moment = {
    mergedAt,
    // Nothing after the window is judged: what happens then is another change's matter.
    now: Math.min(options.now, mergedAt + windowSeconds + 2 * data.scrapeSeconds),
    windowSeconds,
    minWindowSeconds: Math.min(options.minWindowSeconds ?? MIN_WINDOW_SECONDS, windowSeconds),
  };
  const judged = spec.metrics.map((metric) => judgeMetric(metric, { data, moment, stepSeconds: spec.stepSeconds }));
  const metrics = judged.map((metric) => withBlame(metric, data, mergedAt));
  const { outcome, reasons } = combine(metrics, spec.combine);
  return {
    spec,
    outcome,
    reasons,
    remarks: metrics.flatMap(({ remarks }) => remarks),
    mergedAt,
    now: options.now,
    windowSeconds,
    minWindowSeconds: moment.minWindowSeconds,
    merges: data.merges,
    metrics,
  };
}

function withBlame(metric: MetricJudgement, { merges }: WatchData, mergedAt: number): MetricJudgement {
  if (metric.outcome !== 'breach') return metric;
  const decidedAt = metric.decidedAt ?? Infinity;
  const reason = blame(merges, mergedAt, metric.onset ?? mergedAt, decidedAt);
  if (reason === undefined) return metric;
  const found = metric.reasons.map(({ message }) => message).join('; ');
  return {
    ...metric,
    outcome: 'hold',
    reasons: [{ ...reason, message: `${found}; ${reason.message}`, subject: metric.spec.name }],
  };
}
