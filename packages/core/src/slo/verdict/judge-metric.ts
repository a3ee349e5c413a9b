import { missing, type Measured, type Reason } from '../../kernel/index.ts';
import { judgeCounts, judgeValues, shiftRemark, type MetricJudgement, type Moment } from '../metric/index.ts';
import { countSlices, coverageOf, readAnswer, valueSlices, type RangeAnswer } from '../slice/index.ts';
import type { CountMetric, MetricSpec, Role, ValueMetric } from '../spec/index.ts';
import type { WatchData } from './model.ts';

export type MetricInput = { readonly data: WatchData; readonly moment: Moment; readonly stepSeconds: number };

/** Judges one metric from what the server said: first level slices, second level the rule. */
export function judgeMetric(metric: MetricSpec, input: MetricInput): MetricJudgement {
  if (metric.kind === 'counts') return judgeCountMetric(metric, input);
  // The parts of the quotient say more than the quotient, where somebody asked for them.
  const { counts } = metric;
  if (counts !== undefined && input.data.body(metric.name, 'total') !== undefined) {
    const judged = judgeCountMetric(counts, input);
    return judged.outcome === 'error' ? judgeValueMetric(metric, input) : judged;
  }
  return judgeValueMetric(metric, input);
}

function judgeCountMetric(metric: CountMetric, input: MetricInput): MetricJudgement {
  const roles = metric.source === 'ratio' ? (['total', 'bad'] as const) : (['histogram-all', 'histogram-le'] as const);
  const answers = roles.map((role) => answerOf(metric, role, input.data));
  const [whole, part] = answers;
  if (whole?.kind !== 'points' || part?.kind !== 'points') return failed(metric, answers);
  const slices = countSlices(metric, { whole: whole.points, part: part.points }, gridOptions(input));
  const judged = judgeCounts(metric, slices, input.moment);
  const shares = (of: typeof slices.watch) =>
    of.flatMap(({ end, counts }) => (counts.kind === 'value' ? [{ end, value: counts.bad / counts.requests }] : []));
  return withShift(judged, shiftRemark(metric.name, shares(slices.baseline), shares(slices.watch), metric.limit, 1));
}

function judgeValueMetric(metric: ValueMetric, input: MetricInput): MetricJudgement {
  const query = answerOf(metric, 'query', input.data);
  if (query.kind !== 'points') return failed(metric, [query]);
  const slices = valueSlices(metric, { query: query.points, age: ageOf(metric, input.data) }, gridOptions(input));
  const judged = judgeValues(metric, slices, input.moment);
  const values = (of: typeof slices.watch) =>
    of.flatMap(({ end, value }) => (value.kind === 'value' ? [{ end, value: value.value }] : []));
  const worse = metric.direction === 'max' ? 1 : -1;
  return withShift(
    judged,
    shiftRemark(metric.name, values(slices.baseline), values(slices.watch), metric.limit, worse),
  );
}

/** The age is a help and not a condition: a dump need not have it. */
function ageOf(metric: ValueMetric, data: WatchData): ReadonlyMap<number, Measured> | undefined {
  if (data.body(metric.name, 'age') === undefined) return undefined;
  const age = answerOf(metric, 'age', data);
  return age.kind === 'points' ? age.points : undefined;
}

function answerOf(metric: MetricSpec, role: Role, data: WatchData): RangeAnswer {
  return readAnswer(data.body(metric.name, role), `${metric.name}.${role}`);
}

function gridOptions({ data, moment, stepSeconds }: MetricInput): {
  mergedAt: number;
  now: number;
  stepSeconds: number;
  scrapeSeconds: number;
} {
  return { mergedAt: moment.mergedAt, now: moment.now, stepSeconds, scrapeSeconds: data.scrapeSeconds };
}

function withShift(judged: MetricJudgement, remark: Reason | undefined): MetricJudgement {
  const worth = remark !== undefined && judged.outcome !== 'breach';
  return worth ? { ...judged, remarks: [...judged.remarks, remark] } : judged;
}

/** No answer is an error: never a pass, never a breach, whatever `on_missing` says. */
function failed(spec: MetricSpec, answers: readonly RangeAnswer[]): MetricJudgement {
  const reasons = answers.flatMap((answer) =>
    answer.kind === 'failed' ? [{ ...answer.reason, subject: spec.name }] : [],
  );
  return {
    spec,
    outcome: 'error',
    ignored: false,
    reasons,
    remarks: spec.notes,
    requests: undefined,
    bad: undefined,
    ratio: undefined,
    lowerBound: undefined,
    upperBound: undefined,
    coverage: coverageOf([missing('error')]),
    bins: [],
    onset: undefined,
    decidedAt: undefined,
    slices:
      spec.kind === 'counts' ? { kind: 'counts', baseline: [], watch: [] } : { kind: 'value', baseline: [], watch: [] },
  };
}
