import type { MetricJudgement, WatchVerdict } from '../../slo/index.ts';

/** `obsgate.watch/1`: the verdict with every number it rests on. Times are RFC 3339; what does not exist is null. */
export function renderWatchJson(verdict: WatchVerdict): string {
  const { outcome, reasons, remarks, mergedAt, now, windowSeconds, minWindowSeconds, spec } = verdict;
  const report = {
    schema: 'obsgate.watch/1',
    outcome,
    reasons,
    remarks,
    merged_at: time(mergedAt),
    now: time(now),
    window: {
      from: time(mergedAt),
      to: time(mergedAt + windowSeconds),
      seconds: windowSeconds,
      min_seconds: minWindowSeconds,
    },
    slo: spec.file,
    step_seconds: spec.stepSeconds,
    combine: spec.combine.kind === 'any' ? 'any' : { 'all-of': spec.combine.names },
    merges: verdict.merges.map((merge) => ({
      pr: merge.pr ?? null,
      sha: merge.sha ?? null,
      merged_at: time(merge.mergedAt),
      deployed_at: timeOrNull(merge.deployedAt),
    })),
    metrics: verdict.metrics.map(metricJson),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function metricJson(metric: MetricJudgement): unknown {
  const { spec, coverage } = metric;
  return {
    name: spec.name,
    kind: spec.kind === 'counts' ? spec.source : 'value',
    outcome: metric.outcome,
    ignored: metric.ignored,
    reasons: metric.reasons,
    remarks: metric.remarks,
    requests: metric.requests ?? null,
    bad: metric.bad ?? null,
    ratio: metric.ratio ?? null,
    limit: spec.limit,
    direction: spec.kind === 'counts' ? 'max' : spec.direction,
    lower_bound: metric.lowerBound ?? null,
    upper_bound: metric.upperBound ?? null,
    coverage: coverage.share,
    slices: { expected: coverage.expected, known: coverage.known, missing: coverage.missing },
    bins: metric.bins.map(({ from, to, requests, bad }) => ({
      from: time(from),
      to: time(to),
      requests,
      bad,
      ratio: bad / requests,
    })),
    onset: timeOrNull(metric.onset),
    decided_at: timeOrNull(metric.decidedAt),
    query: spec.queries,
    samples: { baseline: samplesOf(metric, 'baseline'), watch: samplesOf(metric, 'watch') },
  };
}

function samplesOf({ slices }: MetricJudgement, part: 'baseline' | 'watch'): unknown[] {
  if (slices.kind === 'value') {
    return slices[part].map(({ end, value }) =>
      value.kind === 'value' ? { at: time(end), value: value.value } : { at: time(end), missing: value.reason },
    );
  }
  return slices[part].map(({ end, counts }) =>
    counts.kind === 'value'
      ? { at: time(end), requests: counts.requests, bad: counts.bad }
      : { at: time(end), missing: counts.reason },
  );
}

function time(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace('.000Z', 'Z');
}

function timeOrNull(seconds: number | undefined): string | null {
  return seconds === undefined ? null : time(seconds);
}
