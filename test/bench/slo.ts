import { judgeCounts, type CountMetric, type CountSlice, type MetricJudgement } from '@obsgate/core/slo';
import type { BenchRow } from './rows.ts';
import { firstLook, INCUMBENTS, type RuleUnderTest } from './slo-rules.ts';
import { faultRows } from './slo-faults.ts';
import { BEFORE_NAMES, BROKEN_NAMES, HEALTHY_NAMES, MERGED_AT, scenario, type Scenario } from './slo-scenarios.ts';

/** Bad requests a minute that the limit allows, drawn from these bands. */
const BANDS = [
  { name: 'under 2', loads: [0.3, 0.8, 1.2] },
  { name: '2 to 5', loads: [2.6, 3.5, 4.5] },
  { name: '5 to 10', loads: [5.5, 7, 9] },
  { name: '10 to 50', loads: [11, 20, 40] },
  { name: 'over 50', loads: [60, 200] },
] as const;

/** Where the data suffice for the full promise. */
const FULL: ReadonlySet<string> = new Set(['10 to 50', 'over 50']);

/** Of each kind of scenario and load; `OBSGATE_BENCH_SLO=100` makes figures of a tenth of a per cent meaningful. */
const ROUNDS = Number(process.env['OBSGATE_BENCH_SLO'] ?? 12);

type Answer = 'breach' | 'hold' | 'pass';
type Matrix = Record<'healthy' | 'broken' | 'before', Record<Answer, number>>;

type Tally = { readonly matrix: Matrix; readonly delays: number[]; readonly fastDelays: number[] };

/** How often each rule is right, by band of traffic: ours and those of other tools, on the same scenarios. */
export async function sloBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const rules: Readonly<Record<string, RuleUnderTest>> = { obsgate: firstLook, ...INCUMBENTS };
  for (const band of BANDS) {
    const tallies = new Map(Object.keys(rules).map((name) => [name, emptyTally()]));
    for (const [index, load] of band.loads.entries()) {
      for (const item of scenarios(load, index)) {
        for (const [name, rule] of Object.entries(rules))
          count(tallies.get(name) ?? emptyTally(), item, rule(item), name === 'obsgate');
      }
    }
    for (const [name, tally] of tallies) {
      print(band.name, name, tally);
      rows.push(...rowsOf(band.name, name, tally));
    }
  }
  return [...rows, ...faultRows(ROUNDS)];
}

function* scenarios(load: number, salt: number): Generator<Scenario> {
  for (const [index, name] of [...HEALTHY_NAMES, ...BROKEN_NAMES, ...BEFORE_NAMES].entries()) {
    for (let round = 0; round < ROUNDS; round++) {
      const item = scenario(name, load, ((salt * 100 + index) * 10_000 + round) * 97 + Math.round(load * 10));
      // Traffic that shrinks on its way leaves the band; such a window belongs to another one.
      if (sameBand(load, item)) yield item;
    }
  }
}

function sameBand(load: number, { watch, limit, truth }: Scenario): boolean {
  if (truth.kind !== 'broken') return true;
  const after = watch.slice(Math.floor(truth.onset), Math.floor(truth.onset) + 30);
  const known = after.flatMap(({ counts }) => (counts.kind === 'value' ? [counts.requests] : []));
  const rate = (known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)) * limit;
  return rate >= 2 === load >= 2 && rate >= 10 === load >= 10;
}

/** A rule that never acts lets the change pass; ours says at its deadline whether it proved that. */
function count(tally: Tally, item: Scenario, at: number | undefined, judge: boolean): void {
  const answer = judge ? answerOf(item, at) : at === undefined ? 'pass' : 'breach';
  tally.matrix[item.truth.kind][answer]++;
  if (answer !== 'breach' || at === undefined || item.truth.kind !== 'broken') return;
  const delay = at + 1 - item.truth.onset;
  // Found before it was broken: right by chance, and no delay.
  if (delay <= 0) return;
  tally.delays.push(delay);
  if (item.name === 'outage') tally.fastDelays.push(delay);
}

function answerOf(item: Scenario, at: number | undefined): Answer {
  const { outcome } = judged(item, item.watch.slice(0, (at ?? item.watch.length - 1) + 1));
  if (outcome === 'error') throw new Error('a scenario has no errors');
  return outcome;
}

function judged(item: Scenario, watch: readonly CountSlice[]): MetricJudgement {
  const now = (watch.at(-1)?.end ?? MERGED_AT) + 30;
  const moment = { mergedAt: MERGED_AT, now, windowSeconds: 7200, minWindowSeconds: 1800 };
  return judgeCounts(metricOf(item.limit), { baseline: item.baseline, watch }, moment);
}

function metricOf(limit: number): CountMetric {
  const range = { rangeSeconds: 60, scale: { bad: 1, total: 1 } };
  const common = { name: 'errors', onMissing: 'hold', forMs: undefined, queries: {}, notes: [] } as const;
  return { ...common, ...range, kind: 'counts', source: 'ratio', limit };
}

function emptyTally(): Tally {
  const none = (): Record<Answer, number> => ({ breach: 0, hold: 0, pass: 0 });
  return { matrix: { healthy: none(), broken: none(), before: none() }, delays: [], fastDelays: [] };
}

type Figures = { readonly falseBreach: number; readonly found: number; readonly decided: number };

/** A change that was not to blame must not be reverted, so a breach that was there before counts as false. */
function figures({ matrix: { healthy, broken, before } }: Tally): Figures {
  const harmless = total(healthy) + total(before);
  const right = healthy.pass + broken.breach;
  const decided = right + healthy.breach + before.breach + broken.pass;
  return {
    falseBreach: percentOf(healthy.breach + before.breach, harmless),
    found: percentOf(broken.breach, total(broken)),
    decided: percentOf(right, decided),
  };
}

function rowsOf(band: string, name: string, tally: Tally): BenchRow[] {
  const bench = `slo, ${band} a minute`;
  const { falseBreach, found, decided } = figures(tally);
  const ours = name === 'obsgate';
  const goal = (value: number): { goal?: number } => (ours && band !== 'under 2' ? { goal: value } : {});
  const rows: BenchRow[] = [
    {
      bench,
      name: `${name}: false breaches (hold is none)`,
      value: falseBreach,
      unit: '%',
      ...(FULL.has(band) ? goal(0.1) : {}),
    },
    { bench, name: `${name}: sustained breaches found`, value: found, unit: '%' },
    { bench, name: `${name}: right among decided`, value: decided, unit: '%' },
  ];
  if (tally.delays.length > 0)
    rows.push({
      bench,
      name: `${name}: onset to decision, median`,
      value: middle(tally.delays),
      unit: 'minutes',
      ...goal(7),
    });
  if (tally.fastDelays.length > 0)
    rows.push({
      bench,
      name: `${name}: the same, outages`,
      value: middle(tally.fastDelays),
      unit: 'minutes',
      ...goal(3),
    });
  return rows;
}

function print(band: string, name: string, { matrix }: Tally): void {
  const line = (truth: keyof Matrix): string => {
    const { breach, hold, pass } = matrix[truth];
    return `${truth} ${breach}/${hold}/${pass}`;
  };
  console.log(
    `${band.padEnd(10)} ${name.padEnd(20)} breach/hold/pass: ${line('healthy')}, ${line('broken')}, ${line('before')}`,
  );
}

function total(row: Record<Answer, number>): number {
  return row.breach + row.hold + row.pass;
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
