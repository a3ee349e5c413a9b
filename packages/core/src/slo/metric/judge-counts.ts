import type { Reason, ReasonCode } from '../../kernel/index.ts';
import {
  constantTraffic,
  coverageOf,
  syntheticCounts,
  type Coverage,
  type CountSlice,
  type Slices,
} from '../slice/index.ts';
import type { CountMetric } from '../spec/index.ts';
import { wilsonUpper } from '../stats/index.ts';
import { binsBackwards, pool, poolSlices, requestsPerMinute, type Bin } from './bins.ts';
import { lookAt, type CountRule, type Look } from './breach-rule.ts';
import { RULE } from './constants.ts';
import type { Decision } from './decision.ts';
import { effectiveRequests, extraVariation } from './dispersion.ts';
import { missingDecision } from './missing-data.ts';
import type { MetricJudgement, Moment } from './model.ts';
import { estimateOnset } from './onset.ts';
import { clock, minutes, percent, significant } from './words.ts';

/** Judges one metric whose numerator and denominator are known, from its slices and nothing else. */
export function judgeCounts(metric: CountMetric, slices: Slices<CountSlice>, moment: Moment): MetricJudgement {
  const rule: CountRule = {
    limit: metric.limit,
    leastSeconds: Math.max(RULE.leastSeconds, (metric.forMs ?? 0) / 1000),
    variation: extraVariation(slices.baseline),
  };
  const coverage = coverageOf(slices.watch.map(({ counts }) => counts));
  const whole = poolSlices(slices.watch);
  const last = lookAt(slices.watch, slices.watch.length - 1, rule);
  const decision = decide({ metric, slices, rule, moment, coverage, whole, last });
  const traffic = constantTraffic(slices);
  return {
    spec: metric,
    outcome: decision.outcome,
    ignored: decision.ignored ?? false,
    reasons: decision.reason === undefined ? [] : [decision.reason],
    remarks: [...metric.notes, ...(traffic === undefined ? [] : [constantNote(metric.name, traffic)])],
    requests: whole?.requests,
    bad: whole?.bad,
    ratio: whole === undefined || whole.requests === 0 ? undefined : whole.bad / whole.requests,
    lowerBound: last.evidence === undefined ? undefined : last.lower,
    upperBound: whole === undefined ? undefined : upperBound(whole, rule),
    coverage,
    bins: binsOf(slices.watch, rule),
    onset: decision.onset,
    decidedAt: decision.decidedAt,
    slices: { kind: 'counts', ...slices },
  };
}

type Case = {
  readonly metric: CountMetric;
  readonly slices: Slices<CountSlice>;
  readonly rule: CountRule;
  readonly moment: Moment;
  readonly coverage: Coverage;
  readonly whole: Bin | undefined;
  readonly last: Look;
};

function decide(input: Case): Decision {
  const { metric, slices, moment, coverage, whole } = input;
  const say = (code: ReasonCode, message: string): Reason => ({ code, message, subject: metric.name });
  if (syntheticCounts(slices)) {
    const message =
      'requests and bad requests are the same in every slice, before the merge and after: a recorded constant, which no traffic makes';
    return { outcome: 'hold', reason: say('synthetic_data', message) };
  }
  const lacking = missingDecision(metric, coverage, moment, RULE.leastSeconds);
  if (lacking !== undefined) return lacking;
  const breach = breachIn(input, say);
  if (breach !== undefined) return breach;
  return passOrHold(input, whole, say);
}

type Say = (code: ReasonCode, message: string) => Reason;

function breachIn(input: Case, say: Say): Decision | undefined {
  const { metric, slices, rule } = input;
  const first = firstBreach(slices.watch, rule);
  if (first === undefined) return undefined;
  const { look, index } = first;
  const decidedAt = slices.watch[index]?.end;
  const onset = estimateOnset([...slices.baseline.slice(-30), ...slices.watch.slice(0, index + 1)]);
  if (recovered(slices.watch, rule)) {
    const message = `over the limit of ${percent(metric.limit)} until ${clock(look.evidence?.to ?? 0)}, back under it since: nothing is left to revert`;
    return { outcome: 'hold', reason: say('breach_ended', message), onset };
  }
  const before = preexisting(input, onset);
  if (before !== undefined) return { outcome: 'hold', reason: say('preexisting', before), onset };
  if (slices.baseline.every(({ counts }) => counts.kind === 'missing') && startsBroken(slices.watch, look)) {
    const message =
      'over the limit since the first slice after the merge, and there is no data from before it to compare with';
    return { outcome: 'hold', reason: say('baseline_missing', message), onset };
  }
  return { outcome: 'breach', reason: say('slo_breached', breachMessage(metric, look)), onset, decidedAt };
}

function breachMessage(metric: CountMetric, { kind, evidence, lower }: Look): string {
  const { bad, requests, from, to } = evidence ?? pool([]);
  const what = metric.source === 'histogram' ? 'slow' : 'bad';
  const share = `${percent(bad / requests)} ${what} (${significant(bad)} of ${significant(requests)} requests) in ${minutes(to - from)}`;
  const how = kind === 'fast' ? `, ${significant(bad / requests / metric.limit)} times the limit` : '';
  return `${share}, over the limit of ${percent(metric.limit)}${how}; at least ${percent(lower)} are proved`;
}

/** The first look that proves a breach, as a watch that looks after every slice sees it. */
export function firstBreach(watch: readonly CountSlice[], rule: CountRule): { look: Look; index: number } | undefined {
  let known = 0;
  for (const [index, slice] of watch.entries()) {
    if (slice.counts.kind === 'value') known++;
    if (known < RULE.leastCoverage * (index + 1)) continue;
    const look = lookAt(watch, index, rule);
    if (look.kind === 'proved' || look.kind === 'fast') return { look, index };
  }
  return undefined;
}

/** The last max(5 minutes, 3 bins) together are under the limit. */
function recovered(watch: readonly CountSlice[], rule: CountRule): boolean {
  const recent: Bin[] = [];
  for (const bin of binsBackwards(watch, watch.length - 1, RULE.badPerBin / rule.limit)) {
    recent.push(bin);
    const all = pool(recent);
    if (recent.length >= RULE.leastBins && all.to - all.from >= RULE.leastSeconds)
      return all.bad <= all.requests * rule.limit;
  }
  return false;
}

/** Why the objective was broken before the merge already. */
function preexisting({ metric, slices, rule }: Case, onset: number | undefined): string | undefined {
  const { baseline, watch } = slices;
  const whole = poolSlices(baseline);
  if (whole !== undefined && whole.requests > 0) {
    const over = overShare(baseline, rule);
    if (over >= 0.2 && whole.bad > whole.requests * metric.limit) {
      return `${percent(whole.bad / whole.requests)} in the two hours before the merge, over the limit of ${percent(metric.limit)} already`;
    }
  }
  const recent = [...baseline.keys()].slice(-30);
  if (recent.some((index) => ['proved', 'fast'].includes(lookAt(baseline, index, rule).kind)))
    return `in breach before the merge already, in the half hour before it`;
  const start = watch[0];
  const mergeAt = start === undefined ? undefined : start.end - start.seconds;
  const lastOfBaseline = lookAt(baseline, baseline.length - 1, rule);
  if (
    onset !== undefined &&
    mergeAt !== undefined &&
    onset < mergeAt - 2 * (start?.seconds ?? 0) &&
    lastOfBaseline.kind !== 'clear'
  )
    return `over the limit since about ${clock(onset)}, which is before the merge`;
  return undefined;
}

function overShare(slices: readonly CountSlice[], rule: CountRule): number {
  const bins = [...binsBackwards(slices, slices.length - 1, RULE.badPerBin / rule.limit)];
  return bins.length === 0 ? 0 : bins.filter((bin) => bin.bad > bin.requests * rule.limit).length / bins.length;
}

function startsBroken(watch: readonly CountSlice[], look: Look): boolean {
  const first = watch[0];
  return first !== undefined && (look.evidence?.from ?? Infinity) <= first.end;
}

function passOrHold({ metric, slices, rule, moment, last }: Case, whole: Bin | undefined, say: Say): Decision {
  const elapsed = moment.now - moment.mergedAt;
  const closed = elapsed >= moment.windowSeconds;
  const hold = (code: ReasonCode, message: string): Decision => ({ outcome: 'hold', reason: say(code, message) });
  if (whole === undefined || whole.requests === 0) return hold('window_open', 'no slice has closed yet');
  if (last.kind === 'little_traffic') {
    const expected = requestsPerMinute(last.evidence ?? whole) * metric.limit;
    return hold(
      'too_little_traffic',
      `over the limit of ${percent(metric.limit)}, but with ${significant(expected)} bad requests a minute at the limit, under ${RULE.trafficFloor}, chance looks the same`,
    );
  }
  const suspicious = suspicion(slices.watch, rule);
  const upper = upperBound(whole, rule);
  if (upper < metric.limit && suspicious === undefined) {
    if (elapsed >= moment.minWindowSeconds) return { outcome: 'pass', reason: undefined };
    return hold(
      'window_open',
      `under the limit so far (at most ${percent(upper)}); watched until ${clock(moment.mergedAt + moment.minWindowSeconds)} at least`,
    );
  }
  const why =
    suspicious ??
    `${percent(whole.bad / whole.requests)} of ${significant(whole.requests)} requests were bad, which proves no more than at most ${percent(upper)}, against a limit of ${percent(metric.limit)}`;
  if (closed && requestsPerMinute(whole) * metric.limit < RULE.trafficFloor) return hold('too_little_traffic', why);
  return closed ? hold('unproven', `the window has closed: ${why}`) : hold('window_open', `not proved yet: ${why}`);
}

/** A recent stretch that is over the limit, though not proved a breach: no pass while it lasts. */
function suspicion(watch: readonly CountSlice[], rule: CountRule): string | undefined {
  const stretch: Bin[] = [];
  for (const bin of binsBackwards(watch, watch.length - 1, RULE.badPerBin / rule.limit)) {
    stretch.push(bin);
    const all = pool(stretch);
    const seconds = all.to - all.from;
    if (seconds > RULE.longestSeconds) return undefined;
    const trials = effectiveRequests(all.requests, seconds, rule.limit, rule.variation);
    const excess = all.bad / all.requests - rule.limit;
    const deviation = Math.sqrt((rule.limit * (1 - rule.limit)) / trials);
    if (seconds >= RULE.leastSeconds && excess > RULE.zPass * deviation) {
      return `${percent(all.bad / all.requests)} in the last ${minutes(seconds)}, over the limit of ${percent(rule.limit)}`;
    }
  }
  return undefined;
}

function upperBound(whole: Bin, rule: CountRule): number {
  const trials = effectiveRequests(whole.requests, whole.to - whole.from, rule.limit, rule.variation);
  return whole.requests === 0 ? 1 : wilsonUpper((whole.bad / whole.requests) * trials, trials, RULE.zPass);
}

/** Every bin of the watch, oldest first. */
function binsOf(watch: readonly CountSlice[], rule: CountRule): Bin[] {
  return [...binsBackwards(watch, watch.length - 1, RULE.badPerBin / rule.limit)].toReversed();
}

function constantNote(name: string, traffic: number): Reason {
  const message = `exactly ${significant(traffic)} requests in every slice: that is a prober or a recorded constant, not people`;
  return { code: 'constant_traffic', message, subject: name };
}
