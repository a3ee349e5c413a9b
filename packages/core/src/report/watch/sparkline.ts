import { chartPoints, condense } from './series.ts';
import type { MetricJudgement } from '../../slo/index.ts';

const BARS = '▁▂▃▄▅▆▇█';

/** A metric as one line of blocks: a blank where data are missing, `|` at the merge, full height at twice the limit. */
export function sparkline(metric: MetricJudgement, mergedAt: number, columns = 40): string {
  const points = chartPoints(metric);
  const before = condense(
    points.filter(({ at }) => at <= mergedAt),
    Math.floor(columns / 3),
  );
  const after = condense(
    points.filter(({ at }) => at > mergedAt),
    Math.ceil((columns * 2) / 3),
  );
  const { limit } = metric.spec;
  const top = limit === 0 ? 1 : Math.abs(limit) * 2;
  const bars = (part: typeof before): string => part.map(({ value }) => bar(value, top)).join('');
  return `${bars(before)}|${bars(after)}`;
}

function bar(value: number | undefined, top: number): string {
  if (value === undefined) return ' ';
  const index = Math.floor((Math.max(0, value) / top) * BARS.length);
  return BARS.charAt(Math.min(BARS.length - 1, index));
}
