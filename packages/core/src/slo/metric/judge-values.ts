import type { Reason, ReasonCode } from '../../kernel/index.ts';
import { coverageOf, syntheticValues, type Slices, type ValueSlice } from '../slice/index.ts';
import type { ValueMetric } from '../spec/index.ts';
import { median } from '../stats/index.ts';
import { RULE } from './constants.ts';
import { missingDecision } from './missing-data.ts';
import type { Decision } from './decision.ts';
import type { MetricJudgement, Moment } from './model.ts';
import { clock, minutes, significant } from './words.ts';

/** Share of slices over the limit that a pass allows: single outliers, never a run. */
const LONE_OUTLIERS = 0.1;

/**
 * Judges one metric that is a value: nothing is known of how many requests it rests on, so only its persistence proves
 * anything. A value that smears over a range must be broken for that much longer, since a blip stays in it for that long.
 */
export function judgeValues(metric: ValueMetric, slices: Slices<ValueSlice>, moment: Moment): MetricJudgement {
  const coverage = coverageOf(slices.watch.map(({ value }) => value));
  const needed = neededSeconds(metric);
  const decision = syntheticValues(slices)
    ? syntheticDecision(metric)
    : (missingDecision(metric, coverage, moment, needed) ??
      breachIn(metric, slices, needed) ??
      passOrHold(metric, slices, moment, needed));
  const broken = runBackwards(metric, slices.watch, slices.watch.length - 1);
  const judged = known(decision.outcome === 'breach' ? slices.watch.slice(-broken.slices) : slices.watch);
  return {
    spec: metric,
    outcome: decision.outcome,
    ignored: decision.ignored ?? false,
    reasons: decision.reason === undefined ? [] : [decision.reason],
    remarks: metric.notes,
    requests: undefined,
    bad: undefined,
    ratio: median(judged),
    lowerBound: undefined,
    upperBound: undefined,
    coverage,
    bins: [],
    onset: decision.onset,
    decidedAt: decision.decidedAt,
    slices: { kind: 'value', ...slices },
  };
}

function neededSeconds(metric: ValueMetric): number {
  return Math.max(RULE.leastSeconds, (metric.forMs ?? 0) / 1000) + metric.rangeSeconds;
}

function say(metric: ValueMetric, code: ReasonCode, message: string): Reason {
  return { code, message, subject: metric.name };
}

function syntheticDecision(metric: ValueMetric): Decision {
  const message =
    'the value is the same broken number in every slice, before the merge and after: recorded, not measured';
  return { outcome: 'hold', reason: say(metric, 'synthetic_data', message) };
}

function breachIn(metric: ValueMetric, slices: Slices<ValueSlice>, needed: number): Decision | undefined {
  const { watch, baseline } = slices;
  const index = [...watch.keys()].find((last) => isBreach(metric, watch, last, needed));
  if (index === undefined) return undefined;
  const run = runBackwards(metric, watch, index);
  const first = watch[index - run.slices + 1];
  // A value that smears passes the limit later than the service broke, by no more than its range.
  const onset = first === undefined ? undefined : first.end - first.seconds;
  const last = lastKnown(watch);
  if (last !== undefined && !violates(metric, last.value)) {
    const message = `${sideWord(metric)} the limit of ${significant(metric.limit)} for a time, and back since ${clock(last.end)}: nothing is left to revert`;
    return { outcome: 'hold', reason: say(metric, 'breach_ended', message), onset };
  }
  const before = preexisting(metric, baseline, needed);
  if (before !== undefined) return { outcome: 'hold', reason: say(metric, 'preexisting', before), onset };
  if (known(baseline).length === 0 && run.slices > index) {
    const message = 'broken since the first slice after the merge, and there is no data from before it to compare with';
    return { outcome: 'hold', reason: say(metric, 'baseline_missing', message), onset };
  }
  const current = runBackwards(metric, watch, watch.length - 1);
  const seconds = Math.max(current.seconds, run.seconds);
  const value = median(known(watch.slice(index - run.slices + 1))) ?? Number.NaN;
  const message = `${significant(value)} for ${minutes(seconds)}, ${sideWord(metric)} the limit of ${significant(metric.limit)} without a break; ${minutes(needed)} are needed`;
  return { outcome: 'breach', reason: say(metric, 'slo_breached', message), onset, decidedAt: watch[index]?.end };
}

/** Broken without a break for long enough, with data for most of it. */
function isBreach(metric: ValueMetric, slices: readonly ValueSlice[], last: number, needed: number): boolean {
  const run = runBackwards(metric, slices, last);
  return run.seconds >= needed && run.known >= RULE.leastBins && run.known >= RULE.leastCoverage * run.slices;
}

type Run = { readonly slices: number; readonly known: number; readonly seconds: number };

/** The stretch up to `last` in which every known value breaks the limit; it begins with a known one. */
function runBackwards(metric: ValueMetric, slices: readonly ValueSlice[], last: number): Run {
  let run: Run = { slices: 0, known: 0, seconds: 0 };
  let [length, count, seconds] = [0, 0, 0];
  for (let index = last; index >= 0; index--) {
    const slice = slices[index];
    if (slice === undefined || (slice.value.kind === 'value' && !violates(metric, slice.value.value))) break;
    length++;
    seconds += slice.seconds;
    if (slice.value.kind === 'missing') continue;
    count++;
    run = { slices: length, known: count, seconds };
  }
  return run;
}

function preexisting(metric: ValueMetric, baseline: readonly ValueSlice[], needed: number): string | undefined {
  const values = known(baseline);
  const broken = values.filter((value) => violates(metric, value)).length;
  if (values.length > 0 && broken >= 0.2 * values.length) {
    return `${sideWord(metric)} the limit of ${significant(metric.limit)} in ${broken} of ${values.length} slices before the merge already`;
  }
  const recent = [...baseline.keys()].slice(-30).some((last) => isBreach(metric, baseline, last, needed));
  const running = runBackwards(metric, baseline, baseline.length - 1).known >= RULE.leastBins;
  return recent || running
    ? `${sideWord(metric)} the limit of ${significant(metric.limit)} in the half hour before the merge already`
    : undefined;
}

function passOrHold(metric: ValueMetric, slices: Slices<ValueSlice>, moment: Moment, needed: number): Decision {
  const elapsed = moment.now - moment.mergedAt;
  const hold = (code: ReasonCode, message: string): Decision => ({
    outcome: 'hold',
    reason: say(metric, code, message),
  });
  const values = known(slices.watch);
  const broken = values.filter((value) => violates(metric, value)).length;
  const recent = known(slices.watch.slice(-3)).some((value) => violates(metric, value));
  const phrase = `${sideWord(metric)} the limit of ${significant(metric.limit)} in ${broken} of ${values.length} slices`;
  if (broken <= LONE_OUTLIERS * values.length && !recent) {
    const least = Math.max(moment.minWindowSeconds, needed);
    if (elapsed >= least) return { outcome: 'pass', reason: undefined };
    return hold('window_open', `kept so far; watched until ${clock(moment.mergedAt + least)} at least`);
  }
  return elapsed >= moment.windowSeconds
    ? hold('unproven', `the window has closed: ${phrase}, and never for ${minutes(needed)} without a break`)
    : hold('window_open', `not proved yet: ${phrase}`);
}

function violates({ direction, limit }: ValueMetric, value: number): boolean {
  return direction === 'max' ? value > limit : value < limit;
}

function sideWord({ direction }: ValueMetric): string {
  return direction === 'max' ? 'over' : 'under';
}

function known(slices: readonly ValueSlice[]): number[] {
  return slices.flatMap(({ value }) => (value.kind === 'value' ? [value.value] : []));
}

function lastKnown(slices: readonly ValueSlice[]): { readonly end: number; readonly value: number } | undefined {
  const found = slices.findLast(({ value }) => value.kind === 'value');
  return found?.value.kind === 'value' ? { end: found.end, value: found.value.value } : undefined;
}
