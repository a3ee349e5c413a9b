import type { MetricJudgement } from '../../slo/index.ts';

/** One drawn point: Unix seconds, and the value; undefined where the slice has none. */
export type ChartPoint = { readonly at: number; readonly value: number | undefined };

/** What a chart shows of a metric: share of bad requests or value, slice by slice, before and after the merge. */
export function chartPoints({ slices }: MetricJudgement): ChartPoint[] {
  if (slices.kind === 'value') {
    return [...slices.baseline, ...slices.watch].map(({ end, value }) => ({
      at: end,
      value: value.kind === 'value' ? value.value : undefined,
    }));
  }
  return [...slices.baseline, ...slices.watch].map(({ end, counts }) => ({
    at: end,
    value: counts.kind === 'value' ? counts.bad / counts.requests : undefined,
  }));
}

/** Neighbours taken together until at most `columns` are left: the mean of those that have a value. */
export function condense(points: readonly ChartPoint[], columns: number): ChartPoint[] {
  const size = Math.max(1, Math.ceil(points.length / columns));
  const result: ChartPoint[] = [];
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size);
    const values = group.flatMap(({ value }) => (value === undefined ? [] : [value]));
    const mean = values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
    result.push({ at: group.at(-1)?.at ?? 0, value: mean });
  }
  return result;
}

/** Top of the scale: room above the largest value and the limit. */
export function scaleTop(points: readonly ChartPoint[], limit: number): number {
  const top = Math.max(limit, ...points.map(({ value }) => value ?? 0));
  return top > 0 ? top * 1.1 : 1;
}

/** Bottom of the scale: 0, unless a value is below it or all of them (and the limit) are far above. */
export function scaleBottom(points: readonly ChartPoint[], limit: number): number {
  const values = points.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const least = Math.min(limit, ...values);
  const most = Math.max(limit, ...values);
  if (least < 0) return least * 1.1;
  return least > 0.5 * most ? Math.max(0, least - (most - least) * 0.5 - 0.01 * most) : 0;
}
