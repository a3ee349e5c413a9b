import { clock, percent, significant, type MetricJudgement, type WatchVerdict } from '../../slo/index.ts';
import { xmlElement, xmlTextElement } from '../xml.ts';
import { limitPhrase, measuredPhrase } from './numbers.ts';
import { chartPoints, scaleBottom, scaleTop, type ChartPoint } from './series.ts';

const WIDTH = 860;
const HEIGHT = 280;
const PLOT = { left: 64, right: 16, top: 40, bottom: 34 };
/** Readable on light and dark pages alike, and told apart by people who do not see red and green: blue, orange, grey. */
const COLORS = { series: '#2f7ed8', bins: '#7aa8dd', limit: '#d9480f', merge: '#6b7280', text: '#6b7280' } as const;
const FONT = 'ui-sans-serif, system-ui, sans-serif';

type Scales = { readonly x: (at: number) => number; readonly y: (value: number) => number };

/** One metric as an SVG file of its own: slices, bins, limit, merge and decision. Gaps are gaps. */
export function renderChartSvg(metric: MetricJudgement, verdict: WatchVerdict): string {
  const points = chartPoints(metric);
  const [top, bottom] = [scaleTop(points, metric.spec.limit), scaleBottom(points, metric.spec.limit)];
  const first = points[0]?.at ?? verdict.mergedAt;
  const last = Math.max(points.at(-1)?.at ?? 0, verdict.mergedAt + 60);
  const scales: Scales = {
    x: (at) => round(PLOT.left + ((at - first) / Math.max(1, last - first)) * (WIDTH - PLOT.left - PLOT.right)),
    y: (value) => round(PLOT.top + (1 - (value - bottom) / (top - bottom || 1)) * (HEIGHT - PLOT.top - PLOT.bottom)),
  };
  const title = `${metric.spec.name}: ${metric.outcome}, ${measuredPhrase(metric)}, limit ${limitPhrase(metric)}`;
  const children = [
    xmlTextElement('title', {}, title),
    label(PLOT.left, 20, title, 'start', 14),
    ...axes(scales, { top, bottom, first, last, counts: metric.spec.kind === 'counts' }),
    ...bins(metric, scales),
    ...line(points, scales),
    horizontal(metric.spec.limit, scales, 'limit'),
    ...vertical(verdict.mergedAt, 'merged', COLORS.merge, scales, 0),
    ...(metric.onset === undefined ? [] : vertical(metric.onset, 'onset', COLORS.series, scales, 1)),
    ...(metric.decidedAt === undefined ? [] : vertical(metric.decidedAt, 'decided', COLORS.limit, scales, 2)),
  ];
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'font-family': FONT,
  };
  return `${xmlElement('svg', frame, children).join('\n')}\n`;
}

function line(points: readonly ChartPoint[], { x, y }: Scales): string[] {
  const paths: string[] = [];
  let path = '';
  for (const { at, value } of points) {
    if (value === undefined) {
      if (path !== '') paths.push(path);
      path = '';
    } else path += `${path === '' ? 'M' : 'L'}${x(at)} ${y(value)}`;
  }
  if (path !== '') paths.push(path);
  return paths.flatMap((d) => xmlElement('path', { d, fill: 'none', stroke: COLORS.series, 'stroke-width': 1.5 }, []));
}

function bins({ bins: all, spec }: MetricJudgement, { x, y }: Scales): string[] {
  if (spec.kind !== 'counts') return [];
  return all.flatMap(({ from, to, bad, requests }) => {
    const height = y(bad / requests);
    const stroke = bad > requests * spec.limit ? COLORS.limit : COLORS.bins;
    return xmlElement(
      'path',
      { d: `M${x(from)} ${height}L${x(to)} ${height}`, stroke, 'stroke-width': 4, 'stroke-opacity': 0.6 },
      [],
    );
  });
}

type AxisRange = {
  readonly top: number;
  readonly bottom: number;
  readonly first: number;
  readonly last: number;
  readonly counts: boolean;
};

function scaleWord(value: number, counts: boolean): string {
  return counts ? percent(value) : significant(value);
}

function axes({ x, y }: Scales, range: AxisRange): string[] {
  const values = [0, 0.5, 1].map((part) => range.bottom + part * (range.top - range.bottom));
  const times = [0, 0.25, 0.5, 0.75, 1].map((part) => range.first + part * (range.last - range.first));
  const floor = HEIGHT - PLOT.bottom;
  return [
    ...xmlElement(
      'path',
      { d: `M${PLOT.left} ${PLOT.top}V${floor}H${WIDTH - PLOT.right}`, fill: 'none', stroke: COLORS.text },
      [],
    ),
    ...values.map((value) => label(PLOT.left - 6, y(value) + 4, scaleWord(value, range.counts), 'end')),
    ...times.map((at) => label(x(at), floor + 18, clock(at).slice(11, 16), 'middle')),
  ];
}

function horizontal(value: number, { y }: Scales, name: string): string {
  const at = y(value);
  const path = { d: `M${PLOT.left} ${at}H${WIDTH - PLOT.right}`, stroke: COLORS.limit, 'stroke-dasharray': '6 4' };
  return [...xmlElement('path', path, []), label(WIDTH - PLOT.right - 4, at - 5, name, 'end')].join('\n');
}

/** `row` keeps the names of lines that stand close apart. */
function vertical(at: number, name: string, stroke: string, { x }: Scales, row: number): string[] {
  const path = { d: `M${x(at)} ${PLOT.top - 6}V${HEIGHT - PLOT.bottom}`, stroke, 'stroke-dasharray': '2 3' };
  return [...xmlElement('path', path, []), label(x(at) + 3, PLOT.top + 4 + 13 * row, name, 'start')];
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', size = 11): string {
  return xmlTextElement('text', { x, y, fill: COLORS.text, 'font-size': size, 'text-anchor': anchor }, text);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
