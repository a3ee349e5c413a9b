import type { MetricJudgement } from '../../slo/index.ts';
import { chartPoints, condense, scaleBottom, scaleTop, type ChartPoint } from './series.ts';

/** Mermaid draws labels over each other beyond this. */
const COLUMNS = 30;

/**
 * One metric as a Mermaid line chart (https://mermaid.js.org/syntax/xyChart.html): values and limit over the minutes
 * since the merge. A gap cannot be drawn there, so the chart is left out when a column has no data.
 */
export function metricChart(metric: MetricJudgement, mergedAt: number): string | undefined {
  const points = condense(chartPoints(metric), COLUMNS);
  const values = points.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || values.length < points.length || points.length < 2) return undefined;
  const { limit, kind } = metric.spec;
  const factor = kind === 'counts' ? 100 : 1;
  const number = (value: number): number => Number((value * factor).toPrecision(4));
  const minute = ({ at }: ChartPoint): number => Math.round((at - mergedAt) / 60);
  return [
    'xychart-beta',
    `  x-axis "minutes since the merge" ${minute(first)} --> ${minute(last)}`,
    `  y-axis "${kind === 'counts' ? 'bad requests, %' : 'value'}" ${number(scaleBottom(points, limit))} --> ${number(scaleTop(points, limit))}`,
    `  line [${values.map(number).join(', ')}]`,
    `  line [${values.map(() => number(limit)).join(', ')}]`,
  ].join('\n');
}
